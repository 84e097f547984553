/** The words after a slash that do something in place of being sent; commandWords.ts says what. */
export const COMMANDS =
  "me shrug poll remind later msg topic invite remove join leave rename archive star unstar mute unmute status away back nick keys".split(
    " ",
  );

const COMMAND = /^\/(\p{L}[\p{L}\p{N}-]*)(?:\s+([\s\S]*))?$/u;

/** The command that a text is, known or not; null for a text like any other, "/usr/bin" among them. */
export function commandIn(text: string): { name: string; rest: string; known: boolean } | null {
  const found = COMMAND.exec(text.trim());
  if (!found) return null;
  const name = (found[1] ?? "").toLowerCase();
  return {
    name,
    rest: (found[2] ?? "").trim(),
    known: COMMANDS.includes(name),
  };
}

/** A text that begins with a slash and is meant so: two of them are one. */
export const unslashed = (text: string): string => (/^\/\/\p{L}/u.test(text) ? text.slice(1) : text);
