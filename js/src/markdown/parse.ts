import { Marked, type TokenizerAndRendererExtension, type Tokens } from "marked";
import { footnotes, withNotes } from "./footnotes";
import { nextLine } from "./lines";

export const SCHEMES = /^(?:https?|mailto):/i;
/** A room of this workspace, or a message in it. */
export const PLACE = /^collabchat:(\d{1,19})(?:\/(\d{1,19}))?$/;

export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** TeX of more signs than this is shown as it is. */
const LONGEST = 4_000;

/** A dollar at the end of `$x$`: not after a space, and no price follows; the same for the one at its start. */
const INLINE = /^\$(?![\s$])((?:\\[^\n]|[^\\\n$]){0,4000}?[^\\\s$]|[^\\\s$])\$(?![\w$])/;
const TICKED = /^\$`([^`\n]{1,4000})`\$/;
const BLOCK = /^\$\$[ \t]*\n?((?:(?!\$\$|\n[ \t]*\n)[\s\S]){1,4000})\$\$[ \t]*(?:\n|$)/;
const DISPLAYED = /^\$\$(?!\$)((?:\\[\s\S]|[^\\$]){1,4000})\$\$/;

/** Where the next dollar is that may begin something: one after a letter or a digit is money or a name. */
function start(text: string): number | undefined {
  for (let at = text.indexOf("$"); at >= 0; at = text.indexOf("$", at + 1))
    if (at === 0 || !/[\w\\$]/.test(text[at - 1] ?? "")) return at;
  return undefined;
}

const math: TokenizerAndRendererExtension = {
  name: "math",
  level: "inline",
  start,
  tokenizer(src) {
    if (src[0] !== "$") return undefined;
    const shown = DISPLAYED.exec(src);
    const found = shown ?? TICKED.exec(src) ?? INLINE.exec(src);
    return found ? { type: "math", raw: found[0], text: found[1] ?? "", block: shown !== null } : undefined;
  },
  renderer: ({ text, block }) =>
    `<code class="${block ? "cc-math-block" : "cc-math"}">${escaped(text)}</code>`,
};

const mathBlock: TokenizerAndRendererExtension = {
  name: "mathBlock",
  level: "block",
  start: (src) => nextLine(src, "$$", BLOCK),
  tokenizer(src) {
    const found = BLOCK.exec(src);
    return found ? { type: "mathBlock", raw: found[0], text: found[1]?.trim() ?? "" } : undefined;
  },
  renderer: ({ text }) => `<p><code class="cc-math-block">${escaped(text)}</code></p>\n`,
};

/**
 * The parser looks far ahead for the end of what may begin at a sign, so a text that is made for it takes time that
 * grows with the square of its length. What it looks at is counted, roughly: past this many signs the rest of a
 * paragraph is text.
 */
const EFFORT = 6_000_000;
let effort = 0;
const spend = (signs: number): boolean => {
  effort += signs;
  return effort <= EFFORT;
};
/** To be asked before a rule that begins with one of these signs: false lets it try, undefined passes it by. */
const bounded = (first: RegExp) => (src: string) =>
  !first.test(src) || spend(src.length) ? false : undefined;
/** What may be the begin of an address is looked through to its end. */
const RUN = /^[\w.!#$%&'*+/=?`{|}~-]*/;

const marked = new Marked({
  gfm: true,
  breaks: true,
  hooks: {
    // A star or an underline inside of TeX begins nothing. As long as it was: places in it count.
    emStrongMask: (src) => src.replace(/\$[^\s$][^$\n]{0,400}\$/g, (all) => "a".repeat(all.length)),
  },
  tokenizer: {
    emStrong: bounded(/^[*_]/),
    link: bounded(/^!?\[/),
    reflink: bounded(/^!?\[/),
    del: bounded(/^~/),
    tag: bounded(/^</),
    inlineText: (src: string) =>
      spend(RUN.exec(src)?.[0].length ?? 0) ? false : { type: "text", raw: src, text: src, escaped: false },
  },
  extensions: [mathBlock, math, ...footnotes],
  renderer: {
    // HTML in a message is text that somebody wants to talk about.
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escaped(text),
    // Nothing is loaded from outside: a picture is a link to it.
    image: ({ href, text }: Tokens.Image) =>
      SCHEMES.test(href) ? `<a href="${escaped(href)}">${escaped(text || href)}</a>` : escaped(text || href),
    checkbox: ({ checked }: Tokens.Checkbox) => (checked ? "☑ " : "☐ "),
    code({ text, lang }: Tokens.Code) {
      const language = /^[\w+#.-]{1,30}/.exec(lang ?? "")?.[0].toLowerCase() ?? "";
      if (language === "math" && text.length <= LONGEST)
        return `<p><code class="cc-math-block">${escaped(text)}</code></p>\n`;
      return `<pre><code${language && ` class="language-${language}"`}>${escaped(text)}\n</code></pre>\n`;
    },
  },
});

/** Quotations and lists in each other so deep are no writing any more, and break parsers and browsers. */
const TOO_DEEP = /^[ \t]*(?:(?:>|[-*+][ \t]|\d+[.)][ \t])[ \t]*){25}/m;

/** Markdown as HTML that is still to be sanitised. */
export function parsed(text: string): string {
  effort = 0;
  try {
    if (!TOO_DEEP.test(text)) return withNotes(() => marked.parse(text, { async: false }));
  } catch {
    // A text that the parser cannot bear is shown as it was written.
  }
  return `<p>${escaped(text)}</p>`;
}
