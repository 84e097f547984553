import type { Names } from "../../src/markdown";
import { colour } from "../../src/markdown/highlight";
import { finish, render, type Tools } from "../../src/markdown/markdown";
import { typeset } from "../../src/markdown/math";
import attacks from "./attacks.json";

/** Texts that want to be more than text, of every kind that is known. The tests in a browser use this file too. */
export const ATTACKS: readonly string[] = attacks;

const EVIL = '"><img src=x onerror=alert(1)>';
export const NAMES: Names = {
  member: () => ({ id: EVIL, name: EVIL, me: false }),
  room: () => ({ id: EVIL, name: EVIL }),
  roomOf: () => EVIL,
};
export const TOOLS: Tools = {
  colour,
  math: typeset,
  emoji: { byName: (name) => (name === "x" ? EVIL : undefined) },
};

const HTML = new Set(
  "a p br hr em strong del code pre blockquote ul ol li sup h1 h2 h3 h4 h5 h6 table thead tbody tr th td span div button".split(
    " ",
  ),
);
const MATHML = new Set(
  "math semantics mrow mi mn mo ms mtext mspace mstyle mpadded mphantom mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd menclose".split(
    " ",
  ),
);
const OF_HTML = new Set(
  "href title start align class target rel tabindex role type aria-label data-member data-room data-message".split(
    " ",
  ),
);
const OF_MATHML =
  /^(xmlns|display|math\w+|scriptlevel|displaystyle|stretchy|fence|separator|minsize|maxsize|largeop|movablelimits|symmetric|accent|accentunder|lspace|rspace|width|height|depth|voffset|linethickness|columnalign|columnspacing|rowspacing|columnlines|rowlines|frame|notation|side|form)$/;
const CLASSES =
  /^(cc-(mention|room-link|message-link|task|action|scroll|code|copy|note|notes|math-set|math-set cc-math-alone|hl-[a-z_]+)|language-[\w+#.-]+|cc-math(-block)?)$/;

/** What is wrong with a text that was drawn (in a document, for a while, where one is given); empty where nothing is. */
export function wrong(text: string, body?: HTMLElement): string[] {
  const element = document.createElement("div");
  body?.append(element);
  element.append(render(text, NAMES, EVIL));
  finish(element, TOOLS);
  const found = problems(element);
  element.remove();
  return found;
}

/** What is in an element that no text may put there. */
export function problems(element: HTMLElement): string[] {
  const found: string[] = [];
  for (const one of element.querySelectorAll("*")) {
    const math = one.namespaceURI === "http://www.w3.org/1998/Math/MathML";
    if (!(math ? MATHML : HTML).has(one.localName)) found.push(`element ${one.localName}`);
    for (const { name, value } of one.attributes) {
      if (math ? !OF_MATHML.test(name) : !OF_HTML.has(name)) found.push(`${one.localName} ${name}=${value}`);
      if (name === "href" && !/^(https?:|mailto:)/.test(value)) found.push(`address ${value}`);
      if (math && /[<>:;()]/.test(value) && name !== "xmlns") found.push(`${one.localName} ${name}=${value}`);
      if (name === "class" && !CLASSES.test(value)) found.push(`class ${value}`);
    }
    if (
      one.localName === "a" &&
      one.hasAttribute("href") &&
      one.getAttribute("rel") !== "noopener noreferrer"
    )
      found.push("a link that tells where one comes from");
  }
  return found;
}

/** The same numbers each time (mulberry32). */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Pieces of Markdown, HTML and TeX, cut and put together as nobody would. */
const PIECES = [
  ..."< > \" ' ` `` ``` ~~~ * ** _ __ ~~ # ## > - + 1. | |- ||| [ ] ( ) ![ ]( ]: [^1] [^1]: $ $$ \\ / & ; = : :x: @ana #room".split(
    " ",
  ),
  ..."<script> </script> <svg <math> <img <iframe <style> <!-- --> <![CDATA[ ]]> <a <form> <input <template> <noscript> <title> <xmp> <table> <select>".split(
    " ",
  ),
  ..."onerror=alert(1) onload=alert(1) onfocus=alert(1) autofocus style=x:expression(1) href= src=x srcdoc= id=cookie name=constructor class=cc-panel".split(
    " ",
  ),
  ..."javascript:alert(1) JaVaScRiPt: data:text/html,x vbscript:x &#106;avascript: java&Tab;script: javascript&colon;alert(1) https://example.org www.example.org x@example.org collabchat:1/2 file:///x //x".split(
    " ",
  ),
  ..."\\href{javascript:alert(1)}{x} \\url{x} \\includegraphics{x} \\htmlData{a=b}{x} \\htmlStyle{x:y}{z} \\frac{1}{2} \\color{red} \\text{<b>} \\def\\a{\\a} \\rule{1em}{1em}".split(
    " ",
  ),
  ...[
    "\n",
    "\n\n",
    " ",
    "\t",
    "    ",
    "```html\n",
    "```math\n",
    "| a |\n|---|\n| ",
    "\u0000",
    "\u200b",
    "\u202e",
    "\ud800",
    "\u2028",
  ],
  ...["é", "e\u0301\u0301", "👩‍🔬", "عربى", "x", "text", "/me "],
];

/** As many texts as are asked for, always the same ones. */
export function* generated(count: number): Generator<string> {
  const next = random(20_261_124);
  const one = (list: readonly string[]) => list[Math.floor(next() * list.length)] ?? "";
  for (let n = 0; n < count; n++) {
    let text = "";
    for (let left = 2 + Math.floor(next() * 12); left > 0; left--) {
      const piece = one(next() < 0.15 ? ATTACKS : PIECES);
      const at = next() < 0.7 ? text.length : Math.floor(next() * (text.length + 1));
      text = text.slice(0, at) + piece + text.slice(at);
    }
    yield text;
  }
}
