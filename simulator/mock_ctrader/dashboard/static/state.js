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

  constructor() {
    this.#on("search", "submit", (event) => {
      event.preventDefault();
      this.#first();
    });
    this.#on("search", "search", () => this.#first()); // the cross that empties the field
    this.#on("next", "click", () => {
      this.#skips.push(this.#next);
      this.#load();
    });
    this.#on("previous", "click", () => {
      this.#skips.pop();
      this.#load();
    });
  }

  async open(plant) {
    this.#plant = plant;
    await this.refresh();
  }

  /** Ask for the page again that is shown. */
  async refresh() {
    if (!this.#plant) return;
    try {
      const { registers } = await get(below(this.#plant, "state"));
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
    const focused = place.contains(document.activeElement);
    place.replaceChildren(
      ...Object.entries(registers).map(([name, count]) => {
        const button = element("button", "register", name);
        button.type = "button";
        button.setAttribute("aria-pressed", String(name === this.#register));
        button.append(element("span", "badge", count.toLocaleString("en")));
        button.addEventListener("click", () => {
          this.#register = name;
          this.#skips = [0];
          this.refresh();
        });
        return button;
      }),
    );
    if (focused) place.querySelector("[aria-pressed=true]").focus();
  }

  #first() {
    this.#skips = [0];
    return this.#load();
  }

  async #load() {
    const asked = ++this.#asked;
    const query = new URLSearchParams({ q: document.forms.search.elements.q.value, limit: LIMIT, skip: this.#skips.at(-1) });
    try {
      const page = await get(below(this.#plant, `state/${this.#register}?${query}`));
      if (asked === this.#asked) this.#show(page);
    } catch (error) {
      this.#tell(error);
    }
  }

  #show(page) {
    this.#next = page.next;
    document.getElementById("previous").disabled = this.#skips.length < 2;
    document.getElementById("next").disabled = page.next === null;
    document.getElementById("page").textContent = position(page, document.forms.search.elements.q.value.trim());
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
