// Which exchanges are shown.

const STATUS = {
  none: (row) => row.status === null,
  "": () => true,
};
const FINDINGS = {
  "": () => true,
  breach: (row) => row.violations > 0,
  note: (row) => row.notes > 0,
  any: (row) => row.violations + row.notes > 0,
};
const OUTSIDE = "\u0000"; // no journey has this name

const text = (row) =>
  [row.endpoint, row.method, row.target, row.status, row.error, row.facts, row.journey, row.title, row.device]
    .join("\n")
    .toLowerCase();

/** Make the predicate that a filter's form asks for. */
function predicate(wanted) {
  const words = wanted.text.trim().toLowerCase();
  const number = /^#(\d+)$/.exec(words);
  const status = STATUS[wanted.status] ?? ((row) => Math.floor((row.status ?? 0) / 100) === Number(wanted.status));
  const journey = wanted.journey === OUTSIDE ? "" : wanted.journey;
  return (row) =>
    (!wanted.journey || row.journey === journey) &&
    (!wanted.endpoint || row.endpoint === wanted.endpoint) &&
    status(row) &&
    FINDINGS[wanted.findings](row) &&
    (!words || (number ? row.number === Number(number[1]) : text(row).includes(words)));
}

export class Filters {
  #form;
  #known = { journey: new Set(), endpoint: new Set() };

  constructor(form, change) {
    this.#form = form;
    const tell = () => change(this.predicate);
    form.addEventListener("input", tell);
    form.addEventListener("reset", () => setTimeout(tell));
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  get predicate() {
    return predicate(Object.fromEntries(new FormData(this.#form)));
  }

  get isActive() {
    return [...new FormData(this.#form).values()].some((value) => value !== "");
  }

  focus() {
    this.#form.elements.text.focus();
    this.#form.elements.text.select();
  }

  /** Offer what rows speak of; at most so many journeys, the last ones. */
  learn(rows) {
    for (const row of rows) {
      this.#offer("journey", row.journey || OUTSIDE, row.journey || "Outside of a journey");
      if (row.endpoint) this.#offer("endpoint", row.endpoint, row.endpoint);
    }
  }

  clear() {
    for (const [name, known] of Object.entries(this.#known)) {
      known.clear();
      this.#form.elements[name].replaceChildren(this.#form.elements[name].options[0]);
    }
    this.#form.reset();
  }

  #offer(name, value, shown) {
    const known = this.#known[name];
    if (known.has(value)) return;
    known.add(value);
    const select = this.#form.elements[name];
    select.add(new Option(shown, value));
    if (known.size <= MOST_OFFERED) return;
    const oldest = [...select.options].find((option, at) => at > 0 && !option.selected);
    known.delete(oldest.value);
    oldest.remove();
  }
}

const MOST_OFFERED = 300;
