// What one exchange of a presented session said, in both directions.

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

/** Show an exchange; ``row`` is its row in the diagram, ``found`` what else is known of it. */
export function drawExchange(place, row, found, close) {
  const head = element("div", "exchange-head");
  const button = element("button", "quiet", "✕");
  button.type = "button";
  button.setAttribute("aria-label", "Close");
  button.addEventListener("click", close);
  head.append(element("h3", "wire", `#${row.number} ${row.endpoint || row.target}`), button);
  const parts = [
    head,
    found.call && element("p", "", found.call.summary),
    found.call && source(found.call),
    message("Request", found.request, found.request && `${found.request.method} ${found.request.url}`),
    message("Answer", found.response, found.response && String(found.response.status)),
    row.error && element("p", "message breach", row.error),
    facts(found),
    ...found.findings.map((one) => element("p", `message ${one.isNote ? "" : "breach"}`, `${one.clause}: expected ${one.expected}, found ${one.found}`)),
  ];
  place.replaceChildren(...parts.filter(Boolean));
  place.hidden = false;
}

function source(call) {
  const line = element("p", "muted");
  line.append(element("span", `badge ${call.provenance === "assumed" ? "note" : "ok"}`, call.provenance), ` ${call.section}`);
  return line;
}

function message(title, held, line) {
  if (!held) return null;
  const made = element("section", "said");
  made.append(element("h4", "", title), element("pre", "", held.body ? `${line}\n\n${held.body.text}` : line));
  return made;
}

function facts(found) {
  if (found.request && found.response?.body) return null;
  if (!found.facts.length) return null;
  const list = element("dl", "facts");
  for (const [name, value] of found.facts) list.append(element("dt", "", name), element("dd", "", value));
  return list;
}
