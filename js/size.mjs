// Fails when the built panel is over its budget: all of panel.js and panel.css is in the state of every widget, and
// all of the unpacked module is parsed before anything is drawn.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const folder = new URL("../collabchat/panel/static/", import.meta.url);
const size = (name) => statSync(new URL(name, folder)).size;
const shown = (bytes) => bytes.toLocaleString("en");

const packed = readFileSync(new URL("panel.js", folder), "utf8").match(/^const data = "([^"]+)";$/m);
const module = packed ? gunzipSync(Buffer.from(packed[1], "base64")).length : size("panel.js");
const state = size("panel.js") + size("panel.css");
const BUDGETS = [
  ["the first bundle, minified", module, 150_000],
  ["what is in each widget's state", state, 150_000],
];

for (const name of readdirSync(new URL("assets/", folder)))
  console.log(`assets/${name}: ${shown(size(`assets/${name}`))} bytes`);
for (const [what, bytes, budget] of BUDGETS) {
  console.log(`${what}: ${shown(bytes)} of ${shown(budget)} bytes`);
  if (bytes <= budget) continue;
  console.error("It is over its budget: load the heavy part when it is first needed (src/lazy.tsx).");
  process.exitCode = 1;
}
