// What is on a plant, register by register, page by page: the server searches and pages.

import { below, get, post, Refused } from "./api.js";
import { element } from "./diagram.js";

const LIMIT = 50;
const WORDS = /([a-z0-9])([A-Z])/g;
const shown = (value) => (value === null || value === undefined ? "" : value === true ? "yes" : value === false ? "no" : String(value));

export class StateBrowser {
  #plant = "";
  #register = "users";
  #skips = [0]; // where the pages up to this one begin
  #next = null;
  #asked = 0;
  #answered = 0;
  #drawn = ""; // what the table shows

  constructor() {
    this.#on("search", "submit", (event) => {
      event.preventDefault();
      this.#first();
    });
    this.#on("search", "search", () => this.#first()); // the cross that empties the field
    this.#on("next", "click", () => this.#turn(() => this.#skips.push(this.#next)));
    this.#on("previous", "click", () => this.#turn(() => this.#skips.pop()));
  }

  async open(plant) {
    this.#plant = plant;
    await this.refresh();
  }

  /** Ask for the page again that is shown. */
  async refresh() {
    const plant = this.#plant;
    if (!plant) return;
    try {
      const { registers } = await get(below(plant, "state"));
      if (plant !== this.#plant) return;
      this.#offer(registers);
    } catch (error) {
      return this.#tell(error);
    }
    await this.#load();
  }

  #on(id, name, act) {
    document.getElementById(id).addEventListener(name, act);
  }

  #offer(registers) {
    const place = document.getElementById("registers");
    const names = Object.keys(registers);
    // Buttons that are there already stay: somebody may be pressing one.
    if ([...place.children].map((button) => button.dataset.register).join() !== names.join())
      place.replaceChildren(...names.map((name) => this.#registerButton(name)));
    for (const button of place.children) {
      const name = button.dataset.register;
      button.setAttribute("aria-pressed", String(name === this.#register));
      button.querySelector(".badge").textContent = registers[name].toLocaleString("en");
    }
  }

  #registerButton(name) {
    const button = element("button", "register", name);
    button.type = "button";
    button.dataset.register = name;
    button.append(element("span", "badge"));
    button.addEventListener("click", () => {
      this.#register = name;
      this.#skips = [0];
      this.refresh();
    });
    return button;
  }

  #first() {
    this.#skips = [0];
    return this.#load();
  }

  /** Turn the page, unless one is on its way: what comes next is not known before it is there. */
  #turn(move) {
    if (this.#asked !== this.#answered) return;
    move();
    this.#load();
  }

  async #load() {
    const asked = ++this.#asked;
    const query = new URLSearchParams({ q: document.forms.search.elements.q.value, limit: LIMIT, skip: this.#skips.at(-1) });
    let show;
    try {
      const page = await get(below(this.#plant, `state/${this.#register}?${query}`));
      show = () => this.#show(page);
    } catch (error) {
      show = () => this.#tell(error);
    }
    if (asked !== this.#asked) return;
    this.#answered = asked;
    show();
  }

  #show(page) {
    this.#next = page.next;
    document.getElementById("previous").disabled = this.#skips.length < 2;
    document.getElementById("next").disabled = page.next === null;
    document.getElementById("page").textContent = position(page, document.forms.search.elements.q.value.trim());
    const drawn = JSON.stringify([this.#plant, this.#register, page.rows]);
    if (drawn === this.#drawn) return; // the same again: its buttons stay where they are
    this.#drawn = drawn;
    document.getElementById("rows").replaceChildren(page.rows.length ? this.#table(page.rows) : this.#nothing());
  }

  #nothing() {
    return element("p", "muted", "Nothing here.");
  }

  #table(rows) {
    const table = element("table");
    const head = element("tr");
    for (const name of Object.keys(rows[0])) {
      const cell = element("th", AMOUNTS.has(name) ? "number" : "", name.replace(WORDS, "$1 $2").toLowerCase());
      cell.scope = "col";
      head.append(cell);
    }
    const act = ACTS[this.#register];
    if (act) head.append(element("th", "action", "action"));
    const top = element("thead");
    top.append(head);
    const body = element("tbody");
    for (const row of rows) body.append(this.#row(row, act));
    table.append(top, body);
    return table;
  }

  #row(row, act) {
    const made = element("tr");
    for (const [name, value] of Object.entries(row)) {
      const cell = element("td", AMOUNTS.has(name) ? "number" : "", shown(value));
      cell.dataset.name = name;
      made.append(cell);
    }
    if (act) made.append(this.#action(row, act));
    return made;
  }

  #action(row, act) {
    const cell = element("td", "action");
    const button = element("button", "", act.title);
    button.type = "button";
    button.setAttribute("aria-label", `${act.title}: ${act.of(row)}`);
    button.addEventListener("click", async () => {
      try {
        this.#say(act.done(await post(below(this.#plant, act.path(row)))), "ok");
        await this.refresh();
      } catch (error) {
        this.#tell(error);
      }
    });
    cell.append(button);
    return cell;
  }

  #tell(error) {
    if (!(error instanceof Refused)) throw error;
    this.#say(error.message, "breach");
  }

  #say(text, kind) {
    const said = document.getElementById("state-said");
    said.textContent = text;
    said.className = `message ${kind}`;
    said.hidden = false;
  }
}

function position(page, isSearch) {
  const number = (value) => value.toLocaleString("en");
  if (!page.total) return "none";
  const span = `${number(Math.min(page.skip + 1, page.total))} to ${number(page.next ?? page.total)} of ${number(page.total)}`;
  return isSearch ? `${number(page.rows.length)} found among ${span}` : span;
}

const AMOUNTS = new Set(["balance", "credit", "bonus"]);
const LOG_OUT = {
  title: "Log out",
  of: (row) => `user ${row.userId}`,
  path: (row) => `users/${row.userId}/logout`,
  done: (said) => `User ${said.userId}: ${said.sessionsEnded} sessions ended.`,
};
const ACTS = {
  users: LOG_OUT,
  sessions: LOG_OUT,
  managers: {
    title: "Revoke token",
    of: (row) => `manager ${row.login}`,
    path: (row) => `managers/${row.login}/revoke`,
    done: (said) => `Manager ${said.login}: the token opens nothing any more; the next token call gives a new one.`,
  },
};
