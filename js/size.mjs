// Fails when the built panel is over its budget: all of it is in the state of every widget.
import { statSync } from "node:fs";

const BUDGET = 150_000;
const folder = new URL("../collabchat/panel/static/", import.meta.url);
const sizes = ["panel.js", "panel.css"].map((name) => [name, statSync(new URL(name, folder)).size]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
for (const [name, size] of sizes) console.log(`${name}: ${size.toLocaleString("en")} bytes`);
console.log(`together: ${total.toLocaleString("en")} of ${BUDGET.toLocaleString("en")} bytes`);
if (total > BUDGET) {
  console.error("The panel is over its budget: load the heavy part when it is first needed instead.");
  process.exit(1);
}
