// One application of cTrader in this tab: it is started on a device, shown as it stands, and told what the person does.
import * as api from "./app_api.js";
import { $, el, fill, part } from "./app_dom.js";
import { drawFacts, drawPerson, drawRows, drawShell } from "./app_shell.js";
import { CrmWindow } from "./app_window.js";

const REMEMBERED = "mock-ctrader.application";
const SPENT = ["token", "authCode", "code"]; // good once: not to be opened again by a reload
const ADDRESS = /^https?:/; // what begins with one is not written with a capital
let key = "";
let state = null;
let stop = () => {};
let sharesSeen = 0;
let wantsToShare = false;

document.body.append($("dialogs").content);
if (window !== window.top) document.documentElement.dataset.embedded = "yes";
const crm = new CrmWindow(() => act("go back"), () => act("open again"));

function remember(link) {
  try {
    sessionStorage.setItem(REMEMBERED, JSON.stringify({ key, link }));
  } catch {
    // a frame of another site may have no storage: a reload then starts anew
  }
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(REMEMBERED)) ?? {};
  } catch {
    return {};
  }
}

/** What the address says to the application: its path and query, or nothing where it says nothing. */
function linkOfPage() {
  const path = location.pathname.replace(/^\/app/, "") || "/";
  return path === "/" && !location.search ? "" : path + location.search;
}

function hideWhatIsSpent() {
  const query = new URLSearchParams(location.search);
  if (!SPENT.some((name) => query.has(name))) return;
  for (const name of SPENT) query.delete(name);
  history.replaceState(null, "", location.pathname + (query.size ? `?${query}` : ""));
}

async function act(deed, said = {}) {
  try {
    await api.act(key, deed, said);
  } catch (error) {
    tell(error.message);
    if (error.status === 404) over();
  }
}

function tell(text) {
  const kind = ADDRESS.test(text) ? "message breach address" : "message breach";
  part("messages", [text, Math.random()], () => fill($("messages"), el("p", { class: kind }, text)));
}

function over(what = "This application has ended") {
  stop();
  crm.show(null);
  const again = el("button", { type: "button", class: "primary", on: { click: () => start({}) } }, "Start again");
  $("entry").hidden = false;
  fill($("entry"), el("div", { class: "panel" }, el("h2", {}, what), again));
}

function show(now) {
  state = now;
  drawShell(now, act, share);
  crm.show(now.window);
  part("facts", [now.platform, now.language, now.theme, now.first_login, now.stored_token, now.identity, now.partner_id,
    now.invited_by, now.embedded, now.campaign, now.events, now.session, now.ended], () => drawFacts(now));
  part("person", now.person, drawPerson);
  part("rows", now.rows, drawRows);
  if (wantsToShare && now.shares > sharesSeen) showLink(now.link);
}

function attach(found, link) {
  stop();
  crm.show(null); // another application's windows are others, whatever their numbers
  key = found;
  remember(link);
  stop = api.follow(key, show, () => over());
}

async function start(device) {
  const before = key;
  const link = device.link ?? "";
  try {
    attach(await api.start({ ...device, link }), link);
  } catch (error) {
    over("The application could not start");
    tell(error.message);
    return;
  }
  if (before) api.end(before).catch(() => {}); // it may have ended by itself
}

/** Come back to the application of this tab, or start one; what the address says is done once. */
async function begin() {
  const link = linkOfPage();
  const before = remembered();
  const isSpent = SPENT.some((name) => new URLSearchParams(location.search).has(name));
  hideWhatIsSpent();
  if (before.key && !isSpent) {
    try {
      await api.look(before.key);
      attach(before.key, link);
      if (link && link !== before.link) await act("open link", { link });
      return;
    } catch {
      // it has ended: start another one
    }
  }
  await start({ link });
  remember(isSpent ? linkOfPage() : link);
}

function share(kind) {
  sharesSeen = state?.shares ?? 0;
  wantsToShare = true;
  act("share link", { kind });
}

function showLink(link) {
  wantsToShare = false;
  $("shared").textContent = link;
  $("shared").href = link;
  $("qr").src = api.pictureOf(link);
  $("share-dialog").showModal();
}

/** Only the mobile applications are told of a campaign, and tell of it. */
function showCampaign() {
  $("campaign").hidden = !["Android", "iOS"].includes($("platform").value);
}

function chooseDevice() {
  for (const [id, value] of [["platform", state?.platform], ["language", state?.language], ["look", state?.theme], ["identity", state?.identity], ["mode", crm.mode]])
    if (value) $(id).value = value;
  showCampaign();
  $("device-dialog").showModal();
}

function startOnDevice() {
  const said = new FormData($("device-form"));
  const campaign = {};
  for (const [name, value] of said) if (name.startsWith("utm_") && value && !$("campaign").hidden) campaign[name.slice(4)] = value;
  crm.mode = said.get("mode");
  start({ platform: said.get("platform"), language: said.get("language"), theme: said.get("theme"), identity: said.get("identity"), campaign });
}

function onClose(dialog, answer, then) {
  $(dialog).addEventListener("close", () => {
    if ($(dialog).returnValue === answer) then();
    $(dialog).returnValue = "";
  });
}

$("accounts").addEventListener("change", (event) => act("switch account", { account: event.target.value }));
$("log-out").addEventListener("click", () => act("log out"));
$("restart").addEventListener("click", () => act("restart"));
$("close-app").addEventListener("click", () => act("close"));
$("forget").addEventListener("click", () => act("set device", { forget: "yes" }));
$("theme").addEventListener("click", () => act("set device", { theme: state?.theme === "dark" ? "light" : "dark" }));
$("choose-device").addEventListener("click", chooseDevice);
$("platform").addEventListener("change", showCampaign);
$("paste-link").addEventListener("click", () => $("link-dialog").showModal());
$("share-done").addEventListener("click", () => $("share-dialog").close());
$("copy-link").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText($("shared").textContent);
    $("copy-link").textContent = "Copied";
  } catch {
    getSelection().selectAllChildren($("shared"));
  }
});
$("share-dialog").addEventListener("close", () => {
  $("copy-link").textContent = "Copy";
});
onClose("device-dialog", "start", startOnDevice);
onClose("link-dialog", "open", () => {
  act("open link", { link: $("link").value.trim() });
  $("link").value = "";
});
if (matchMedia("(max-width: 900px)").matches) for (const one of document.querySelectorAll(".did details")) one.open = false;
begin();
