// The window with a screen of the CRM: inside the application, or a window of its own.
import { $, el, fill } from "./app_dom.js";

const FEATURES = "popup,width=520,height=760";
const WATCH = 500; // milliseconds between two looks whether the person closed the window

export class CrmWindow {
  /** `openAgain` has the application open the screen anew: the token in its address may be spent. */
  constructor(goBack, openAgain) {
    this.goBack = goBack;
    this.openAgain = openAgain;
    this.mode = "frame";
    this.number = 0;
    this.popup = null;
    this.opener = null;
    for (const id of ["window-back", "window-close"]) $(id).addEventListener("click", goBack);
    $("window-out").addEventListener("click", () => this.move("popup"));
    $("window").addEventListener("keydown", (event) => {
      if (event.key === "Escape") goBack();
    });
    setInterval(() => this.look(), WATCH);
  }

  show(shown) {
    if (shown === null) return this.hide();
    if (shown.number !== this.number) this.open(shown);
    const framing = this.popup || !shown.framing ? "" : `The CRM keeps others from framing this page: ${shown.framing}. Show it in a window of its own.`;
    $("window-framing").hidden = !framing;
    $("window-framing").textContent = framing;
    return undefined;
  }

  open(shown) {
    this.closePopup();
    if (this.number === 0) this.opener = document.activeElement;
    this.number = shown.number;
    this.address = shown.address;
    this.name = shown.name;
    $("window-title").textContent = shown.name;
    $("window").hidden = false;
    $("app-scroll").inert = true; // as behind any window that must be closed first
    $("window").dataset.kind = shown.kind;
    if (this.mode === "popup") this.openOutside();
    else this.frame();
    $("window-title").focus({ preventScroll: true });
  }

  frame() {
    $("window-out").hidden = false;
    fill($("window-page"), el("iframe", { title: this.name, src: this.address, referrerPolicy: "no-referrer" }));
  }

  openOutside() {
    this.popup = window.open(this.address, "mock-ctrader-screen", FEATURES);
    const text = this.popup ? "The screen is open in a window of its own." : "The browser did not open a window.";
    const again = this.popup ? null : el("button", { type: "button", on: { click: () => this.openOutside() } }, "Open it");
    const inside = el("button", { type: "button", on: { click: () => this.move("frame") } }, "Show it here");
    fill($("window-page"), el("div", { class: "outside" }, el("p", {}, text), el("div", { class: "tools" }, again, inside)));
    $("window-out").hidden = true;
    $("window-framing").hidden = true;
  }

  move(mode) {
    this.mode = mode;
    this.closePopup();
    this.openAgain();
  }

  hide() {
    if (this.number === 0) return;
    this.closePopup();
    this.number = 0;
    $("window").hidden = true;
    $("app-scroll").inert = false;
    fill($("window-page"));
    if (this.opener?.isConnected) this.opener.focus({ preventScroll: true });
  }

  closePopup() {
    const popup = this.popup;
    this.popup = null;
    popup?.close();
  }

  look() {
    if (this.popup?.closed) {
      this.popup = null;
      this.goBack();
    }
  }
}
