import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import fortran from "highlight.js/lib/languages/fortran";
import go from "highlight.js/lib/languages/go";
import http from "highlight.js/lib/languages/http";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import julia from "highlight.js/lib/languages/julia";
import kotlin from "highlight.js/lib/languages/kotlin";
import latex from "highlight.js/lib/languages/latex";
import lua from "highlight.js/lib/languages/lua";
import makefile from "highlight.js/lib/languages/makefile";
import markdown from "highlight.js/lib/languages/markdown";
import matlab from "highlight.js/lib/languages/matlab";
import nginx from "highlight.js/lib/languages/nginx";
import perl from "highlight.js/lib/languages/perl";
import php from "highlight.js/lib/languages/php";
import powershell from "highlight.js/lib/languages/powershell";
import python from "highlight.js/lib/languages/python";
import pythonRepl from "highlight.js/lib/languages/python-repl";
import r from "highlight.js/lib/languages/r";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import sas from "highlight.js/lib/languages/sas";
import scala from "highlight.js/lib/languages/scala";
import scss from "highlight.js/lib/languages/scss";
import shell from "highlight.js/lib/languages/shell";
import sql from "highlight.js/lib/languages/sql";
import stata from "highlight.js/lib/languages/stata";
import swift from "highlight.js/lib/languages/swift";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";

const LANGUAGES = {
  ...{
    bash,
    c,
    cpp,
    csharp,
    css,
    diff,
    dockerfile,
    fortran,
    go,
    http,
    ini,
    java,
    javascript,
    json,
    julia,
    kotlin,
  },
  ...{
    latex,
    lua,
    makefile,
    markdown,
    matlab,
    nginx,
    perl,
    php,
    powershell,
    python,
    r,
    ruby,
    rust,
    sas,
    scala,
  },
  ...{ scss, shell, sql, stata, swift, typescript, xml, yaml, "python-repl": pythonRepl },
};
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);
hljs.registerAliases(["ipython", "python3"], { languageName: "python" });
hljs.registerAliases(["postgresql", "pgsql", "duckdb", "sqlite", "mysql"], { languageName: "sql" });

/** Longer code stays as it is: it may be long to keep a browser busy. */
const LONGEST = 20_000;

/** What highlight.js has found: pieces of text, and what kind they are. */
type Piece = string | { scope?: string; language?: string; children: Piece[] };

/** Code with its kinds of words marked; null for a language that is not known here. */
export function colour(code: string, language: string): DocumentFragment | null {
  if (code.length > LONGEST || !hljs.getLanguage(language)) return null;
  const { _emitter: emitter } = hljs.highlight(code, { language, ignoreIllegals: true });
  const root = (emitter as unknown as { rootNode: Piece }).rootNode;
  const fragment = document.createDocumentFragment();
  // Made piece by piece, so that no HTML is read.
  append(fragment, typeof root === "string" ? [root] : root.children);
  return fragment;
}

function append(to: Node, pieces: readonly Piece[]): void {
  for (const piece of pieces) {
    if (typeof piece === "string") {
      to.appendChild(document.createTextNode(piece));
      continue;
    }
    const kind = /^[a-z_]+/.exec(piece.scope ?? "")?.[0];
    if (!kind) {
      append(to, piece.children);
      continue;
    }
    const span = document.createElement("span");
    span.className = `cc-hl-${kind}`;
    append(span, piece.children);
    to.appendChild(span);
  }
}
