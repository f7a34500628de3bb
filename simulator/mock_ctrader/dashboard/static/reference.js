// The reference: its list is filtered, what is to be typed can be copied.

import { offerCopies } from "./reference_copy.js";

const at = (id) => document.getElementById(id);

function filter() {
  const words = at("text").value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = at("provenance").value;
  let shown = 0;
  let all = 0;
  for (const group of document.querySelectorAll("[data-group]")) {
    let here = 0;
    for (const entry of group.querySelectorAll("li[data-text]")) {
      const text = entry.dataset.text.toLowerCase();
      const isSure = !wanted || entry.dataset.provenance.split(" ").includes(wanted);
      entry.hidden = !(isSure && words.every((word) => text.includes(word)));
      here += entry.hidden ? 0 : 1;
      all += 1;
    }
    group.hidden = here === 0;
    shown += here;
  }
  at("count").textContent = `${shown} of ${all}`;
  at("nothing").hidden = shown > 0;
}

if (at("filter")) {
  at("filter").addEventListener("input", filter);
  at("filter").addEventListener("submit", (event) => event.preventDefault());
  filter();
}
offerCopies();
