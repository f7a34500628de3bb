// The sequence diagram: exchanges between application, cTrader backend, CRM and screens, newest at the bottom.
// It stands alone: live pages, presented sessions, exported files and reference pages draw with it.

export const LANES = [
  ["app", "Application"],
  ["ctrader", "cTrader backend"],
  ["crm", "CRM"],
  ["screen", "Screens"],
];
const PLACES = Object.fromEntries(LANES.map(([name], at) => [name, at]));
const REMEMBERED = 10; // times the cap: what a filter finds again

/** Make an element with a class and text; text is never markup. */
export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

/** Milliseconds since 1970 as the time of day, UTC. */
export const timeOfDay = (moment) => new Date(moment).toISOString().slice(11, 23);

/** Milliseconds as a person says them. */
export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return "";
  return milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${Math.round(milliseconds / 1000)} s`;
}

/** What came of an exchange, as one word for style sheets: ok, note, breach, none. */
export function outcome(row) {
  if (row.violations > 0) return "breach";
  if (row.error || (row.status ?? 0) >= 500) return "breach";
  if (row.notes > 0 || (row.status ?? 0) >= 400) return "note";
  return row.status === null ? "none" : "ok";
}

/** What stands where the status does. */
export const statusOf = (row) => (row.error ? "no answer" : row.status === null ? "" : String(row.status));

/** A name for an exchange that matched nothing, too. */
export const nameOf = (row) => row.endpoint || row.target.split("?")[0] || "unmatched";

const sameJourney = (one, other) => one.journey === other.journey;
const sameStep = (one, other) => sameJourney(one, other) && one.step === other.step;

export class Diagram {
  #container;
  #list;
  #button;
  #onSelect;
  #onDraw;
  #cap;
  #items = []; // remembered rows in order of their numbers: {row, matches, node}
  #known = new Map(); // number -> item
  #count = 0;
  #selected = null;
  #matches = () => true;
  #isScheduled = false;
  #fresh = 0; // came since the last frame
  #pending = 0; // came while the reader was looking further up
  #sticks = true; // the reader is at the end, and stays there
  #isOther = false; // another filter was chosen since the last frame
  #shown = new Set();
  #matching = 0;

  /**
   * @param {HTMLElement} container gets the diagram; it scrolls where its style gives it a height
   * @param {{onSelect?: (row: object) => void, onDraw?: () => void, cap?: number}} options ``onDraw`` is called when
   *   the rows on the page have changed
   */
  constructor(container, { onSelect, onDraw, cap = 500 } = {}) {
    this.#container = container;
    this.#onSelect = onSelect ?? (() => {});
    this.#onDraw = onDraw ?? (() => {});
    this.#cap = cap;
    container.classList.add("diagram");
    this.#list = element("ol", "exchanges");
    this.#list.setAttribute("aria-label", "Exchanges");
    this.#button = element("button", "primary newer");
    this.#button.type = "button";
    this.#button.hidden = true;
    this.#button.addEventListener("click", () => this.toEnd());
    container.append(this.#lanes(), this.#list, this.#button);
    container.addEventListener("scroll", () => this.#look(), { passive: true });
    new ResizeObserver(() => this.#sticks && this.#scrollDown()).observe(container); // shown again, or of another size
    this.#list.addEventListener("click", (event) => {
      const node = event.target.closest(".exchange");
      if (node) this.#choose(this.#known.get(Number(node.dataset.number)), true);
    });
  }

  /** How many exchanges were ever appended. */
  get count() {
    return this.#count;
  }

  /** How many of those stand on the page. */
  get shown() {
    return this.#shown.size;
  }

  /** How many that the filter lets through, or that were forgotten, do not stand on the page for want of room. */
  get hidden() {
    return this.#matching - this.#shown.size - this.#pending - this.#fresh + this.forgotten;
  }

  /** How many are too old to be remembered: a filter does not find them again. */
  get forgotten() {
    return this.#count - this.#items.length;
  }

  /** The rows that are remembered. */
  get rows() {
    return this.#items.map((item) => item.row);
  }

  get selected() {
    return this.#selected;
  }

  /** Add exchanges; one whose number is known already is not added again. They are drawn with the next frame. */
  append(rows) {
    for (const row of rows) this.#add(row);
    if (rows.length) this.#schedule();
  }

  /** Forget everything. */
  clear() {
    this.#items = [];
    this.#known.clear();
    this.#shown.clear();
    this.#list.replaceChildren();
    this.#count = this.#matching = this.#pending = this.#fresh = 0;
    this.#sticks = true;
    this.#selected = null;
    this.#tellPending();
    this.#onDraw();
  }

  /** Show those rows alone for which the predicate holds. */
  show(predicate) {
    this.#matches = predicate;
    for (const item of this.#items) item.matches = predicate(item.row);
    this.#matching = this.#items.reduce((sum, item) => sum + (item.matches ? 1 : 0), 0);
    this.#pending = this.#fresh = 0;
    this.#isOther = true;
    this.#schedule();
  }

  /** Select an exchange by its number and bring it into view; nothing happens where it is not on the page. */
  select(number) {
    this.#choose(this.#known.get(number), false);
  }

  /** Go so many exchanges down (or up, if negative) from the selected one; to the last one if none is selected. */
  move(by) {
    const on = this.#items.filter((item) => this.#shown.has(item));
    if (!on.length) return;
    const at = on.findIndex((item) => item.row.number === this.#selected);
    const to = at < 0 ? on.length - 1 : Math.min(Math.max(at + by, 0), on.length - 1);
    this.#choose(on[to], false);
    on[to].node.querySelector(".exchange").focus({ preventScroll: true });
  }

  /** Go to the newest exchange, and stay there. */
  toEnd() {
    this.#pending = this.#fresh = 0;
    this.#sticks = true;
    this.#isOther = false;
    this.#draw();
    this.#scrollDown();
    this.#onDraw();
  }

  #add(row) {
    if (this.#known.has(row.number)) return;
    const item = { row, matches: this.#matches(row), node: null };
    this.#count += 1;
    this.#matching += item.matches ? 1 : 0;
    let at = this.#items.length; // exchanges come when they are over, and stand where they began
    while (at > 0 && this.#items[at - 1].row.number > row.number) at -= 1;
    this.#items.splice(at, 0, item);
    this.#known.set(row.number, item);
    this.#fresh += item.matches ? 1 : 0;
    if (this.#items.length > this.#cap * REMEMBERED + this.#cap) this.#forget();
  }

  #forget() {
    for (const item of this.#items.splice(0, this.#cap)) {
      this.#known.delete(item.row.number);
      this.#matching -= item.matches ? 1 : 0;
      if (this.#shown.delete(item)) item.node.remove();
    }
  }

  #schedule() {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      // Who reads further up is not moved: what came is counted, and drawn when it is asked for. That is decided now,
      // as the browser has told by now whether the reader scrolled.
      if (this.#sticks || this.#isOther) return this.toEnd();
      this.#pending += this.#fresh;
      this.#fresh = 0;
      this.#tellPending();
      this.#onDraw();
    });
  }

  #scrollDown() {
    this.#container.scrollTop = this.#container.scrollHeight;
  }

  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.#container;
    if (clientHeight === 0) return; // not on the page now: nobody scrolled
    this.#sticks = scrollHeight - scrollTop - clientHeight < 24;
    if (this.#sticks && this.#pending) this.toEnd();
  }

  #tellPending() {
    this.#button.hidden = this.#pending === 0;
    this.#button.textContent = `${this.#pending} new ↓`;
  }

  #newest() {
    const found = [];
    for (let at = this.#items.length - 1; at >= 0 && found.length < this.#cap; at -= 1) {
      if (this.#items[at].matches) found.push(this.#items[at]);
    }
    return found.reverse();
  }

  #draw() {
    const wanted = this.#newest();
    const keep = new Set(wanted);
    for (const item of this.#shown) {
      if (keep.has(item)) continue;
      item.node.remove();
      item.node = null;
    }
    this.#shown = keep;
    let next = this.#list.firstElementChild;
    let before = null;
    for (const item of wanted) {
      item.node ??= this.#row(item.row);
      if (item.node === next) next = next.nextElementSibling;
      else this.#list.insertBefore(item.node, next);
      this.#head(item, before);
      before = item.row;
    }
    this.#tellPending();
  }

  #choose(item, isAsked) {
    if (!item || !item.node) return;
    const before = this.#known.get(this.#selected);
    before?.node?.querySelector(".exchange").removeAttribute("aria-current");
    this.#selected = item.row.number;
    const node = item.node.querySelector(".exchange");
    node.setAttribute("aria-current", "true");
    if (isAsked) this.#onSelect(item.row);
    else node.scrollIntoView({ block: "nearest" });
  }

  #lanes() {
    const head = element("div", "lanes");
    head.setAttribute("aria-hidden", "true");
    const names = element("div", "lane-names");
    for (const [name, title] of LANES) names.append(element("span", `lane ${name}`, title));
    head.append(element("span", "when"), names, element("span", "result"));
    return head;
  }

  /** Put the headings of journey and step above a row, where another one begins. */
  #head(item, before) {
    const { row, node } = item;
    const isFirst = before === null;
    const journey = isFirst ? row.journey !== "" : !sameJourney(row, before);
    const step = row.step > 0 && (isFirst || !sameStep(row, before));
    const wanted = `${journey ? "j" : ""}${step ? "s" : ""}`;
    if (node.dataset.heads === wanted) return;
    node.dataset.heads = wanted;
    for (const old of node.querySelectorAll(".heading")) old.remove();
    if (step) node.prepend(this.#stepHeading(row));
    if (journey) node.prepend(element("h3", "heading journey", row.journey || "outside of a journey"));
  }

  #stepHeading(row) {
    const heading = element("h4", "heading step");
    heading.append(element("span", "step-number", String(row.step)), element("span", "", row.title));
    if (row.device) heading.append(element("span", "muted", row.device));
    return heading;
  }

  #row(row) {
    const node = element("li");
    const button = element("button", `exchange ${outcome(row)} from-${row.from} to-${row.to}`);
    button.type = "button";
    button.dataset.number = String(row.number);
    if (row.number === this.#selected) button.setAttribute("aria-current", "true");
    button.append(this.#when(row), this.#track(row), this.#result(row));
    node.append(button);
    return node;
  }

  #when(row) {
    const when = element("span", "when");
    when.append(element("span", "number", `#${row.number}`), element("span", "time", timeOfDay(row.moment)));
    return when;
  }

  #track(row) {
    const track = element("span", "track");
    const parties = `${LANES[PLACES[row.from]][1]} to ${LANES[PLACES[row.to]][1]}: `;
    const label = element("span", "label");
    label.append(element("span", "visually-hidden", parties), element("span", "endpoint", nameOf(row)));
    const arrow = element("span", "arrow");
    arrow.setAttribute("aria-hidden", "true");
    track.append(label, arrow, element("span", "about", row.facts && !row.method ? row.facts : row.target));
    return track;
  }

  #result(row) {
    const result = element("span", "result");
    result.append(element("span", "status", statusOf(row)), element("span", "duration", duration(row.duration)));
    if (row.violations) result.append(element("span", "badge breach", count(row.violations, "violation")));
    else if (row.notes) result.append(element("span", "badge note", count(row.notes, "note")));
    return result;
  }
}

const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
