import type { Entry } from "./entries";

/** A picture is drawn no higher, no wider, and in no more extreme shape. */
const HIGH = 300;
const HIGH_IN_ROW = 220;
const WIDE = 480;
const GAP = 4;
const RATIOS = { least: 0.45, most: 3.2 };
/** A picture of a few pixels has room for a click all the same. */
const LEAST = 72;
const IN_ROW = 3;

export interface Shaped {
  entry: Entry;
  /** Width over height of its place. */
  ratio: number;
}

/** Pictures in rows of at most three, as even as they can be. */
export function rowsOf(entries: readonly Entry[]): Shaped[][] {
  const shaped = entries.map((entry) => ({ entry, ratio: ratioOf(entry) }));
  const count = Math.ceil(shaped.length / IN_ROW);
  return Array.from({ length: count }, (_, row) =>
    shaped.slice(Math.floor((row * shaped.length) / count), Math.floor(((row + 1) * shaped.length) / count)),
  );
}

function ratioOf({ file: { width, height } }: Entry): number {
  const ratio = (width ?? 1) / (height ?? 1);
  return Math.round(Math.min(RATIOS.most, Math.max(RATIOS.least, ratio)) * 1_000) / 1_000;
}

/** How wide a row may be: as its pictures are by themselves, or as high as a row is. */
export function widthOf(row: readonly Shaped[]): number {
  const [only] = row;
  if (row.length === 1 && only) {
    const { width, height } = only.entry.file;
    const natural = Math.max(width ?? 0, (height ?? 0) * only.ratio, LEAST * Math.max(1, only.ratio));
    return Math.round(Math.min(WIDE, HIGH * only.ratio, natural));
  }
  const sum = row.reduce((all, { ratio }) => all + ratio, 0);
  return Math.round(Math.min(WIDE, HIGH_IN_ROW * sum + GAP * (row.length - 1)));
}
