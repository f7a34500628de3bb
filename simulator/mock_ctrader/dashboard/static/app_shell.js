// The application itself, drawn from its state.
import { draw } from "./app_chart.js";
import { $, el, fill, part, terms } from "./app_dom.js";

const BUTTONS = {
  deposit: "Deposit",
  withdraw: "Withdraw",
  "open account": "New account",
  "pass kyc": "Verify identity",
  "take action": "Broker actions",
  chat: "Chat",
  "change password": "Change password",
  "change email": "Change e-mail",
};
let symbol = "";

/** Draw all of it; `act(deed, said)` does something, `startAgain` makes a new application. */
export function drawShell(state, act, share) {
  const root = document.documentElement;
  root.dataset.theme = state.theme;
  part("frame", [state.mobile, state.look, state.platform], drawFrame);
  part("top", [state.accounts, state.session, state.user, state.busy], () => drawTop(state));
  part("ribbons", state.ribbons, (ribbons) => fill($("ribbons"), ...ribbons.map((one) => ribbonOf(one, act))));
  part("messages", [state.messages, state.browsed], () => drawMessages(state));
  part("symbols", [state.symbols, state.path], () => drawSymbols(state));
  part("positions", state.positions, drawPositions);
  part("actions", [state.session, state.accounts.length > 0], () => drawActions(state, act, share));
  part("entry", [state.session, state.asks_here, state.ended, state.busy, state.window === null, state.person.email], () => drawEntry(state, act));
}

function drawFrame([isMobile, look, platform]) {
  const frame = $("frame");
  frame.dataset.kind = isMobile ? "phone" : "desk";
  frame.dataset.platform = platform;
  frame.style.setProperty("--width", `${look.width}px`);
  frame.style.setProperty("--height", `${look.height}px`);
}

function drawTop({ accounts, session, user, busy }) {
  const current = accounts.find((one) => one.current);
  const choices = accounts.map((one) =>
    el("option", { value: one.login, selected: one.current }, `${one.login} · ${one.environment} · ${one.broker}`),
  );
  fill($("accounts"), ...(choices.length ? choices : [el("option", { value: "" }, "No account")]));
  $("accounts").disabled = choices.length === 0;
  $("accounts").parentElement.hidden = session !== "open";
  $("balance").textContent = current ? `${current.balance} ${current.currency}` : "";
  $("nickname").textContent = user?.nickname ?? "";
  const [text, kind] = busy ? ["working …", ""] : { open: ["session open", "ok"], "login screen": ["not logged in", "note"] }[session] ?? ["no session", ""];
  $("session").textContent = text;
  $("session").className = `badge ${kind}`;
  $("log-out").hidden = session !== "open";
}

function ribbonOf(ribbon, act) {
  const made = el(
    "div",
    { class: "ribbon" },
    el("span", { class: "ribbon-title" }, ribbon.title),
    el("button", { type: "button", on: { click: () => act("use ribbon", { title: ribbon.title }) } }, ribbon.external ? "Open ↗" : "Open"),
    ribbon.closable
      ? el("button", { type: "button", class: "quiet", "aria-label": `Close the ribbon ${ribbon.title}`, on: { click: () => act("close ribbon", { title: ribbon.title }) } }, "✕")
      : null,
  );
  made.style.setProperty("--ribbon", `#${ribbon.color}`);
  return made;
}

function drawMessages({ messages, browsed }) {
  const told = messages.map((one) => el("p", { class: "message breach" }, one.text, one.cure ? ` ${one.cure}` : ""));
  const isWeb = /^https?:/.test(browsed);
  const link = isWeb ? el("a", { href: browsed, target: "_blank", rel: "noopener noreferrer" }, browsed) : browsed;
  const out = browsed ? [el("p", { class: "message" }, "This opens in the device's own browser: ", link)] : [];
  fill($("messages"), ...told, ...out);
}

function drawSymbols({ symbols, path }) {
  const linked = /^\/symbols\/([^/]+)/.exec(path)?.[1];
  const known = (name) => symbols.some((one) => one.name === name);
  if (!known(symbol)) symbol = known(linked) ? linked : (symbols[0]?.name ?? "");
  const choose = (name) => {
    symbol = name;
    drawSymbols({ symbols, path: "" });
  };
  const rows = symbols.map((one) =>
    el(
      "li",
      {},
      el("button", { type: "button", class: "quiet", "aria-pressed": String(one.name === symbol), title: one.description, on: { click: () => choose(one.name) } },
        el("span", {}, one.name), el("span", { class: "wire" }, one.price)),
    ),
  );
  const had = document.activeElement?.closest("#symbols li");
  const index = had ? [...$("symbols").children].indexOf(had) : -1;
  fill($("symbols"), ...rows);
  if (index >= 0) rows[index]?.firstChild.focus({ preventScroll: true });
  const shown = symbols.find((one) => one.name === symbol);
  fill($("chart-title"), shown?.name ?? "No symbols", el("span", { class: "wire price" }, shown?.price ?? ""));
  draw($("chart"), symbol);
}

function drawPositions(positions) {
  const cells = (one) => [one.symbol, one.side, one.volume, one.price].map((text) => el("td", {}, text));
  const head = el("tr", {}, ...["Symbol", "Side", "Volume", "Price"].map((text) => el("th", { scope: "col" }, text)));
  const table = el("table", {}, el("caption", { class: "visually-hidden" }, "Open positions"), el("thead", {}, head), el("tbody", {}, ...positions.map((one) => el("tr", {}, ...cells(one)))));
  fill($("positions"), positions.length ? table : null);
}

function drawActions({ session, accounts }, act, share) {
  const isOpen = session === "open";
  const needsAccount = ["deposit", "withdraw"];
  const screens = $("actions").dataset.screens.split(",").map((deed) =>
    el("button", { type: "button", class: deed === "deposit" ? "primary" : "", disabled: !isOpen || (needsAccount.includes(deed) && !accounts.length), on: { click: () => act(deed) } }, BUTTONS[deed] ?? deed),
  );
  const links = [["invite", "Invite a friend"], ["partner", "Partner link"]].map(([kind, text]) =>
    el("button", { type: "button", disabled: !isOpen, on: { click: () => share(kind) } }, text),
  );
  fill($("actions"), ...screens, ...links);
}

function drawEntry(state, act) {
  const isOpen = state.session === "open";
  const isIdle = !isOpen && state.window === null && !state.busy;
  $("entry").hidden = !isIdle;
  if (!isIdle) return fill($("entry"));
  if (state.asks_here) return fill($("entry"), ownLogin(state, act));
  const [title, text, deed, label] =
    state.session === "login screen"
      ? ["You are not logged in", "Log in with your broker, or open an account there.", "log in", "Log in or sign up"]
      : state.ended
        ? ["Your session was ended", "The broker or another device has logged you out.", "launch", "Launch again"]
        : ["The application is closed", "What the device has stored is still there.", "launch", "Launch"];
  return fill($("entry"), el("div", { class: "panel" }, el("h2", {}, title), el("p", { class: "muted" }, text),
    el("button", { type: "button", class: "primary", on: { click: () => act(deed) } }, label)));
}

/** cTrader asks by itself where it keeps the login: no screen of the CRM is opened. */
function ownLogin(state, act) {
  const email = el("input", { id: "own-email", type: "email", required: true, value: state.person.email, autocomplete: "off" });
  const name = el("input", { id: "own-name", value: state.person.first_name, autocomplete: "off", maxLength: 100 });
  const send = (said) => (email.reportValidity() ? act("log in", { email: email.value, ...said }) : undefined);
  const label = (text, of) => el("label", { htmlFor: of }, text);
  return el("form", { class: "panel", on: { submit: (event) => { event.preventDefault(); send({}); } } },
    el("h2", {}, "Your cTrader ID"), label("E-mail", "own-email"), email, label("First name, to register", "own-name"), name,
    el("div", { class: "tools" }, el("button", { class: "primary" }, "Log in"),
      el("button", { type: "button", on: { click: () => send({ first_name: name.value || "Trader" }) } }, "Register")));
}

export function drawFacts(state) {
  const yes = (value) => (value ? "yes" : "no");
  const pairs = [
    ["source", state.platform], ["lang", state.language], ["theme", state.theme], ["firstLogin", String(state.first_login)],
    ["stored token", yes(state.stored_token)], ["login kept by", state.identity === "sso" ? "the broker" : "cTrader"],
    ...(state.partner_id ? [["partnerId", state.partner_id]] : []),
    ...(state.invited_by ? [["invited by", state.invited_by]] : []),
    ...(state.embedded ? [["embedded", state.embedded]] : []),
    ...(state.mobile ? Object.entries(state.campaign).map(([name, value]) => [`utm_${name}`, value]) : []),
    ...(state.mobile ? [["Firebase events", state.events.join(", ") || "none yet"]] : []),
  ];
  terms($("facts"), pairs);
  $("device-name").textContent = `${state.platform} · ${state.language}`;
  $("forget").disabled = !state.stored_token;
  $("close-app").disabled = state.session === "none" && !state.ended;
}

export function drawPerson(person) {
  terms($("person"), Object.entries(person).map(([name, value]) => [name.replaceAll("_", " "), value]));
}

const KINDS = { screen: "opened", app: "asked cTrader", ctrader: "cTrader asked the CRM", crm: "the CRM called cTrader" };

const factsOf = (row) => row.facts.replace(/^opened=true ?/, "");

export function drawRows(rows) {
  $("no-rows").hidden = rows.length > 0;
  const items = rows.map((row) => {
    const isBad = row.error !== "" || row.violations > 0 || (row.status ?? 0) >= 400;
    const [path, query] = row.target.split(/\?(.*)/s);
    const parameters = query ? query.split("&").map((pair) => el("span", { class: "pair" }, pair)) : [];
    return el("li", { class: isBad ? "bad" : "" },
      el("span", { class: "muted" }, KINDS[row.from]), " ", el("strong", {}, row.endpoint), " ",
      row.status === null ? null : el("span", { class: `badge ${isBad ? "breach" : "ok"}` }, String(row.status)),
      row.target ? el("div", { class: "wire" }, `${row.method} ${path}`, ...parameters) : null,
      factsOf(row) ? el("div", { class: "wire muted" }, factsOf(row)) : null,
      row.error ? el("div", { class: "breach" }, row.error) : null);
  });
  const list = $("rows");
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 160;
  fill(list, ...items);
  if (isAtEnd) list.scrollTop = list.scrollHeight;
}
