import createDOMPurify from "dompurify";
import { Marked, type Tokens } from "marked";

const TAGS = [
  ..."a p br hr em strong del code pre blockquote ul ol li".split(" "),
  ..."h1 h2 h3 h4 h5 h6 table thead tbody tr th td".split(" "),
];
const ATTRIBUTES = ["href", "title", "start", "align"];
const SCHEMES = /^(?:https?|mailto):/i;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    // HTML in a message is text that somebody wants to talk about.
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escaped(text),
    // Nothing is loaded from outside: a picture is a link to it.
    image: ({ href, text }: Tokens.Image) =>
      SCHEMES.test(href) ? `<a href="${escaped(href)}">${escaped(text || href)}</a>` : escaped(text || href),
    checkbox: ({ checked }: Tokens.Checkbox) => (checked ? "☑ " : "☐ "),
  },
});

const purify = createDOMPurify(window);

/** Who is meant by a handle; null where nobody is. */
export type Mentioned = (handle: string) => { name: string; me: boolean } | null;

/** Quotations and lists in each other so deep are no writing any more, and break parsers and browsers. */
const TOO_DEEP = /^[ \t]*(?:(?:>|[-*+][ \t]|\d+[.)][ \t])[ \t]*){25}/m;

function parsed(text: string): string {
  try {
    if (!TOO_DEEP.test(text)) return marked.parse(text, { async: false });
  } catch {
    // A text that the parser cannot bear is shown as it was written.
  }
  return `<p>${escaped(text)}</p>`;
}

/** Markdown as a fragment of the document that holds nothing but what `TAGS` allows. */
export function render(text: string, mentioned: Mentioned = () => null): DocumentFragment {
  const fragment = purify.sanitize(parsed(text), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOWED_URI_REGEXP: SCHEMES,
    // Else their values would have to be addresses.
    ADD_URI_SAFE_ATTR: ["align", "start"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of fragment.querySelectorAll("a")) {
    if (!SCHEMES.test(link.getAttribute("href") ?? "")) link.removeAttribute("href");
    else {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
  }
  for (const item of fragment.querySelectorAll("li"))
    if (/^\s*[☑☐] /.test(item.textContent ?? "")) item.className = "cc-task";
  markMentions(fragment, mentioned);
  return fragment;
}

/** One line without marks, for lists and quotations. */
export function plain(text: string, length = 160): string {
  const line = text
    .slice(0, length * 4)
    .replace(/```[^\n]*\n?/g, " ")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^\s{0,3}(?:#{1,6}|>|[-*+]|\d+[.)])\s+(?:\[[ x]\]\s)?/gm, "")
    .replace(/(\*\*|__|~~|`)/g, "")
    .replace(/(?<!\S)[*_](\S(?:[^*_]*\S)?)[*_](?!\w)/g, "$1")
    .replace(/\|?[\s:]*-{3,}[\s:|-]*/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

const MENTION = /(?<![\p{L}\p{N}_@./-])@([\p{L}\p{N}_][\p{L}\p{N}_.-]*)/gu;

function markMentions(fragment: DocumentFragment, mentioned: Mentioned): void {
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) {
    const node = walker.currentNode as Text;
    if (node.data.includes("@") && !node.parentElement?.closest("code, a")) texts.push(node);
  }
  for (const node of texts) {
    const parts: (string | Node)[] = [];
    let end = 0;
    for (const match of node.data.matchAll(MENTION)) {
      // A full stop after a name ends the sentence, not the name.
      const whole = match[1] ?? "";
      const trimmed = whole.replace(/[.-]+$/, "");
      const handle = mentioned(whole) ? whole : trimmed;
      const who = mentioned(handle);
      if (!who) continue;
      const mark = document.createElement("span");
      mark.className = who.me ? "cc-mention cc-mention-me" : "cc-mention";
      mark.textContent = `@${handle}`;
      mark.title = who.name;
      parts.push(node.data.slice(end, match.index), mark);
      end = match.index + 1 + handle.length;
    }
    if (end > 0) {
      parts.push(node.data.slice(end));
      node.replaceWith(...parts);
    }
  }
}
