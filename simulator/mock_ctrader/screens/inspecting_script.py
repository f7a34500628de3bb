"""What is asked of a page in the browser, so that its design can be judged elsewhere: measures, no opinions."""

from typing import Final

SETTLE: Final = """() => new Promise((done) => {
  if (!document.scripts.length) { setTimeout(done, 20); return; }
  let timer = setTimeout(done, 250);
  new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(done, 250); }).observe(
    document, { subtree: true, childList: true, attributes: true, characterData: true });
  setTimeout(done, 2500);
})"""
"""Resolves when the page's scripts leave it as it is, or after two and a half seconds."""

MEASURE: Final = """() => {
  const root = document.documentElement, body = document.body || root, width = root.clientWidth;
  const brush = Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
    .getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (name) => {
    if (!known.has(name)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = name;
      brush.fillRect(0, 0, 1, 1);
      const [red, green, blue, opacity] = brush.getImageData(0, 0, 1, 1).data;
      known.set(name, [red, green, blue, opacity / 255]);
    }
    return known.get(name);
  };
  const probe = document.createElement("i");
  probe.style.color = "Canvas";
  body.append(probe);
  const canvas = rgba(getComputedStyle(probe).color);
  probe.remove();
  const up = (one) => one.parentElement || one.getRootNode().host || null;
  const chain = (one) => { const all = []; for (let at = one; at; at = up(at)) all.push(at); return all; };
  const visible = (one) => one.checkVisibility?.({
    opacityProperty: true, visibilityProperty: true, checkOpacity: true, checkVisibilityCSS: true }) ?? true;
  const shown = (one) => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && visible(one);
  };
  const behind = (one) => {
    const layers = [];
    for (const at of chain(one)) {
      const style = getComputedStyle(at), colour = rgba(style.backgroundColor);
      if (style.backgroundImage !== "none" || ["VIDEO", "CANVAS", "IMG"].includes(at.tagName)) return null;
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) return layers;
    }
    return [...layers, canvas];
  };
  const short = (text) => {
    const line = (text || "").replace(/\\s+/g, " ").trim();
    return line.length > 40 ? line.slice(0, 39) + "…" : line;
  };
  const everything = [];
  const gather = (at) => {
    for (const one of at.querySelectorAll("*")) {
      everything.push(one);
      if (one.shadowRoot) gather(one.shadowRoot);
    }
  };
  gather(document);
  const all = everything.filter((one) => !one.closest("head, svg *, script, style, noscript, template"));

  const PRESSED = "a[href], button, input:not([type=hidden]), select, textarea, summary, [onclick], " +
    "[role=button], [role=link], [role=checkbox], [role=radio], [role=tab], [role=switch]";
  const join = (one, two) => {
    const x = Math.min(one.left, two.left), y = Math.min(one.top, two.top);
    return new DOMRect(x, y, Math.max(one.right, two.right) - x, Math.max(one.bottom, two.bottom) - y);
  };
  const boxOf = (one) => {
    let box = one.getBoundingClientRect();
    if (one.matches("[type=checkbox], [type=radio]"))
      for (const label of one.labels || []) if (shown(label)) box = join(box, label.getBoundingClientRect());
    return box;
  };
  const inSentence = (one) => getComputedStyle(one).display === "inline" &&
    (up(one)?.textContent || "").trim().length > (one.textContent || "").trim().length + 2;
  const pressed = all.filter((one) => one.matches(PRESSED) && shown(one));
  const called = (one) => short([...new Set([one.innerText, one.labels?.[0]?.innerText, one.getAttribute("aria-label"),
    one.title, ["button", "submit", "reset"].includes(one.type) ? one.value : "", one.querySelector?.("img")?.alt])]
    .filter(Boolean).join(" ") || one.name || one.id || one.tagName.toLowerCase());
  const leaves = (one) => /^_(blank|new)$/i.test(one.target || one.formTarget || one.form?.target || "");
  const targets = pressed.map((one) => {
    const box = boxOf(one);
    return { text: called(one), x: box.x, y: box.y, width: box.width, height: box.height, inline: inSentence(one),
      opens_window: one.matches("a[href], button, input[type=submit]") && leaves(one) };
  });

  // Texts, each once for all that look alike; and what is not shown whole.
  const texts = new Map(), cut = [];
  const check = (name, box, at) => {
    let isAcross = true, isDown = true;
    for (const one of chain(at)) {
      if (one === root) break;
      const style = getComputedStyle(one), around = one.getBoundingClientRect();
      const [across, down] = [style.overflowX, style.overflowY];
      const clips = (how) => how === "hidden" || how === "clip";
      const isPage = one === body;
      if (!isPage && (clips(across) || clips(down)) && (around.width <= 4 || around.height <= 4)) return;
      if (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none" && style.webkitLineClamp) return;
      const right = isPage ? width : around.right, bottom = isPage ? root.clientHeight : around.bottom;
      const left = isPage ? 0 : around.left, top = isPage ? 0 : around.top;
      const isPart = box.right > left + 1 && box.left < right - 1 && box.bottom > top + 1;
      if (isAcross && clips(across) && isPart && (box.right > right + 3 || box.left < left - 3)) cut.push(short(name));
      else if (isDown && clips(down) && isPart && (isPage || box.top < bottom - 1) && box.bottom > bottom + 4)
        cut.push(short(name));
      if (/auto|scroll/.test(across)) isAcross = false;
      if (/auto|scroll/.test(down)) isDown = false;
      if (style.position === "fixed") break;
    }
    const rest = getComputedStyle(root);
    const isHidden = /hidden|clip/.test(rest.overflowX);
    if (isAcross && (isHidden || box.left < 0) && box.right > 1 && box.left < width - 1 &&
        (box.right > width + 3 || box.left < -3)) cut.push(short(name));
    if (isDown && /hidden|clip/.test(rest.overflowY) && box.bottom > root.clientHeight + 4) cut.push(short(name));
  };
  const range = document.createRange();
  for (const one of all) {
    for (const node of one.childNodes) {
      if (node.nodeType !== 3 || !node.data.trim() || !shown(one)) continue;
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1) continue;
      check(node.data, box, one);
      if (one.closest(":disabled, [aria-disabled=true], [aria-hidden=true], option")) continue;
      const style = getComputedStyle(one), colour = [...rgba(style.color)];
      for (const at of chain(one)) colour[3] *= Number(getComputedStyle(at).opacity);
      const found = { text: short(node.data), colour, behind: behind(one), size: parseFloat(style.fontSize),
        bold: Number(style.fontWeight) >= 700 };
      const key = JSON.stringify([colour, found.behind, found.size, found.bold]);
      if (!texts.has(key)) texts.set(key, found);
    }
  }
  for (const one of pressed) check(called(one), one.getBoundingClientRect(), one);

  const grounds = [];
  for (let row = 0; row < 7; row++)
    for (let column = 0; column < 7; column++) {
      const at = document.elementFromPoint(
        (column + 0.5) * width / 7, (row + 0.5) * Math.min(innerHeight, root.clientHeight) / 7);
      grounds.push(at ? behind(at) : [canvas]);
    }
  const name = (one) => [one.id, typeof one.className === "string" ? one.className : "", one.title,
    one.getAttribute("aria-label"), one.src].filter(Boolean).join(" ");
  const floats = all.filter((one) => getComputedStyle(one).position === "fixed" && shown(one));
  const parts = [...document.querySelectorAll("iframe, script[src]"), ...floats].map(name).filter(Boolean);
  const boxes = all.filter((one) => one.matches("dialog[open], [role=dialog], [role=alertdialog], [aria-modal=true]")
    && shown(one)).map((one) => short(one.innerText || one.getAttribute("aria-label") || "without a text"));
  const hints = [...document.querySelectorAll("[alt], [title], [placeholder], [aria-label]")].map((one) =>
    [one.alt, one.title, one.placeholder, one.getAttribute("aria-label")].filter(Boolean).join(" ")).join("\\n");
  const loaded = performance.getEntriesByType("navigation")[0];
  return { width, scroll_width: Math.max(root.scrollWidth, 0), language: root.lang || "", title: document.title,
    text: body.innerText || "", hints, targets, texts: [...texts.values()], grounds, cut: [...new Set(cut)], boxes,
    parts, seconds: loaded ? loaded.loadEventEnd / 1000 : 0 };
}"""
"""Returns the fields of ``conformance.design_seen.Measured``."""
