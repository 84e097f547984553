/** What takes the place of a part of a text, and what is selected after it. */
export interface Edit {
  from: number;
  to: number;
  text: string;
  select: [number, number];
}

/** A text, and what is selected in it. */
export interface Selected {
  text: string;
  start: number;
  end: number;
}

export type Mark = "bold" | "italic" | "strike" | "code";
export type Block = "bullets" | "numbers" | "quote";

const MARKS: Record<Exclude<Mark, "code">, string> = { bold: "**", italic: "_", strike: "~~" };
const ITEM = /^([ \t]*)(?:([-*+])|(\d{1,9})([.)]))([ \t]+)(\[[ xX]\][ \t]+)?/;
const QUOTED = /^[ \t]*(?:>[ \t]?)+/;
const FENCE = /^[ \t]{0,3}(```|~~~)/;

/** Whether a place in a text is inside of a code block. */
export function inCode(text: string, at: number): boolean {
  let open = "";
  for (const line of text.slice(0, text.lastIndexOf("\n", at - 1) + 1).split("\n")) {
    const fence = FENCE.exec(line)?.[1];
    if (!fence) continue;
    if (!open) open = fence;
    else if (open === fence) open = "";
  }
  return open !== "";
}

/** Put marks around what is selected, or take them away where they are. */
export function marked({ text, start, end }: Selected, mark: Mark): Edit {
  // Blanks at the ends stay outside: Markdown sees no emphasis else.
  while (start < end && /\s/.test(text[start] ?? "")) start += 1;
  while (end > start && /\s/.test(text[end - 1] ?? "")) end -= 1;
  const inside = text.slice(start, end);
  if (mark === "code" && inside.includes("\n")) return fenced({ text, start, end });
  const sign = mark === "code" ? ticks(inside) : signOf(mark, text, start, end);
  const { length } = sign;
  if (text.slice(start - length, start) === sign && text.slice(end, end + length) === sign && start >= length)
    return {
      from: start - length,
      to: end + length,
      text: inside,
      select: [start - length, end - length],
    };
  if (inside.length > 2 * length && inside.startsWith(sign) && inside.endsWith(sign))
    return {
      from: start,
      to: end,
      text: inside.slice(length, -length),
      select: [start, end - 2 * length],
    };
  return {
    from: start,
    to: end,
    text: sign + inside + sign,
    select: [start + length, end + length],
  };
}

/** An underscore inside of a word is a letter. */
function signOf(mark: Exclude<Mark, "code">, text: string, start: number, end: number): string {
  const touches = /[\p{L}\p{N}]/u.test((text[start - 1] ?? "") + (text[end] ?? ""));
  return mark === "italic" && touches ? "*" : MARKS[mark];
}

function ticks(inside: string): string {
  const longest = Math.max(0, ...[...inside.matchAll(/`+/g)].map(([run]) => run.length));
  return inside.startsWith("`") && inside.endsWith("`") && longest === 1 ? "`" : "`".repeat(longest + 1);
}

/** A code block of what is selected, on lines of its own. */
export function fenced({ text, start, end }: Selected, language = ""): Edit {
  const inside = text.slice(start, end).replace(/\n$/, "");
  const longest = Math.max(2, ...[...inside.matchAll(/^`{3,}/gm)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const before = start > 0 && text[start - 1] !== "\n" ? "\n" : "";
  const after = end < text.length && text[end] !== "\n" ? "\n" : "";
  const head = `${before}${fence}${language}\n`;
  const at = start + head.length;
  return {
    from: start,
    to: end,
    text: `${head}${inside}\n${fence}${after}`,
    select: [at, at + inside.length],
  };
}

/** A link of what is selected: an address wants its words, words want their address. */
export function linked({ text, start, end }: Selected): Edit {
  const inside = text.slice(start, end);
  if (/^(?:https?:\/\/|mailto:)\S+$/i.test(inside))
    return { from: start, to: end, text: `[](${inside})`, select: [start + 1, start + 1] };
  const at = start + inside.length + 3;
  return { from: start, to: end, text: `[${inside}](https://)`, select: [at, at + 8] };
}

/** The lines that a selection touches. */
function touched({ text, start, end }: Selected): { from: number; to: number; lines: string[] } {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const last = end > start && text[end - 1] === "\n" ? end - 1 : end;
  const next = text.indexOf("\n", last);
  const to = next === -1 ? text.length : next;
  return { from, to, lines: text.slice(from, to).split("\n") };
}

const IS: Record<Block, RegExp> = {
  bullets: /^([ \t]*)[-*+][ \t]+/,
  numbers: /^([ \t]*)\d{1,9}[.)][ \t]+/,
  quote: /^([ \t]*)>[ \t]?/,
};

/** Make the lines a list or a quotation, or what they were. */
export function blocked(selected: Selected, block: Block): Edit {
  const { from, to, lines } = touched(selected);
  const wanted = IS[block];
  const some = lines.filter((line) => line.trim());
  const off = some.length > 0 && some.every((line) => wanted.test(line));
  let number = 0;
  const changed = lines.map((line) => {
    if (off) return line.replace(wanted, "$1");
    if (!line.trim() && lines.length > 1 && block !== "quote") return line;
    const [, blank = "", rest = ""] = /^([ \t]*)([\s\S]*)$/.exec(line) ?? [];
    if (block === "quote") return `> ${line}`;
    number += 1;
    const bare = rest.replace(/^(?:[-*+]|\d{1,9}[.)])[ \t]+/, "");
    return `${blank}${block === "bullets" ? "-" : `${number}.`} ${bare}`;
  });
  const text = changed.join("\n");
  const grown = text.length - (to - from);
  const one = selected.start === selected.end;
  const select: [number, number] = one
    ? [Math.max(from, selected.end + grown), Math.max(from, selected.end + grown)]
    : [from, from + text.length];
  return { from, to, text, select };
}

/** What a new line does in a list or a quotation: the next item, or the end of it where the item is empty. */
export function continued({ text, start, end }: Selected): Edit | null {
  if (inCode(text, start)) return null;
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const line = text.slice(from, text.indexOf("\n", start) === -1 ? text.length : text.indexOf("\n", start));
  const item = ITEM.exec(line);
  const head = item?.[0] ?? QUOTED.exec(line)?.[0];
  if (head === undefined || start - from < head.length) return null;
  if (!line.slice(head.length).trim())
    return { from, to: Math.max(end, from + line.length), text: "", select: [from, from] };
  let next = head;
  if (item) {
    const [, blank = "", bullet, number = "0", dot = ".", gap = " ", task] = item;
    next = `${blank}${bullet ?? `${Number(number) + 1}${dot}`}${gap}${task ? "[ ] " : ""}`;
  }
  const at = start + 1 + next.length;
  return { from: start, to: end, text: `\n${next}`, select: [at, at] };
}

const indent = (line: string): number => (/^[ \t]*/.exec(line)?.[0] ?? "").replaceAll("\t", "    ").length;

/** Move the items of a list in or out; null where there is nothing to move, so that Tab goes on. */
export function indented(selected: Selected, out: boolean): Edit | null {
  const { text, start, end } = selected;
  if (inCode(text, start)) return null;
  const { from, to, lines } = touched(selected);
  const first = lines[0] ?? "";
  if (!lines.every((line) => ITEM.test(line))) return null;
  let by: number;
  if (out) {
    by = -Math.min(indent(first), /\d/.test(first.trimStart()[0] ?? "") ? 3 : 2);
    if (by === 0) return null;
  } else {
    // Under the text of the item above it, and no deeper.
    const above =
      text
        .slice(0, Math.max(0, from - 1))
        .split("\n")
        .at(-1) ?? "";
    const parent = from > 0 ? ITEM.exec(above) : null;
    if (!parent || indent(above) < indent(first)) return null;
    by = indent(above) + parent[0].trimStart().replace(/\[.*/, "").length - indent(first);
    if (by <= 0) return null;
  }
  const changed = lines.map((line) => {
    const blank = Math.max(0, indent(line) + by);
    return " ".repeat(blank) + line.trimStart();
  });
  const moved = changed.join("\n");
  const head = (changed[0] ?? "").length - first.length;
  const grown = moved.length - (to - from);
  return {
    from,
    to,
    text: moved,
    select: [Math.max(from, start + head), Math.max(from, end + grown)],
  };
}
