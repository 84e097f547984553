import type { State } from "./state";

/**
 * A selector that gives the same list as long as what it was made of is the same: whoever shows it is not drawn again.
 *
 * What it is made of always holds the rooms; with them goes what was remembered.
 */
export function remembered<T>(
  madeOf: (state: State) => readonly unknown[],
  select: (state: State) => T,
): (state: State) => T {
  const known = new WeakMap<State["rooms"], { parts: readonly unknown[]; value: T }>();
  return (state) => {
    const parts = madeOf(state);
    const last = known.get(state.rooms);
    if (last?.parts.every((part, i) => Object.is(part, parts[i]))) return last.value;
    const value = select(state);
    known.set(state.rooms, { parts, value });
    return value;
  };
}
