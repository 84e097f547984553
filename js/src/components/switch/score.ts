export { fold } from "./folded";

/** The text from each of its words on. */
const tails = (text: string): string[] =>
  [...text.matchAll(/(?<=^|[\s._\-/])[^\s._\-/]/g)].map(({ index }) => text.slice(index));

/** Whether two texts differ by one sign at most: another one, one too many, one too few, two in the wrong order. */
export function nearlySame(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const left = a.length - start - end;
  const right = b.length - start - end;
  if (left <= 1 && right <= 1) return true;
  return left === 2 && right === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
}

/** From so many signs on one of them may be wrong. */
const SURE = 3;

function slip(query: string, text: string): boolean {
  if (query.length < SURE) return false;
  return tails(text).some((tail) =>
    [-1, 0, 1].some((more) => nearlySame(query, tail.slice(0, query.length + more))),
  );
}

/** How well one after the other the signs of a query stand in a text, from 0 (not at all) to 1. */
function scattered(query: string, text: string): number {
  let at = -1;
  let first = 0;
  for (const sign of query) {
    at = text.indexOf(sign, at + 1);
    if (at < 0) return 0;
    if (sign === query[0] && first === 0) first = at;
  }
  return query.length / (at - first + 1);
}

function scoreOne(query: string, text: string): number {
  if (text === query) return 100;
  if (text.startsWith(query)) return 85;
  const at = text.indexOf(query);
  if (at > 0) return /[\s._\-/@#]/.test(text[at - 1] ?? "") ? 70 : 50;
  const near = scattered(query, text);
  if (near > 0.4) return 20 + 20 * near;
  return slip(query, text) ? 18 : 0;
}

/**
 * How well a text answers a query, from 0 (not at all) to 100. Both are folded; every word of the query has to be
 * answered.
 */
export function score(query: string, text: string): number {
  const whole = query.trim();
  if (!whole) return 1;
  const direct = scoreOne(whole, text);
  const parts = whole.split(/\s+/);
  if (direct > 0 || parts.length < 2) return direct;
  const each = parts.map((part) => scoreOne(part, text));
  return each.includes(0) ? 0 : Math.min(...each) * 0.9;
}
