// One exchange with everything about it.

import { below, get, Refused } from "./api.js";
import { duration, element, LANES, nameOf, outcome, statusOf } from "./diagram.js";

const PARTIES = Object.fromEntries(LANES);

/** Fetch an exchange and show it, if it is still wanted by then; return whether it was. */
export async function showDetails(place, plant, number, close, isWanted) {
  let found;
  try {
    found = await get(below(plant, `exchanges/${number}`));
    if (!isWanted()) return false;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (!isWanted()) return false;
    place.replaceChildren(heading(`Exchange #${number}`, close), element("p", "message breach", error.message));
    place.hidden = false;
    return true;
  }
  place.replaceChildren(...sections(found, close));
  place.hidden = false;
  place.scrollTop = 0;
  return true;
}

function sections(found, close) {
  return [
    heading(`#${found.number} ${nameOf(found)}`, close),
    summary(found),
    error(found),
    findings(found.findings),
    clauses(found),
    message("Request", found.request, found.request && `${found.request.method} ${found.request.url}`),
    message("Response", found.response, found.response && String(found.response.status)),
    curl(found.curl),
    pairs("Facts", found.facts),
    found.events.length ? pairs("Events on the plant", found.events.map((event) => [event, ""])) : null,
  ].filter(Boolean);
}

function heading(text, close) {
  const head = element("div", "details-head");
  const button = element("button", "quiet", "✕");
  button.type = "button";
  button.setAttribute("aria-label", "Close");
  button.addEventListener("click", close);
  head.append(element("h2", "wire", text), button);
  return head;
}

function summary(found) {
  const list = element("dl", "facts");
  const add = (name, value) => value && list.append(element("dt", "", name), element("dd", "", value));
  add("From, to", `${PARTIES[found.from]} → ${PARTIES[found.to]}`);
  add("Status", statusOf(found));
  list.lastChild.className = outcome(found);
  add("Began", new Date(found.moment).toISOString());
  add("Took", duration(found.duration));
  add("Journey", found.journey);
  add("Step", found.step ? `${found.step} ${found.title}` : "");
  add("Device", found.device);
  return list;
}

function error(found) {
  return found.error ? element("p", "message breach", found.error) : null;
}

function section(title, ...children) {
  const made = element("section", "part");
  made.append(element("h3", "", title), ...children);
  return made;
}

function provenance(word) {
  return element("span", `badge ${word === "assumed" ? "note" : "ok"}`, word);
}

function findings(found) {
  if (!found.length) return null;
  const made = section(found.every((one) => one.isNote) ? "Notes" : "Violations");
  for (const one of found) {
    const card = element("div", `finding ${one.isNote ? "note" : "breach"}-finding`);
    const title = element("p", "wire clause", one.clause);
    const table = element("table", "difference");
    for (const [name, value] of [["Expected", one.expected], ["Found", one.found]]) {
      const row = element("tr");
      const head = element("th", "", name);
      head.scope = "row";
      row.append(head, element("td", "wire", value));
      table.append(row);
    }
    const source = element("p", "muted source");
    source.append(provenance(one.provenance), element("span", "", one.section));
    card.append(title, table, source);
    made.append(card);
  }
  return made;
}

function clauses(found) {
  if (!found.call) return null;
  const table = element("table", "clauses");
  for (const one of found.clauses) {
    const row = element("tr");
    const head = element("th", "", one.part);
    head.scope = "row";
    const cell = element("td");
    cell.append(provenance(one.provenance));
    row.append(head, cell);
    table.append(row);
  }
  const call = element("p", "wire", `${found.call.method} ${found.call.path}`);
  return section("Contract", element("p", "", found.call.summary), call, element("p", "muted", found.call.section), table);
}

function message(title, held, line) {
  if (!held) return null;
  const made = section(title, element("pre", "start-line", line));
  if (held.headers.length) {
    const folded = element("details", "headers");
    folded.append(element("summary", "", held.headers.length === 1 ? "1 header" : `${held.headers.length} headers`), table(held.headers));
    made.append(folded);
  }
  if (held.body) {
    made.append(element("pre", `body ${held.body.form}`, held.body.text));
    if (held.body.leftOut) made.append(element("p", "muted", `${held.body.leftOut} more characters are in the journal.`));
  }
  return made;
}

function table(found) {
  const made = element("table", "wire pairs");
  for (const [name, value] of found) {
    const row = element("tr");
    const head = element("th", "", name);
    head.scope = "row";
    row.append(head, element("td", "", value));
    made.append(row);
  }
  return made;
}

function pairs(title, found) {
  return found.length ? section(title, table(found)) : null;
}

function curl(line) {
  if (!line) return null;
  const button = element("button", "", "Copy");
  button.type = "button";
  button.addEventListener("click", async () => {
    button.textContent = (await copied(line)) ? "Copied" : "Select and copy it";
  });
  const text = element("pre", "curl", line);
  text.tabIndex = 0;
  return section("curl", text, button);
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // a page over plain http on another name than localhost may not
  }
}
