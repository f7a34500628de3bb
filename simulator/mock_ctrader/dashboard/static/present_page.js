// The broker's page of a presented session: its picture where a real browser took one, else a sketch of it.

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

/** Draw a visited page; ``page`` is null before any was. */
export function drawPage(figure, page, { isClosed }) {
  const where = page?.in_browser ? "The broker's page, in the device's own browser" : "The broker's page, in the application";
  figure.querySelector("figcaption").textContent = where;
  const browser = figure.querySelector(".browser");
  browser.classList.toggle("closed", isClosed);
  if (!page) browser.replaceChildren(element("p", "empty", "No page of the broker's was opened yet."));
  else if (isClosed) browser.replaceChildren(address(page), element("p", "empty", page.leads ? "The page is closed: it had reached the success address." : "The page is closed."));
  else browser.replaceChildren(address(page), body(page), ...foot(page));
}

function address(page) {
  const bar = element("p", "address");
  bar.append(element("span", "method", page.method), element("span", "path", page.address));
  return bar;
}

function body(page) {
  if (page.picture) {
    const image = element("img", "picture");
    image.src = page.picture;
    image.alt = `The page "${page.title}"`;
    const button = element("button", "enlarge");
    button.type = "button";
    button.title = "Enlarge";
    button.setAttribute("aria-label", `Enlarge the picture of "${page.title}"`);
    button.append(image);
    button.addEventListener("click", () => enlarge(image));
    return button;
  }
  const sketch = element("div", "sketch");
  sketch.append(element("h3", "", page.title || (page.error ? "No page came" : "The broker's page")));
  const list = element("dl", "fields");
  for (const [name, value] of page.fields) list.append(element("dt", "", name), element("dd", "", value || "–"));
  if (page.fields.length) sketch.append(list);
  else sketch.append(element("span", "line long"), element("span", "line"), element("span", "line short"));
  return sketch;
}

function enlarge(image) {
  const dialog = document.getElementById("large");
  const large = dialog.querySelector("img");
  [large.src, large.alt] = [image.src, image.alt];
  dialog.showModal();
}

function foot(page) {
  const made = [];
  if (page.picture && page.fields.length) {
    const names = page.fields.map(([name]) => name).join(", ");
    made.push(element("p", "leads", `Sent: ${names}`));
  }
  if (page.said) made.unshift(element("p", "leads breach", `The page says: ${page.said}`));
  if (page.leads) made.push(element("p", "leads", `Status ${page.status}, and on to ${page.leads}`));
  else if (page.error) made.push(element("p", "leads breach", page.error));
  else if (page.status !== null) made.push(element("p", `leads${page.status >= 400 ? " breach" : ""}`, `Status ${page.status}`));
  return made;
}
