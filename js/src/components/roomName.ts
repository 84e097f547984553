import type { Id, Room } from "../protocol";

/** A name as rooms have them: words joined by dashes. Said while one types, so that nothing is refused later. */
export const tidyName = (typed: string): string =>
  typed
    .replace(/^[#\s]+/, "")
    .replace(/\s+/g, "-")
    .replace(/[^\p{L}\p{N}_.-]/gu, "")
    .replace(/^[.-]+/, "")
    .slice(0, 80);

/** The room that has this name, as the hub compares names. */
export function roomCalled(rooms: ReadonlyMap<Id, Room>, name: string): Room | undefined {
  const wanted = name.toLowerCase();
  if (!wanted) return undefined;
  return [...rooms.values()].find((room) => room.kind !== "direct" && room.name.toLowerCase() === wanted);
}

/** A name that no room has yet. */
export function freeName(rooms: ReadonlyMap<Id, Room>, name: string): string {
  for (let n = 1; ; n++) {
    const next = n === 1 ? name : `${name.slice(0, 76)}-${n}`;
    if (!roomCalled(rooms, next)) return next;
  }
}
