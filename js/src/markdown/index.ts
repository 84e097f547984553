/** What of Markdown is needed before its parser is there. */

/** Who or what the names in a text stand for; null where nobody and nothing is called so. */
export interface Names {
  member(handle: string): { id: string; name: string; me: boolean } | null;
  room(name: string): { id: string; name: string } | null;
  /** The name of a room that is meant by its id. */
  roomOf(id: string): string | null;
}

export const NOBODY: Names = { member: () => null, room: () => null, roomOf: () => null };

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

/** What one does, as in `/me waves`. */
export const action = (text: string): string | null => /^\/me\s+(\S[\s\S]*)$/.exec(text)?.[1] ?? null;

const TONE = "[\\u{1F3FB}-\\u{1F3FF}]";
const ONE = `(?:\\p{Regional_Indicator}{2}|[#*0-9]\\uFE0F?\\u20E3|\\p{Extended_Pictographic}(?:\\uFE0F|${TONE})?(?:[\\u{E0020}-\\u{E007F}]+)?(?:\\u200D\\p{Extended_Pictographic}(?:\\uFE0F|${TONE})?)*)`;
const FEW = new RegExp(`^\\s*(?:${ONE}\\s*){1,6}$`, "u");

/** Whether a text is one to six emoji and nothing else. */
export const isFewEmoji = (text: string): boolean => text.length <= 200 && FEW.test(text);
