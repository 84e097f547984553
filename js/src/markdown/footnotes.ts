import type { TokenizerAndRendererExtension, Tokens } from "marked";
import { nextLine } from "./lines";

/*
 * GitHub's footnotes: `[^1]` in the text, `[^1]: what it says` on lines of their own. They have no ids, since those of
 * two messages would be in each other's way: marks and notes are told by their number within the message.
 */

interface Note extends Tokens.Generic {
  label: string;
  tokens: Tokens.Generic[];
}

/** Of the text that is parsed just now: what notes there are, and the labels in the order of their first use. */
let notes = new Map<string, string>();
let used: string[] = [];

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const MARK = /^\[\^([^\s[\]]{1,60})\]/;
/** Lines that are indented go on with it. */
const NOTE = /^\[\^([^\s[\]]{1,60})\]:[ \t]*([^\n]*(?:\n[ \t]{2,}[^\n]+)*)(?:\n|$)/;

const note: TokenizerAndRendererExtension = {
  name: "note",
  level: "block",
  start: (src) => nextLine(src, "[^", NOTE),
  tokenizer(src) {
    const found = NOTE.exec(src);
    if (!found) return undefined;
    const label = (found[1] ?? "").toLowerCase();
    const made: Note = { type: "note", raw: found[0], label, tokens: [] };
    if (!notes.has(label)) notes.set(label, "");
    this.lexer.inline((found[2] ?? "").replace(/\n[ \t]+/g, "\n").trim(), made.tokens as never);
    return made;
  },
  renderer(token) {
    const { label, tokens } = token as Note;
    if (!notes.get(label)) notes.set(label, this.parser.parseInline(tokens as never) || " ");
    return "";
  },
};

const mark: TokenizerAndRendererExtension = {
  name: "mark",
  level: "inline",
  start: (src) => {
    const found = src.indexOf("[^");
    return found < 0 ? undefined : found;
  },
  tokenizer(src) {
    const found = MARK.exec(src);
    return found ? { type: "mark", raw: found[0], text: (found[1] ?? "").toLowerCase() } : undefined;
  },
  renderer({ raw, text }) {
    if (!notes.has(text)) return escaped(raw);
    if (!used.includes(text)) used.push(text);
    return `<sup><a class="cc-note">${used.indexOf(text) + 1}</a></sup>`;
  },
};

export const footnotes = [note, mark];

/** Parse a text that may have footnotes; its notes stand at the end. */
export function withNotes(parse: () => string): string {
  notes = new Map();
  used = [];
  const body = parse();
  // A note that no mark leads to is shown all the same: somebody wrote it.
  const shown = new Set([...used, ...notes.keys()]);
  const items = [...shown].map((label) => `<li>${notes.get(label)}</li>\n`);
  return items.length > 0 ? `${body}<ol class="cc-notes">\n${items.join("")}</ol>\n` : body;
}
