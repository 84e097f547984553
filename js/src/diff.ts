/** A stretch of a text that stayed, came or went. */
export interface Part {
  kind: "same" | "added" | "gone";
  text: string;
}

/** Of longer texts the words in the middle are one change: to find what is alike in them takes too long. */
const MOST = 1_500;

const words = (text: string): string[] => text.match(/\s+|[\p{L}\p{N}\p{M}_]+|./gsu) ?? [];

/** What became of a text, word by word. */
export function changes(before: string, after: string): Part[] {
  const old = words(before);
  const now = words(after);
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++;
  let end = 0;
  while (
    end < Math.min(old.length, now.length) - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  )
    end++;
  const parts: Part[] = [];
  const say = (kind: Part["kind"], text: string) => {
    const last = parts.at(-1);
    if (!text) return;
    if (last?.kind === kind) last.text += text;
    else parts.push({ kind, text });
  };
  say("same", old.slice(0, start).join(""));
  const a = old.slice(start, old.length - end);
  const b = now.slice(start, now.length - end);
  if (a.length > MOST || b.length > MOST) {
    say("gone", a.join(""));
    say("added", b.join(""));
  } else for (const [kind, word] of between(a, b)) say(kind, word);
  say("same", old.slice(old.length - end).join(""));
  return parts;
}

/** The longest common subsequence, walked from the front. */
function* between(a: string[], b: string[]): Generator<[Part["kind"], string]> {
  const wide = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * wide);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * wide + j] =
        a[i] === b[j]
          ? (longest[(i + 1) * wide + j + 1] ?? 0) + 1
          : Math.max(longest[(i + 1) * wide + j] ?? 0, longest[i * wide + j + 1] ?? 0);
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [old = "", now = ""] = [a[i], b[j]];
    if (i < a.length && j < b.length && old === now) {
      yield ["same", old];
      i++;
      j++;
    } else if (
      i < a.length &&
      (j >= b.length || (longest[(i + 1) * wide + j] ?? 0) >= (longest[i * wide + j + 1] ?? 0))
    ) {
      yield ["gone", old];
      i++;
    } else {
      yield ["added", now];
      j++;
    }
  }
}
