/** A part of a query, as it stands in the text. */
export interface Piece {
  from: number;
  to: number;
  /** Of a filter: its name, in small letters; null of a word or a phrase. */
  name: string | null;
  /** Of a filter: what stands after the colon, without its quotes. */
  value: string;
  not: boolean;
}

const FILTER = "from|in|to|mentions|has|before|after|on|during|is|type";
const PIECE = new RegExp(`(?<=^|[\\s(])(-?)(?:(${FILTER}):)?("[^"]*"?|[^\\s()"]+|(?<=:))`, "giu");

/** The words, phrases and filters of a query, in order. */
export function pieces(text: string): Piece[] {
  return [...text.matchAll(PIECE)].map((found) => {
    const [whole, not, name, value = ""] = found;
    return {
      from: found.index,
      to: found.index + whole.length,
      name: name?.toLowerCase() ?? null,
      value: value.replace(/^"|"$/g, ""),
      not: not === "-",
    };
  });
}

/** The filter whose value the cursor is in. */
export function filterAt(text: string, cursor: number): Piece | null {
  const found = pieces(text).find(
    ({ name, from, to }) => name !== null && cursor > text.indexOf(":", from) && cursor <= to,
  );
  return found ?? null;
}

/** A value as a query has it: in quotes where it has a space. */
export const quoted = (value: string): string =>
  /[\s()"]/.test(value) ? `"${value.replaceAll('"', "")}"` : value;

/** A text, and where the cursor stands in it. */
export interface Edit {
  text: string;
  cursor: number;
}

/** With another value of a filter, and room to type on. */
export function withValue(text: string, { from, to, name, not }: Piece, value: string, said?: string): Edit {
  const filter = said ?? `${not ? "-" : ""}${name}:${quoted(value)}`;
  const rest = text.slice(to).replace(/^\s+/, "");
  return { text: `${text.slice(0, from)}${filter} ${rest}`, cursor: from + filter.length + 1 };
}

/** With the beginning of a filter at its end; where it has one without a value, that one. */
export function withFilter(text: string, name: string): Edit {
  const open = pieces(text).find((piece) => piece.name === name && piece.value === "");
  if (open) return { text, cursor: open.to };
  const before = text.trimEnd();
  const next = `${before}${before && " "}${name}:`;
  return { text: next, cursor: next.length };
}

/** Without one of its parts. */
export function without(text: string, { from, to }: Piece): string {
  return `${text.slice(0, from).trimEnd()} ${text.slice(to).trimStart()}`.trim();
}

/** What may be the name of a room or a person; null where it is more than words. */
export function namesIn(text: string): string | null {
  if (/["()]/.test(text) || pieces(text).some(({ name, not }) => name !== null || not)) return null;
  return text;
}
