import type { FileId, SharedFile } from "../../protocol";
import type { Entry, Listing } from "./listing";

/** Files that may be chosen at a time. */
export const MOST = 1_000;

/** The files that are chosen, in the order of their choosing. */
export type Chosen = ReadonlyMap<FileId, SharedFile>;

export const NONE_CHOSEN: Chosen = new Map();

export function toggled(chosen: Chosen, file: SharedFile): Chosen {
  const next = new Map(chosen);
  if (!next.delete(file.id) && next.size < MOST) next.set(file.id, file);
  return next;
}

/** With these files too, as far as there is room. */
export function withAll(chosen: Chosen, entries: readonly Entry[]): Chosen {
  const next = new Map(chosen);
  for (const entry of entries)
    if (entry.type === "shared_file" && (next.size < MOST || next.has(entry.id))) next.set(entry.id, entry);
  return next;
}

/** The files from one index to another, both included; what is not there is fetched. */
export async function filesBetween(listing: Listing, one: number, other: number): Promise<Entry[]> {
  const first = Math.min(one, other);
  const last = Math.max(one, other);
  const found: Entry[] = [];
  let files = 0;
  for (let offset = first; offset <= last && files < MOST; ) {
    const some = await listing.some(offset, Math.min(500, last - offset + 1));
    if (some.length === 0) break;
    found.push(...some);
    files += some.filter(({ type }) => type === "shared_file").length;
    offset += some.length;
  }
  return found;
}

export const bytesOf = (chosen: Chosen): number =>
  [...chosen.values()].reduce((sum, { file }) => sum + file.size, 0);
