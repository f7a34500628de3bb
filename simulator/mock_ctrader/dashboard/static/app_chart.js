// A quiet line that ends at a symbol's last price. The same symbol always has the same line.
const SVG = "http://www.w3.org/2000/svg";
const POINTS = 96;

function* steps(name) {
  let seed = 2166136261;
  for (const sign of name) seed = Math.imul(seed ^ sign.codePointAt(0), 16777619) >>> 0;
  for (;;) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    yield seed / 2 ** 32 - 0.5;
  }
}

function make(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export function draw(svg, symbol) {
  const walk = steps(symbol);
  let at = 0;
  const values = Array.from({ length: POINTS }, () => (at += walk.next().value - at * 0.03));
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const points = values.map((value, index) => [(index / (POINTS - 1)) * 800, 290 - ((value - low) / span) * 250]);
  const line = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  const rules = [40, 102, 165, 227, 290].map((y) => make("line", { x1: 0, x2: 800, y1: y, y2: y, class: "rule" }));
  svg.replaceChildren(
    ...rules,
    make("polygon", { points: `0,320 ${line} 800,320`, class: "area" }),
    make("polyline", { points: line, class: "line" }),
    make("line", { x1: 0, x2: 800, y1: points.at(-1)[1], y2: points.at(-1)[1], class: "last" }),
  );
}
