// A journey's diagram, drawn from its file.

import { Diagram } from "./diagram.js";
import { offerCopies } from "./reference_copy.js";

const diagram = new Diagram(document.getElementById("diagram"));
diagram.append(JSON.parse(document.getElementById("rows").textContent));
offerCopies();
