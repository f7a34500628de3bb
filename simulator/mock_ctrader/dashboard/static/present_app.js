// The application of a presented session: a telephone or a window, and what stands in it.

const PHONES = ["Android", "iOS"];

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

/** Draw how an application stands; ``app`` is null before anybody did anything. */
export function drawApplication(figure, app, stop) {
  const device = figure.querySelector(".device");
  const platform = app?.platform ?? stop.platform ?? "";
  device.className = `device ${PHONES.includes(platform) ? "phone" : "desktop"} ${app?.theme ?? "light"}`;
  figure.querySelector("figcaption").textContent = app
    ? `cTrader ${platform}, ${app.actor}`
    : "The application";
  device.replaceChildren(...(app ? inside(app, stop.screens.length > 0) : [bar("cTrader"), empty("Nobody has opened the application yet.")]));
}

function bar(title, state = "") {
  const made = element("div", "bar");
  made.append(element("span", "name", title));
  if (state) made.append(element("span", "state", state));
  return made;
}

const empty = (text) => element("p", "empty", text);

function inside(app, hasPage) {
  const said = app.refused && !hasPage ? [element("p", "said", app.refused)] : [];
  if (app.session === "open") return [bar("cTrader", "in a session"), ...ribbons(app), ...account(app), ...said, facts(app)];
  if (app.session === "login screen") {
    const whose = app.identity === "handoff" ? "cTrader's own login form is open." : "The broker's login page is open here.";
    return [bar("cTrader", "no session"), empty(whose), ...said, facts(app)];
  }
  return [bar("cTrader", "closed"), empty("The application is closed."), ...said, facts(app)];
}

function ribbons(app) {
  return app.ribbons.map((title) => element("p", "ribbon", title));
}

function account(app) {
  const own = app.account;
  if (!own) return [empty("There is no trading account yet.")];
  const card = element("div", "account");
  card.append(
    element("span", "number", `Account ${own.login}, ${own.environment}`),
    element("span", "balance", `${own.balance} ${own.currency}`),
  );
  if (own.access_rights !== "FULL_ACCESS") card.append(element("span", "rights", own.access_rights));
  const others = app.accounts.filter((login) => login !== own.login);
  if (others.length) card.append(element("span", "others", `also ${others.join(", ")}`));
  const doors = element("div", "doors");
  doors.setAttribute("aria-hidden", "true");
  for (const name of ["Deposit", "Withdraw", "Account", "Chat"]) doors.append(element("span", "", name));
  return [card, doors];
}

function facts(app) {
  const list = element("dl", "facts");
  const tell = (name, value) => {
    if (value) list.append(element("dt", "", name), element("dd", "", value));
  };
  tell("Stored token", app.stored_token ? "yes: comes back without a password" : "no");
  tell("Language", app.language);
  tell("Place", app.path === "/" ? "" : app.path);
  tell("Partner", app.partner_id);
  tell("Link to share", app.link);
  return list;
}
