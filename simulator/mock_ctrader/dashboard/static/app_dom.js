// Elements made from plain values. All text is set as text: whatever a CRM or a person wrote stays what it is.
export const $ = (id) => document.getElementById(id);

export function el(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") made.className = value;
    else if (key === "on") for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
    else if (key.includes("-") || key === "role") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function fill(parent, ...children) {
  parent.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
}

/** Terms and what is said of them. */
export function terms(parent, pairs) {
  fill(parent, ...pairs.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

const drawn = new Map();

/** Draw a part anew only when what it shows is another: what has the focus keeps it. */
export function part(name, value, draw) {
  const written = JSON.stringify(value);
  if (drawn.get(name) === written) return;
  drawn.set(name, written);
  draw(value);
}
