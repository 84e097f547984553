// Builds the panel into collabchat/panel/static/: panel.js, panel.css, the parts that come later (assets/) and the
// notices of what is inside.
//
// The whole of panel.js is in the state of every widget, sent to each browser and saved with each notebook. So the
// minified module travels compressed: panel.js unpacks it and imports it from a Blob URL, as anywidget does with
// panel.js itself. `--plain` leaves it as it is, for a look into it; `--sizes` tells what is in it.
//
// Everything behind an `import("./X")` is a part of its own, which the kernel brings when it is asked for (see
// src/lazy.tsx). It is built in two rounds, since modules from Blob URLs cannot import each other: first esbuild
// splits the source into modules that import each other; then what the panel needs at once is joined again, and each
// part becomes a function of the modules that are there by then. How the modules of the first round call each
// other's things is a matter of that build alone, so each file has a hash in its name.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { dataFiles } from "./build/data.mjs";
import { notices } from "./build/notices.mjs";
import { hashed, joined, noHosts, split } from "./build/parts.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const option = (name) => process.argv.find((word) => word.startsWith(`--${name}=`))?.split("=")[1];
const outdir = option("outdir") ?? here("../collabchat/panel/static/");
/** Of the unpacked module: what a browser parses at each start. */
const BUDGET = 150_000;

const common = {
  bundle: true,
  write: false,
  platform: "browser",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  minify: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
};

const parts = await split({
  ...common,
  entryPoints: { panel: here("src/index.ts") },
  jsx: "automatic",
  jsxImportSource: "preact",
  plugins: [noHosts],
});

/** Files that the panel asks for, by the name that the source knows. */
const files = {};
const assets = new Map();
for (const [name, { text, needs }] of Object.entries(await joined.later(parts, common))) {
  check(name, text);
  const hash = hashed(text);
  files[name] = [hash, ...needs];
  assets.set(`${name}-${hash}.js`, text);
}
for (const [name, content] of Object.entries(await dataFiles(here("src")))) {
  const [stem, kind] = name.split(".");
  const hash = hashed(content);
  files[name] = [hash];
  assets.set(`${stem}-${hash}.${kind}`, content);
}
const panel = await joined.first(parts, common, files);
check("panel", panel);

rmSync(`${outdir}/assets`, { recursive: true, force: true });
mkdirSync(`${outdir}/assets`, { recursive: true });
write("panel.js", process.argv.includes("--plain") ? panel : packed(panel), panel);
write("panel.css", parts.css);
write("panel.js.LEGAL.txt", notices(parts.packages, here(".")));
for (const [file, content] of assets) write(`assets/${file}`, gzipSync(content, { level: 9 }), content);

const size = Buffer.byteLength(panel);
// A panel that is too large works all the same; size.mjs fails then.
if (size > BUDGET)
  console.error(`The panel has ${size} bytes unpacked, over its budget of ${BUDGET}: see --sizes.`);
if (process.argv.includes("--sizes"))
  for (const [input, bytes] of parts.sizes) console.log(`${String(bytes).padStart(7)} ${input}`);

function write(name, content, unpacked) {
  writeFileSync(`${outdir}/${name}`, content);
  const size = Buffer.byteLength(content).toLocaleString("en");
  const whole =
    unpacked === undefined ? "" : ` (unpacked ${Buffer.byteLength(unpacked).toLocaleString("en")})`;
  console.log(`${name}: ${size} bytes${whole}`);
}

function check(name, module) {
  const hosts = [...module.matchAll(/https?:\/\/[\w.-]+/g)]
    .map(([url]) => url)
    .filter((url) => url !== "http://www.w3.org");
  if (hosts.length > 0) throw new Error(`${name} names hosts outside: ${hosts.join(", ")}`);
}

function packed(module) {
  const data = gzipSync(module, { level: 9 }).toString("base64");
  return `// The panel of collabchat, compressed: its source is the folder js/ of the project.
const data = "${data}";
const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
const url = URL.createObjectURL(new Blob([await new Response(unpacked).text()], { type: "text/javascript" }));
const panel = await import(url);
URL.revokeObjectURL(url);
export default panel.default;
`;
}
