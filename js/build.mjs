// Bundles the panel into collabchat/panel/static/: panel.js, panel.css and the notices of what is inside.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const outdir = fileURLToPath(new URL("../collabchat/panel/static/", import.meta.url));
mkdirSync(outdir, { recursive: true });

const options = {
  entryPoints: {
    panel: fileURLToPath(new URL("src/index.ts", import.meta.url)),
  },
  outdir,
  bundle: true,
  format: "esm",
  platform: "browser",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  minify: true,
  charset: "utf8",
  legalComments: "external",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "info",
};

if (process.argv.includes("--watch")) await (await esbuild.context(options)).watch();
else await esbuild.build(options);
