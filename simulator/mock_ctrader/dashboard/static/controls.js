// What an operator does to a plant: each control is one request to the admin API.

import { below, get, Latest, post, put, Refused, remove } from "./api.js";
import { element } from "./diagram.js";

const FROZEN = "unavailable times=always"; // a fault that the catalogue has: 503 to every call of the broker
const by = (id) => document.getElementById(id);
const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

export class Controls {
  #plant = "";
  #changed;
  #scenarios = new Map();
  #faults = new Map();
  #frozen = null; // the number of the armed fault
  #isOffered = false;
  #asked = new Latest();
  #items = new Map(); // what is armed, as it stands on the page

  /** @param {{changed: () => void, renewed: () => void}} changed told after a change, and after the plant was made anew */
  constructor(changed) {
    this.#changed = changed;
    this.#form("run", () => this.#run());
    this.#form("arm", () => this.#arm());
    this.#form("time", (how) => this.#setClock(how));
    this.#form("revoke", (how) => this.#revoke(how));
    this.#button("freeze", () => (this.#frozen === null ? this.#freeze() : this.#thaw()));
    this.#button("thaw", () => this.#thaw());
    this.#button("reset", () => this.#reset());
    by("restore").addEventListener("change", () => this.#guarded(by("plant-controls"), () => this.#restore()));
    by("scenario").addEventListener("change", () => this.#aboutScenario());
    by("fault").addEventListener("change", () => this.#aboutFault());
  }

  async open(plant) {
    this.#plant = plant;
    for (const said of document.querySelectorAll(".said")) said.textContent = "";
    for (const [id, what] of Object.entries(DOWNLOADS)) {
      by(id).href = `/_mock/${below(plant, what)}`;
      by(id).download = `${plant}-${what}${what.includes(".") ? "" : ".json"}`;
    }
    await this.refresh();
  }

  /** Load once what the lists offer. */
  async offer() {
    if (!this.#plant || this.#isOffered) return;
    this.#isOffered = true;
    const asked = Promise.all([get("scenarios"), get(below(this.#plant, "faults/known"))]);
    const [{ scenarios }, { faults }] = await asked.catch((error) => {
      this.#isOffered = false;
      throw error;
    });
    this.#scenarios = new Map(scenarios.map((one) => [one.name, one]));
    this.#faults = new Map(faults.map((one) => [one.name, one]));
    by("scenario").replaceChildren(...scenarios.map((one) => new Option(one.name, one.name)));
    by("fault").replaceChildren(...faults.map((one) => new Option(one.name, one.name)));
    this.#aboutScenario();
    this.#aboutFault();
  }

  /** Ask what the clock shows and what is armed. */
  async refresh() {
    if (!this.#plant) return;
    const isLate = this.#asked.ask();
    const [clock, { faults }] = await Promise.all([get("clock"), get(below(this.#plant, "faults"))]);
    if (isLate()) return;
    const isVirtual = clock.clock === "virtual";
    by("clock").textContent = `${clock.iso.slice(0, 19).replace("T", " ")} UTC${isVirtual ? " (virtual)" : ""}`;
    by("time-kind").textContent = isVirtual
      ? `The clock is virtual: it can be moved on, never back.`
      : "The clock is the machine's own and cannot be set: start the simulator with --clock virtual.";
    by("time-fields").disabled = !isVirtual;
    this.#showArmed(faults);
  }

  #form(id, act) {
    by(id).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#guarded(by(id), () => act(event.submitter?.value ?? ""));
    });
  }

  #button(id, act) {
    by(id).addEventListener("click", () => this.#guarded(by("plant-controls"), act));
  }

  /** Do something, and say in its panel what came of it. */
  async #guarded(panel, act) {
    const place = panel.querySelector(".said") ?? by("ran");
    const buttons = [...panel.querySelectorAll("button")].filter((button) => !button.disabled);
    for (const button of buttons) button.disabled = true;
    try {
      const said = await act();
      if (typeof said === "string") place.replaceChildren(element("span", "message ok", said));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      place.replaceChildren(element("span", "message breach", error.message));
    } finally {
      for (const button of buttons) button.disabled = false;
    }
    await this.refresh().catch(() => {});
    this.#changed.changed();
  }

  #aboutScenario() {
    const one = this.#scenarios.get(by("scenario").value);
    by("about-scenario").textContent = one ? `${one.purpose} ${one.follows ? `(${one.follows})` : ""}` : "";
  }

  #aboutFault() {
    const one = this.#faults.get(by("fault").value);
    by("about-fault").textContent = one ? `At ${one.side}. ${one.meaning}` : "";
    const all = new Option("every one that it can strike", "");
    by("strikes").replaceChildren(all, ...(one?.strikes ?? []).map((name) => new Option(name, name)));
  }

  async #run() {
    const said = Object.fromEntries(new FormData(by("run")));
    by("ran").replaceChildren(element("p", "muted", `${said.scenario} is being played ...`));
    const wanted = await get(`scenarios/${encodeURIComponent(said.scenario)}`);
    const overrides = lines(said.overrides).map((line) => {
      const at = line.indexOf("=");
      if (at < 1) throw new Refused(`'${line}' is no override: write name=value, as in trader.country=DE.`);
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
    const report = await post(below(this.#plant, "runs"), {
      ...wanted,
      overrides: Object.fromEntries(overrides),
      faults: lines(said.faults),
      ...(said.seed ? { seed: Number(said.seed) } : {}),
      ...(said.edition ? { edition: said.edition } : {}),
    });
    this.#showReport(report);
  }

  #showReport(report) {
    const { counts } = report;
    const told = `${counts.exchanges} exchanges, ${counts.screens} screens, ${counts.violations} violations, ${counts.notes} notes`;
    const result = element("p", `message ${report.passed ? "ok" : "breach"}`);
    result.append(
      element("strong", "", `${report.journey}: ${report.passed ? "passed" : "failed"}`),
      element("span", "", ` in ${report.seconds.toFixed(1)} s. ${told}.`),
    );
    const timeline = report.lines.map((line) => line.map(([text]) => text).join("")).join("\n");
    const folded = element("details");
    folded.append(element("summary", "", "Timeline"), element("pre", "timeline", timeline));
    by("ran").replaceChildren(result, ...(report.failure ? [element("pre", "failure", report.failure)] : []), folded);
  }

  async #arm() {
    const said = Object.fromEntries(new FormData(by("arm")));
    const more = said.more.trim();
    const rest = more && !more.startsWith("@") ? ` ${more}` : more;
    const rule = `${said.fault}${said.endpoint ? `:${said.endpoint}` : ""}${rest}`;
    const armed = await post(below(this.#plant, "faults"), { rule });
    return `Armed as number ${armed.number}: ${armed.rule}`;
  }

  #showArmed(faults) {
    this.#frozen = faults.find((one) => one.rule === FROZEN)?.number ?? null;
    by("frozen").hidden = this.#frozen === null;
    by("freeze").textContent = this.#frozen === null ? "Freeze" : "Unfreeze";
    // What is there already stays where it is: somebody may be pressing its button.
    const before = this.#items;
    const key = (one) => `${this.#plant} ${one.number} ${one.rule}`;
    this.#items = new Map(faults.map((one) => [key(one), before.get(key(one)) ?? this.#armedItem(one)]));
    for (const one of faults)
      this.#items.get(key(one)).querySelector(".muted").textContent = `struck ${one.struck} of ${one.seen} calls`;
    if ([...this.#items.keys()].join() === [...before.keys()].join() && by("armed").firstChild) return;
    const items = [...this.#items.values()];
    by("armed").replaceChildren(...(items.length ? items : [element("li", "muted", "Nothing is armed.")]));
  }

  #armedItem(one) {
    const item = element("li");
    const button = element("button", "", "Disarm");
    button.type = "button";
    button.setAttribute("aria-label", `Disarm ${one.rule}`);
    button.addEventListener("click", () =>
      this.#guarded(by("arm"), async () => {
        await remove(below(this.#plant, `faults/${one.number}`));
        return `Disarmed: ${one.rule}`;
      }),
    );
    item.append(element("code", "", one.rule), element("span", "muted"), button);
    return item;
  }

  async #setClock(how) {
    const { advance, moment } = by("time").elements;
    if (how === "now" && !moment.value) throw new Refused("Say the moment.");
    const wanted = how === "now" ? { now: Date.parse(`${moment.value}Z`) } : { advance: advance.value.trim() };
    const clock = await put("clock", wanted);
    return `It is ${clock.iso}.`;
  }

  async #revoke(how) {
    const number = by("revoke").elements[how].value.trim();
    if (!number) throw new Refused("Say whose.");
    if (how === "manager") {
      const said = await post(below(this.#plant, `managers/${encodeURIComponent(number)}/revoke`));
      return `Manager ${said.login}: the token opens nothing any more.`;
    }
    const said = await post(below(this.#plant, `users/${encodeURIComponent(number)}/logout`));
    return `User ${said.userId}: ${said.sessionsEnded} sessions ended.`;
  }

  async #freeze() {
    await post(below(this.#plant, "faults"), { rule: FROZEN });
    return "Frozen.";
  }

  async #thaw() {
    await remove(below(this.#plant, `faults/${this.#frozen}`));
    return "The plant answers again.";
  }

  async #reset() {
    if (!(await this.#agreed("Reset the plant?", "All that is on it is forgotten, and its journal too.", "Reset"))) return;
    await post(below(this.#plant, "reset"));
    this.#changed.renewed();
    return "The plant is as on its first day.";
  }

  async #restore() {
    const [file] = by("restore").files;
    if (!file) return;
    const ask = `All that is on it is replaced by ${file.name}; its journal goes on.`;
    const isWanted = await this.#agreed("Restore the plant?", ask, "Restore");
    if (isWanted) await put(below(this.#plant, "snapshot"), file);
    by("restore").value = "";
    return isWanted ? `Restored from ${file.name}.` : undefined;
  }

  #agreed(title, text, yes) {
    const dialog = by("ask");
    by("ask-title").textContent = title;
    by("ask-text").textContent = text;
    by("ask-yes").textContent = yes;
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((resolve) =>
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }),
    );
  }
}

const DOWNLOADS = {
  snapshot: "snapshot",
  "journal-json": "journal",
  "journal-har": "journal.har",
  "journal-txt": "journal.txt",
};
