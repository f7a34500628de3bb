// The dashboard: which plant, which view, and the keys.

import { get, Latest, Refused } from "./api.js";
import { Controls } from "./controls.js";
import { showDetails } from "./details.js";
import { Diagram } from "./diagram.js";
import { Filters } from "./filters.js";
import { Live } from "./live.js";
import { StateBrowser } from "./state.js";

const LOOK_AGAIN = 5000; // milliseconds between looks at clock and faults
const by = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString("en");

const diagram = new Diagram(by("diagram"), { onSelect: (row) => open(row.number), onDraw: tellCounts });
const filters = new Filters(by("filter"), (predicate) => diagram.show(predicate));
const browser = new StateBrowser();
const controls = new Controls({ changed: () => {}, renewed: () => closeDetails() });
let before = 0; // exchanges that were there before this page looked
let missed = 0;
let opened = 0; // how often details were opened or closed: an answer that comes after the next time is not wanted
const plantsAsked = new Latest();

const live = new Live({
  start: (said) => {
    diagram.clear();
    filters.clear();
    diagram.show(filters.predicate);
    before = said.before;
    missed = 0;
    tellCounts();
  },
  rows: (rows) => {
    filters.learn(rows);
    diagram.append(rows);
  },
  missed: (said) => {
    missed += said.count;
    tellCounts();
  },
  state: (state) => {
    const badge = by("connection");
    badge.textContent = state;
    badge.className = `badge ${state === "live" ? "ok" : state === "gone" ? "breach" : "note"}`;
  },
});

function tellCounts() {
  const total = diagram.count + before + missed;
  const notShown = diagram.hidden + before;
  const parts = [`${number(diagram.shown)} of ${number(total)} exchanges shown`];
  if (notShown) parts.push(`${number(notShown)} earlier ones hidden`);
  if (missed) parts.push(`${number(missed)} missed: they came while this page was not listening`);
  by("counts").textContent = parts.join(" · ");
  by("counts").dataset.total = String(total);
  by("empty").hidden = total > 0;
}

const plant = () => by("plant").value;

async function follow() {
  closeDetails();
  const name = plant();
  history.replaceState(null, "", `?plant=${encodeURIComponent(name)}${location.hash}`);
  live.follow(name);
  await Promise.all([controls.open(name), show(location.hash.slice(1))]);
}

async function open(which) {
  const mine = ++opened;
  diagram.select(which);
  by("details").closest(".split").classList.add("has-details");
  const isShown = await showDetails(by("details"), plant(), which, closeDetails, () => mine === opened);
  if (isShown) by("details").focus();
}

function closeDetails() {
  opened += 1;
  by("details").hidden = true;
  by("details").closest(".split").classList.remove("has-details");
  diagram.move(0);
}

const TABS = ["exchanges", "state", "controls"];

async function show(wanted) {
  const chosen = TABS.includes(wanted) ? wanted : TABS[0];
  for (const name of TABS) {
    by(`view-${name}`).hidden = name !== chosen;
    by(`tab-${name}`).setAttribute("aria-selected", String(name === chosen));
    by(`tab-${name}`).tabIndex = name === chosen ? 0 : -1;
  }
  if (chosen === "state") await browser.open(plant());
  if (chosen === "controls") await controls.offer();
}

for (const name of TABS) by(`tab-${name}`).addEventListener("click", () => (location.hash = name));
window.addEventListener("hashchange", () => guarded(show(location.hash.slice(1))));
document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const at = TABS.findIndex((name) => by(`tab-${name}`) === document.activeElement);
  if (!step || at < 0) return;
  const next = TABS[(at + step + TABS.length) % TABS.length];
  by(`tab-${next}`).focus();
  location.hash = next;
});

const KEYS = {
  j: () => diagram.move(1),
  ArrowDown: () => diagram.move(1),
  k: () => diagram.move(-1),
  ArrowUp: () => diagram.move(-1),
  End: () => diagram.toEnd(),
  Enter: () => diagram.selected !== null && guarded(open(diagram.selected)),
  Escape: () => closeDetails(),
  "/": () => filters.focus(),
  "?": () => by("keys").showModal(),
  t: () => by("theme").click(),
};
const OF_EXCHANGES = new Set(["j", "k", "ArrowDown", "ArrowUp", "End", "Enter"]);

document.addEventListener("keydown", (event) => {
  const act = KEYS[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const at = document.activeElement;
  if (event.key === "Escape" && at.matches("input, select, textarea")) return at.blur();
  if (at.matches("input, select, textarea, summary, pre")) return;
  if (at.matches("button, a") && event.key === "Enter") return; // they know what to do
  if (OF_EXCHANGES.has(event.key) && (by("view-exchanges").hidden || by("details").contains(at) && event.key.length > 1)) return;
  event.preventDefault();
  act();
});
by("keys-button").addEventListener("click", () => by("keys").showModal());

async function guarded(work) {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    by("connection").textContent = error.message;
    by("connection").className = "badge breach";
  }
}

/** Offer the plants that there are; follow another one where the one that was looked at is gone. */
async function offerPlants(wanted) {
  const isLate = plantsAsked.ask();
  const names = (await get("plants")).plants.map((one) => one.name);
  if (isLate()) return;
  const select = by("plant");
  const known = [...select.options].map((option) => option.value);
  if (known.join("/") === names.join("/")) return;
  const before = wanted ?? select.value;
  select.replaceChildren(...names.map((name) => new Option(name, name)));
  if (names.includes(before)) select.value = before;
  if (before !== select.value || !known.length) await follow();
}

async function lookAgain() {
  await offerPlants();
  await controls.refresh();
}

async function start() {
  by("plant").addEventListener("change", () => guarded(follow()));
  await guarded(offerPlants(new URLSearchParams(location.search).get("plant")));
  setInterval(() => document.hidden || guarded(lookAgain()), LOOK_AGAIN);
  window.addEventListener("focus", () => guarded(lookAgain()));
  await guarded(lookAgain()); // the plant may have gone while it was looked at first
}

await start();
