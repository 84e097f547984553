// Builds the panel into collabchat/panel/static/: panel.js, panel.css and the notices of what is inside.
//
// The whole of panel.js is in the state of every widget, sent to each browser and saved with each notebook. So the
// minified module travels compressed: panel.js unpacks it and imports it from a Blob URL, as anywidget does with
// panel.js itself. `--plain` leaves it as it is, for a look into it.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const option = (name) => process.argv.find((word) => word.startsWith(`--${name}=`))?.split("=")[1];
const outdir = option("outdir") ?? here("../collabchat/panel/static/");
/** Of the unpacked module: what a browser parses at each start. */
const BUDGET = 200_000;

/** Nothing in the bundle may name a host outside, and the parser's advice to report its failures does. */
const noHosts = {
  name: "no-hosts",
  setup(build) {
    build.onLoad({ filter: /marked\.esm\.js$/ }, async ({ path }) => {
      const { readFile } = await import("node:fs/promises");
      const text = await readFile(path, "utf8");
      return {
        contents: text.replaceAll(/(\\n)?Please report this to https:\/\/[\w./-]+/g, ""),
        loader: "js",
      };
    });
  },
};

const result = await esbuild.build({
  entryPoints: { panel: here("src/index.ts") },
  outdir,
  bundle: true,
  write: false,
  format: "esm",
  platform: "browser",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  minify: true,
  charset: "utf8",
  legalComments: "external",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
  plugins: [noHosts],
});

mkdirSync(outdir, { recursive: true });
for (const { path, text } of result.outputFiles) {
  const script = path.endsWith(".js");
  if (script) check(text);
  const content = script && !process.argv.includes("--plain") ? packed(text) : text;
  writeFileSync(path, content);
  const size = Buffer.byteLength(content).toLocaleString("en");
  const unpacked = script ? ` (unpacked ${Buffer.byteLength(text).toLocaleString("en")})` : "";
  console.log(`${path}: ${size} bytes${unpacked}`);
}

function check(module) {
  const hosts = [...module.matchAll(/https?:\/\/[\w.-]+/g)]
    .map(([url]) => url)
    .filter((url) => url !== "http://www.w3.org");
  if (hosts.length > 0) throw new Error(`The panel names hosts outside: ${hosts.join(", ")}`);
  const size = Buffer.byteLength(module);
  if (size > BUDGET) throw new Error(`The panel has ${size} bytes unpacked, over its budget of ${BUDGET}.`);
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
