/** The list with one of it somewhere else. */
export function moved<T>(list: readonly T[], item: T, to: number): T[] {
  const rest = list.filter((other) => other !== item);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}

/** A part of a list in another order, and the rest of it where it was. */
export function reordered<T>(list: readonly T[], part: readonly T[]): T[] {
  const next = [...part];
  return list.map((item) => (part.includes(item) ? (next.shift() ?? item) : item));
}
