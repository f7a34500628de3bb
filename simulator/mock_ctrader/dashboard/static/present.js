// A recorded session, presented: narration, the application, the CRM's page and the moving diagram.
// Everything comes from the record, so going back shows exactly what was shown before.

import { Diagram } from "./diagram.js";
import { drawApplication } from "./present_app.js";
import { drawExchange } from "./present_exchange.js";
import { drawPage } from "./present_page.js";

const ROW = 800; // milliseconds between two exchanges, at normal speed
const WORD = 260; // that a word of the narration takes
const LEAST = 1800; // that a stop takes

const at = (id) => document.getElementById(id);
const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Scroll a list, and nothing but the list, so far that one of its parts can be seen. */
function bringIntoView(list, part) {
  const [outer, inner] = [list.getBoundingClientRect(), part.getBoundingClientRect()];
  if (inner.top < outer.top) list.scrollTop -= outer.top - inner.top + 8;
  else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom + 8;
}

/** The stops of a session in one line: its opening, those of its journeys, its end. */
function stopsOf(session) {
  const own = session.journeys.flatMap((journey, number) =>
    journey.stops.map((stop) => ({ ...stop, journey, number })),
  );
  const bare = { rows: [], screens: [], app: null, journey: null, number: -1 };
  const first = { ...bare, kind: "opening", heading: session.title, say: session.introduction };
  const last = { ...bare, kind: "closing", heading: "The end", say: session.end, counts: session.counts };
  return [first, ...own, last];
}

class Player {
  #session;
  #stops = [];
  #at = 0;
  #shown = 0; // rows of this stop that stand in the diagram
  #playing = false;
  #timer = 0;
  #began = 0;
  #diagram;

  constructor() {
    this.#diagram = new Diagram(at("diagram"), { onSelect: (row) => this.#look(row), cap: 2000 });
    at("back").addEventListener("click", () => this.back());
    at("next").addEventListener("click", () => this.next());
    at("play").addEventListener("click", () => this.toggle());
    at("speed").addEventListener("change", () => this.#again());
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  open(session, stop = 0) {
    this.#session = session;
    this.#stops = stopsOf(session);
    at("title").textContent = session.title;
    at("audience").textContent = `For ${session.audience[0].toLowerCase()}${session.audience.slice(1)}`;
    document.title = `${session.title} – mock-ctrader`;
    at("progress").max = this.#stops.length - 1;
    this.#list();
    this.#goto(Math.min(Math.max(stop, 0), this.#stops.length - 1), true);
  }

  next() {
    if (this.#at < this.#stops.length - 1) this.#goto(this.#at + 1, false);
    else this.#pause();
  }

  back() {
    this.#pause();
    if (this.#at > 0) this.#goto(this.#at - 1, true);
  }

  toggle() {
    if (this.#playing) return this.#pause();
    if (this.#at === this.#stops.length - 1) this.#goto(0, true);
    this.#playing = true;
    this.#tellPlaying();
    if (this.#at === 0 || this.#shown === this.#stop.rows.length) this.#began = performance.now() - LEAST;
    this.#again();
  }

  setSpeed(speed) {
    const select = at("speed");
    if (![...select.options].some((one) => Number(one.value) === speed)) {
      select.append(new Option(`${speed}×`, String(speed)));
    }
    select.value = String(speed);
  }

  get #stop() {
    return this.#stops[this.#at];
  }

  get #speed() {
    return Number(at("speed").value) || 1;
  }

  #pause() {
    this.#playing = false;
    this.#tellPlaying();
  }

  #tellPlaying() {
    at("play").textContent = this.#playing ? "Pause" : "Play";
  }

  /** Show a stop: at once with all that happened in it, or with its exchanges one after the other. */
  #goto(stop, whole) {
    clearTimeout(this.#timer);
    const before = this.#at;
    at("exchange").hidden = true;
    this.#at = stop;
    this.#shown = whole || isCalm() ? this.#stop.rows.length : 0;
    this.#began = performance.now();
    if (stop === before + 1) {
      this.#diagram.append(this.#stops[before].rows);
      this.#diagram.append(this.#stop.rows.slice(0, this.#shown));
    } else {
      this.#diagram.clear();
      this.#diagram.append(this.#stops.slice(0, stop).flatMap((one) => one.rows));
      this.#diagram.append(this.#stop.rows.slice(0, this.#shown));
    }
    this.#tell();
    this.#draw();
    this.#remember();
    this.#again();
  }

  #again() {
    clearTimeout(this.#timer);
    const rows = this.#stop.rows.length;
    if (this.#shown < rows) {
      this.#timer = setTimeout(() => this.#row(), ROW / this.#speed);
    } else if (this.#playing) {
      const words = this.#stop.say.split(/\s+/).length;
      const left = this.#began + Math.max(LEAST, words * WORD) / this.#speed - performance.now();
      this.#timer = setTimeout(() => this.next(), Math.max(left, ROW / this.#speed));
    }
  }

  #row() {
    this.#diagram.append([this.#stop.rows[this.#shown]]);
    this.#shown += 1;
    this.#draw();
    this.#again();
  }

  #tell() {
    const stop = this.#stop;
    const of = stop.journey ? `Journey ${stop.number + 1} of ${this.#session.journeys.length}` : "The session";
    const step = stop.step ? `step ${stop.step}` : "";
    const who = stop.actor ? `${stop.actor}, ${stop.platform}` : "";
    at("where").textContent = [of, stop.journey?.title, step, who].filter(Boolean).join(" · ");
    at("heading").textContent = capital(stop.heading);
    at("narration").textContent = stop.say || `${capital(stop.actor)}: ${stop.heading}.`;
    this.#points(stop);
    at("failure").textContent = stop.failure ?? "";
    at("failure").hidden = !stop.failure;
    at("progress").value = this.#at;
    at("position").textContent = `${this.#at + 1} of ${this.#stops.length}`;
    at("back").disabled = this.#at === 0;
    at("next").disabled = this.#at === this.#stops.length - 1;
    if (this.#at === this.#stops.length - 1) this.#pause();
    for (const button of at("steps").querySelectorAll("button")) {
      if (Number(button.dataset.stop) === this.#at) {
        button.setAttribute("aria-current", "step");
        bringIntoView(at("steps"), button);
      } else button.removeAttribute("aria-current");
    }
  }

  #points(stop) {
    const texts = [...(stop.points ?? [])];
    if (stop.counts) {
      const { exchanges, screens, violations, notes } = stop.counts;
      texts.push(`${exchanges} exchanges, ${screens} screens, ${violations} violations of the contract, ${notes} notes`);
    }
    const made = texts.map((text) => Object.assign(document.createElement("li"), { textContent: text }));
    at("points").replaceChildren(...made);
    at("points").hidden = texts.length === 0;
  }

  /** Show the application and the page as they were when the last exchange in the diagram happened. */
  #draw() {
    const seen = this.#stops.slice(0, this.#at + 1);
    const isOver = this.#shown === this.#stop.rows.length;
    const actor = this.#stop.actor;
    const own = (one) => one.app && one.journey === this.#stop.journey && (!actor || one.actor === actor);
    const stands = (isOver ? seen : seen.slice(0, -1)).findLast(own);
    drawApplication(at("application"), stands?.app ?? null, this.#stop);
    const number = isOver ? Infinity : (this.#stop.rows[this.#shown - 1]?.number ?? 0);
    this.#page(number, seen.filter((one) => one.journey === this.#stop.journey), isOver ? stands : null);
  }

  #page(number, stops, stands) {
    const actor = this.#stop.actor;
    const visits = stops.flatMap((one) => (!actor || one.actor === actor ? one.screens : []));
    const last = visits.findLast((one) => one.number <= number) ?? null;
    const isClosed = Boolean(stands && last && !last.in_browser && stands.app.session !== "login screen" && last.leads);
    drawPage(at("crm"), last, { isClosed: isClosed || stands?.app.session === "none" });
  }

  /** Show what an exchange said, and the page if it was a visit to one. */
  #look(row) {
    this.#pause();
    const stop = this.#stops.find((one) => one.rows.includes(row));
    drawExchange(at("exchange"), row, stop.details[row.number], () => this.#close());
    const visit = stop.screens.find((one) => one.number === row.number);
    if (visit) drawPage(at("crm"), visit, { isClosed: false });
  }

  #close() {
    at("exchange").hidden = true;
    at("diagram").focus({ preventScroll: true });
  }

  #list() {
    const groups = new Map();
    this.#stops.forEach((stop, number) => {
      const key = stop.journey ? stop.number : stop.kind;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push([stop, number]);
    });
    at("steps").replaceChildren(...[...groups.values()].map((group) => this.#group(group)));
  }

  #group(group) {
    const item = document.createElement("li");
    const list = document.createElement("ol");
    for (const [stop, number] of group) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `quiet goto ${stop.kind}${stop.failure ? " breach" : ""}`;
      button.dataset.stop = String(number);
      button.textContent = stop.kind === "step" ? `${stop.step}. ${capital(stop.heading)}` : stop.heading;
      button.addEventListener("click", () => (this.#pause(), this.#goto(number, true)));
      const inner = document.createElement("li");
      inner.append(button);
      list.append(inner);
    }
    item.append(list);
    return item;
  }

  #key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("select, input, textarea, dialog")) return;
    const isButton = event.target.closest("button, a");
    const doing = {
      ArrowRight: () => this.next(),
      PageDown: () => this.next(),
      ArrowLeft: () => this.back(),
      PageUp: () => this.back(),
      Home: () => (this.#pause(), this.#goto(0, true)),
      End: () => (this.#pause(), this.#goto(this.#stops.length - 1, true)),
      " ": isButton ? null : () => this.toggle(),
    }[event.key];
    if (!doing) return;
    event.preventDefault();
    doing();
  }

  #remember() {
    try {
      history.replaceState(null, "", `#${this.#session.name}:${this.#at}`);
    } catch {
      // a page that was opened from a file may not be allowed to: it then begins anew when it is loaded again
    }
  }
}

async function load() {
  const block = at("sessions-data");
  if (block) return JSON.parse(block.textContent);
  const answer = await fetch("/_mock/present/sessions.json");
  if (!answer.ok) throw new Error(`The session could not be loaded (${answer.status}).`);
  return answer.json();
}

function choose(player, sessions, start) {
  const select = at("session");
  select.replaceChildren(...sessions.map((one) => new Option(one.title, one.name)));
  select.value = start;
  select.addEventListener("change", () => player.open(sessions.find((one) => one.name === select.value)));
  at("choice").hidden = sessions.length < 2;
}

try {
  const { sessions, speed } = await load();
  const [name, stop] = decodeURIComponent(location.hash.slice(1)).split(":");
  const first = sessions.find((one) => one.name === name) ?? sessions[0];
  const player = new Player();
  player.setSpeed(speed ?? 1);
  choose(player, sessions, first.name);
  player.open(first, first.name === name ? Number(stop) || 0 : 0);
} catch (error) {
  at("title").textContent = error.message;
}
