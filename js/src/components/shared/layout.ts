import type { Found } from "./listing";

/** Pixels; the style sheet has them too. */
export const HEAD = 34;
export const LINE = { comfortable: 58, compact: 48 } as const;
export const TILE = 192;
/** A tile is at least so wide. */
const TILE_WIDTH = 136;

/** The entries of one month, or all of them where the list has no months. */
export interface Section {
  month: string | null;
  /** The index of its first entry. */
  first: number;
  count: number;
  top: number;
  /** Of its heading. */
  head: number;
  height: number;
}

export interface Layout {
  sections: readonly Section[];
  columns: number;
  /** The height of a row. */
  row: number;
  height: number;
}

export const columnsIn = (width: number): number => Math.max(1, Math.floor(width / TILE_WIDTH));

/** Where everything stands, without any of it being there. */
export function layoutOf({ total, months }: Found, columns: number, row: number): Layout {
  const known = months.reduce((sum, { count }) => sum + count, 0);
  const groups =
    months.length > 0 && known === total ? months : total > 0 ? [{ month: null, count: total }] : [];
  const sections: Section[] = [];
  let top = 0;
  let first = 0;
  for (const { month, count } of groups) {
    if (count === 0) continue;
    const head = month === null ? 0 : HEAD;
    const height = head + Math.ceil(count / columns) * row;
    sections.push({ month, first, count, top, head, height });
    top += height;
    first += count;
  }
  return { sections, columns, row, height: top };
}

/** The last section that begins at or before something; sections stand in order. */
function lastBefore(sections: readonly Section[], begins: (section: Section) => boolean): number {
  let low = 0;
  let high = sections.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (begins(sections[middle] as Section)) low = middle;
    else high = middle - 1;
  }
  return low;
}

export const sectionOf = ({ sections }: Layout, index: number): Section | undefined =>
  sections[lastBefore(sections, ({ first }) => first <= index)];

/** How far down the row of an entry begins. */
export function topOf(layout: Layout, index: number): number {
  const section = sectionOf(layout, index);
  if (!section) return 0;
  return section.top + section.head + Math.floor((index - section.first) / layout.columns) * layout.row;
}

/** A section that is in sight, and which of its entries are: from `from`, before `to`. */
export interface Sight {
  section: Section;
  from: number;
  to: number;
}

/** What stands between two heights. */
export function between(layout: Layout, top: number, bottom: number): Sight[] {
  const { sections, columns, row } = layout;
  const sights: Sight[] = [];
  for (let n = lastBefore(sections, (section) => section.top <= top); n < sections.length; n++) {
    const section = sections[n] as Section;
    if (section.top >= bottom) break;
    const begin = section.top + section.head;
    const rows = Math.ceil(section.count / columns);
    const clamp = (value: number) => Math.max(0, Math.min(rows, value));
    const from = section.first + clamp(Math.floor((top - begin) / row)) * columns;
    const to = Math.min(
      section.first + section.count,
      section.first + clamp(Math.ceil((bottom - begin) / row)) * columns,
    );
    if (section.top + section.height > top) sights.push({ section, from: Math.min(from, to), to });
  }
  return sights;
}

/** The entry that a key leads to from another one. */
export function step(layout: Layout, index: number, key: string, page: number): number | null {
  const { sections, columns } = layout;
  const section = sectionOf(layout, index);
  const last = (sections.at(-1)?.first ?? 0) + (sections.at(-1)?.count ?? 0) - 1;
  if (!section || last < 0) return null;
  const within = (to: number) => Math.max(0, Math.min(last, to));
  switch (key) {
    case "ArrowRight":
      return columns > 1 ? within(index + 1) : null;
    case "ArrowLeft":
      return columns > 1 ? within(index - 1) : null;
    case "ArrowDown":
      return down(layout, section, index, 1);
    case "ArrowUp":
      return down(layout, section, index, -1);
    case "Home":
      return 0;
    case "End":
      return last;
    case "PageDown":
    case "PageUp": {
      const way = key === "PageDown" ? 1 : -1;
      const wanted = topOf(layout, index) + way * Math.max(page - layout.row, layout.row);
      const sight = between(layout, wanted, wanted + 1)[0];
      if (!sight || wanted < 0) return way > 0 ? last : 0;
      const column = (index - section.first) % columns;
      const row = sight.to > sight.from ? sight.from : sight.section.first;
      const found = Math.min(row + column, sight.section.first + sight.section.count - 1);
      return found === index ? within(index + way * columns) : found;
    }
    default:
      return null;
  }
}

/** A row further down or up, in the same column as far as that row has it. */
function down({ sections, columns }: Layout, section: Section, index: number, way: 1 | -1): number {
  const place = index - section.first;
  const column = place % columns;
  const row = Math.floor(place / columns) + way;
  const rows = Math.ceil(section.count / columns);
  const at = (one: Section, row: number) => one.first + Math.min(row * columns + column, one.count - 1);
  if (row >= 0 && row < rows) return at(section, row);
  const next = sections[sections.indexOf(section) + way];
  if (!next) return index;
  return at(next, way > 0 ? 0 : Math.ceil(next.count / columns) - 1);
}
