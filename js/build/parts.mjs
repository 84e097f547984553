// Splits the source into the panel and its parts that come later, and joins each to one file.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import * as esbuild from "esbuild";

export const hashed = (content) => createHash("sha256").update(content).digest("hex").slice(0, 12);

/** Nothing may name a host outside, and some libraries' advice to those who write programs does. */
const ADVICE = {
  "marked.esm.js": /(\\n)?Please report this to https:\/\/[\w./-]+/g,
  "core.js": /https:\/\/github\.com\/highlightjs\/[\w./#-]+/g,
};

export const noHosts = {
  name: "no-hosts",
  setup(build) {
    build.onLoad({ filter: /marked\.esm\.js$|highlight\.js.lib.core\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      return { contents: text.replaceAll(ADVICE[basename(path)], ""), loader: "js" };
    });
  },
};

/** The module that stands for src/chunks.ts. */
const CHUNKS = "cc:chunks";

const ownChunks = {
  name: "own-chunks",
  setup(build) {
    build.onResolve({ filter: /\/chunks$/ }, ({ kind }) =>
      kind === "import-statement" ? { path: CHUNKS, external: true, sideEffects: false } : undefined,
    );
  },
};

/** Styles of a part come with it: `import css from "./a.css?inline"` is their text, to be drawn in a `<style>`. */
const ownStyles = {
  name: "own-styles",
  setup(build) {
    const { target, charset } = build.initialOptions;
    build.onResolve({ filter: /\.css\?inline$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.replace("?inline", "")),
      namespace: "own-styles",
    }));
    build.onLoad({ filter: /./, namespace: "own-styles" }, async ({ path }) => {
      const options = { loader: "css", minify: true, target, charset };
      const { code } = await esbuild.transform(await readFile(path, "utf8"), options);
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** First round: modules by file name, which of them are parts by name, the styles, and how large what is. */
export async function split(options) {
  const result = await esbuild.build({
    ...options,
    plugins: [...options.plugins, ownChunks, ownStyles],
    format: "esm",
    splitting: true,
    metafile: true,
    outdir: "out",
    chunkNames: "[name]-[hash]",
  });
  const modules = new Map();
  const named = new Map();
  const packages = new Set();
  let css = "";
  for (const [path, output] of Object.entries(result.metafile.outputs)) {
    const file = basename(path);
    const { text } = result.outputFiles.find((one) => basename(one.path) === file);
    if (file.endsWith(".css")) css += text;
    if (!file.endsWith(".js")) continue;
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const found = input.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//);
      if (found && bytesInOutput > 0) packages.add(found[1]);
    }
    const of = (kind) =>
      output.imports.filter((one) => one.kind === kind && !one.external).map((one) => basename(one.path));
    modules.set(file, { text, needs: of("import-statement"), later: of("dynamic-import") });
    if (output.entryPoint && file !== "panel.js") {
      const name = basename(output.entryPoint).replace(/\.\w+$/, "");
      if (named.has(name)) throw new Error(`Two parts have the name ${name}: ${output.entryPoint} is one.`);
      named.set(name, file);
    }
  }
  const first = reach(modules, "panel.js");
  const sizes = Object.entries(result.metafile.outputs)
    .filter(([path]) => first.has(basename(path)))
    .flatMap(([, { inputs }]) =>
      Object.entries(inputs).map(([input, { bytesInOutput }]) => [input, bytesInOutput]),
    )
    .sort((a, b) => b[1] - a[1]);
  return { modules, named, packages, css, sizes };
}

/** A file and all that it imports the ordinary way. */
function reach(modules, file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const needed of modules.get(file).needs) reach(modules, needed, seen);
  return seen;
}

/** The plan: what is in the first file, and which files become assets of their own, by name. */
function planned({ modules, named }) {
  const first = reach(modules, "panel.js");
  const parts = new Map();
  for (const file of modules.keys()) {
    if (first.has(file)) continue;
    const [name] = [...named].find(([, one]) => one === file) ?? [`s${parts.size}`];
    parts.set(file, name);
  }
  // By what a part finds a module of the first file.
  const keys = new Map([...first].map((file, at) => [file, at]));
  return { first, parts, keys };
}

/** `import("./X-HASH.js")` becomes a call of the loader. */
function withLoader(file, { text, later }, parts, first) {
  let count = 0;
  const made = text.replaceAll(/\bimport\("\.\/([\w.-]+\.js)"\)/g, (_, target) => {
    count += 1;
    if (first.has(target))
      throw new Error(`${target} is imported the ordinary way too, so it does not come later.`);
    return `__cc.load(${JSON.stringify(parts.get(target))})`;
  });
  if (count < new Set(later).size) throw new Error(`${file}: an import() was not understood.`);
  return count > 0 ? `import{chunks as __cc}from${JSON.stringify(CHUNKS)};${made}` : made;
}

/** Gives esbuild the modules of the first round; `virtual` are others, by path. */
const fromFirstRound = (modules, parts, first, virtual) => ({
  name: "first-round",
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path }) => {
      if (virtual(path) !== undefined) return { path, namespace: "virtual" };
      const file = basename(path);
      if (modules.has(file)) return { path: file, namespace: "module" };
      throw new Error(`Nothing is known of ${path}.`);
    });
    build.onLoad({ filter: /.*/, namespace: "virtual" }, ({ path }) => ({
      contents: virtual(path),
      loader: "js",
    }));
    build.onLoad({ filter: /.*/, namespace: "module" }, ({ path }) => ({
      contents: withLoader(path, modules.get(path), parts, first),
      loader: "js",
    }));
  },
});

async function join(options, entry, plugin) {
  const result = await esbuild.build({ ...options, entryPoints: [entry], outdir: "out", plugins: [plugin] });
  return result.outputFiles.find(({ path }) => path.endsWith(".js")).text;
}

export const joined = {
  /** Each part as a module whose default is a function of the modules that are there. */
  async later({ modules, named }, options) {
    const { first, parts, keys } = planned({ modules, named });
    const made = {};
    for (const [file, name] of parts) {
      const others = modules.get(file).needs;
      const virtual = (path) => {
        if (path === CHUNKS) return `module.exports={chunks:modules[${JSON.stringify(CHUNKS)}]}`;
        const one = basename(path);
        if (one === file || !modules.has(one)) return undefined;
        return `module.exports=modules[${JSON.stringify(parts.get(one) ?? keys.get(one))}]`;
      };
      const text = await join(
        {
          ...options,
          format: "iife",
          globalName: "part",
          banner: { js: "export default(modules)=>{" },
          footer: { js: "return part}" },
        },
        file,
        fromFirstRound(modules, parts, first, virtual),
      );
      made[name] = { text, needs: others.filter((one) => !first.has(one)).map((one) => parts.get(one)) };
    }
    return made;
  },

  /** The panel, with what the parts need of it within their reach. */
  async first({ modules, named }, options, files) {
    const { first, parts, keys } = planned({ modules, named });
    const wanted = new Set(
      [...parts.keys()].flatMap((file) => modules.get(file).needs).filter((one) => first.has(one)),
    );
    const lines = [...wanted].map((one, i) => `import * as m${i} from "./${one}";`);
    const table = [...wanted].map((one, i) => `${keys.get(one)}:m${i}`);
    const virtual = (path) => {
      if (path === CHUNKS) return `export const chunks={files:${JSON.stringify(files)},modules:{},load:null}`;
      if (path === "cc:entry")
        return `${lines.join("")}import{chunks}from"${CHUNKS}";
Object.assign(chunks.modules,{${[...table, `"${CHUNKS}":chunks`].join(",")}});
export{default}from"./panel.js";`;
      return undefined;
    };
    return join({ ...options, format: "esm" }, "cc:entry", fromFirstRound(modules, parts, first, virtual));
  },
};
