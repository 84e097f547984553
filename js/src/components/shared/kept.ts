import type { Panel } from "../../panel";
import type { Id } from "../../protocol";
import type { Listing } from "./listing";
import { type Filters, NO_FILTERS, type Sort } from "./query";

/** What a view looked for among the files and links of a room, and where it was, for when it comes back. */
export interface Kept {
  filters: Filters;
  sort: Sort;
  /** The entry at the top. */
  near: number;
  /** What was there, as long as it was looked at not long ago. */
  listing: Listing | null;
}

/** Lists that are kept of a panel, beside what was looked for in others. */
const LISTS = 4;

const views = new WeakMap<Panel, Map<string, Kept>>();

export function keptOf(panel: Panel, view: string, room: Id): Kept {
  const rooms = views.get(panel) ?? new Map<string, Kept>();
  views.set(panel, rooms);
  const key = `${view} ${room}`;
  const kept = rooms.get(key) ?? { filters: NO_FILTERS, sort: "newest", near: 0, listing: null };
  // The one that was looked at last stands last.
  rooms.delete(key);
  rooms.set(key, kept);
  for (const old of [...rooms.values()].slice(0, -LISTS)) old.listing = null;
  return kept;
}

export type Shape = "list" | "grid";
const SHAPE = "shared-shape";

export const shapeOf = ({ memory }: Panel): Shape =>
  memory.lasting.get<string>(SHAPE) === "grid" ? "grid" : "list";

export const keepShape = ({ memory }: Panel, shape: Shape): void => memory.lasting.set(SHAPE, shape);
