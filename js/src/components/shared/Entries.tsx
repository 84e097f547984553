import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { downloadsOf } from "../../files/download";
import { t } from "../../i18n";
import { nameOf } from "../../state/selectors";
import { useOf } from "../files/use";
import { useStore, useView } from "../view";
import type { Chosen } from "./choosing";
import { type Deeds, EntryItem } from "./EntryItem";
import type { Shape } from "./kept";
import { between, columnsIn, HEAD, type Layout, LINE, layoutOf, step, TILE, topOf } from "./layout";
import { type Found, keyOf, type Listing, type Seen } from "./listing";
import { monthName } from "./saying";

interface Props {
  listing: Listing;
  found: Found;
  shape: Shape;
  chosen: Chosen;
  deeds: Deeds;
  /** Gives what is in sight. */
  seen: { current: () => readonly Seen[] };
  /** The entry at the top: where to begin, and kept up to date. */
  near: { near: number };
}

/** Rows that are drawn above and below what is in sight. */
const MORE_ROWS = 6;
/** This close to the top, what is new comes in there. */
const AT_TOP = 4;
/** Until it was measured. */
const UNKNOWN = { width: 400, height: 600 };

const activeIn = (element: HTMLElement): Element | null =>
  (element.getRootNode() as Document | ShadowRoot).activeElement;

/** All files and links, of which only those in sight are there. */
export function Entries({ listing, found, shape, chosen, deeds, seen, near }: Props) {
  const { panel } = useView();
  const density = useStore((state) => state.preferences.density);
  // Here for all of them: each would have to listen by itself.
  const members = useStore((state) => state.members);
  const hidden = useStore((state) => state.hidden);
  const downloads = useOf(downloadsOf(panel).store, (all) => all);
  const box = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(UNKNOWN);
  const [top, setTop] = useState(0);
  /** The entry that Tab reaches. */
  const [at, setAt] = useState(0);
  const wanted = useRef(false);
  const before = useRef<{ layout: Layout; version: number; at: string | null } | null>(null);
  const grid = shape === "grid";
  const columns = grid ? columnsIn(room.width) : 1;
  const row = grid ? TILE : LINE[density];
  const layout = useMemo(() => layoutOf(found, columns, row), [found, columns, row]);
  const latest = useRef({ layout, room });
  latest.current = { layout, room };

  // What has the focus may be about to go.
  const element = box.current;
  const focused = element ? activeIn(element) : null;
  const inside = element !== null && focused !== null && element !== focused && element.contains(focused);

  seen.current = () => {
    const { layout, room } = latest.current;
    const y = box.current?.scrollTop ?? 0;
    return between(layout, y + HEAD, y + (box.current?.clientHeight || room.height)).flatMap(
      ({ from, to }) => {
        const some: Seen[] = [];
        for (let index = from; index < to; index++) {
          const entry = listing.at(index);
          if (entry) some.push({ key: keyOf(entry), index });
        }
        return some;
      },
    );
  };

  useLayoutEffect(() => {
    const { current: element } = box;
    if (!element || typeof ResizeObserver === "undefined") return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      if (width > 0)
        setRoom((now) => (now.width === width && now.height === height ? now : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // What one looks at stays where it is, whatever stands around it now.
  useLayoutEffect(() => {
    const { current: element } = box;
    const last = before.current;
    if (element && (last?.layout !== layout || last.version !== listing.version)) {
      const place = (y: number) => {
        element.scrollTop = Math.max(0, y);
        setTop(element.scrollTop);
      };
      const { turn } = listing;
      if (last === null) place(near.near > 0 ? topOf(layout, near.near) - HEAD : 0);
      else if (last.version === listing.version) {
        // The same list in another shape.
        const first = firstIn(last.layout, element.scrollTop);
        if (first > 0) place(topOf(layout, first) - (topOf(last.layout, first) - element.scrollTop));
      } else if (turn.why === "question") {
        place(0);
        setAt(0);
      } else {
        if (element.scrollTop > AT_TOP || inside)
          place(element.scrollTop + topOf(layout, turn.from + turn.by) - topOf(last.layout, turn.from));
        setAt((at) => indexOf(listing, last.at, at + turn.by));
      }
    }
    const entry = listing.at(at);
    before.current = { layout, version: listing.version, at: entry ? keyOf(entry) : null };
  });

  const last = found.total - 1;
  const active = Math.min(at, last);
  const sights = useMemo(
    () => between(layout, top - MORE_ROWS * row, top + room.height + MORE_ROWS * row),
    [layout, top, room.height, row],
  );
  const from = sights[0]?.from ?? 0;
  const to = sights.at(-1)?.to ?? 0;
  useLayoutEffect(() => {
    if (to > from) listing.need(from, to);
    near.near = firstIn(layout, top);
  }, [listing, listing.version, from, to, layout, top]);

  useLayoutEffect(() => {
    const { current: element } = box;
    if (!element) return;
    const lost = inside && !element.contains(activeIn(element));
    if (!wanted.current && !lost) return;
    wanted.current = false;
    element.querySelector<HTMLElement>(`[data-index="${active}"]`)?.focus({ preventScroll: true });
  });

  const move = (index: number) => {
    const { current: element } = box;
    if (!element) return;
    const y = topOf(layout, index);
    const height = element.clientHeight || room.height;
    if (y < element.scrollTop + HEAD) element.scrollTop = index === 0 ? 0 : y - HEAD;
    else if (y + row > element.scrollTop + height) element.scrollTop = y + row - height;
    setTop(rounded(element.scrollTop, row));
    setAt(index);
    wanted.current = true;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const item = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (!item || event.isComposing || event.altKey) return;
    const index = Number(item.dataset.index);
    const own = event.target === item;
    const next = step(layout, index, event.key, element?.clientHeight || room.height);
    if (event.ctrlKey || event.metaKey) return;
    if (next !== null) {
      if (event.shiftKey) deeds.choose(next, true);
      move(next);
    } else if (own && event.key === "Enter") deeds.open(index);
    else if (own && event.key === " ") deeds.choose(index, event.shiftKey);
    else if (!own && event.key === "Escape") item.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const item = (index: number, section: { first: number; head: number }) => {
    const entry = listing.at(index);
    const place = index - section.first;
    const column = place % columns;
    return (
      <EntryItem
        key={entry ? keyOf(entry) : `:${index}`}
        entry={entry}
        author={entry && members.size > 0 ? nameOf(panel.state, entry.author) : ""}
        going={entry?.type === "shared_file" && hidden.has(entry.message)}
        download={entry?.type === "shared_file" ? downloads.get(entry.id) : undefined}
        index={index}
        total={found.total}
        y={Math.floor(place / columns) * row}
        column={column}
        columns={columns}
        grid={grid}
        active={index === active}
        chosen={entry?.type === "shared_file" && chosen.has(entry.id)}
        choosing={chosen.size > 0}
        deeds={deeds}
        onFocus={setAt}
      />
    );
  };

  // What has the focus stays there, when it is out of sight too.
  const held = inside && (active < from || active >= to) ? active : null;
  const drawn =
    held === null ||
    sights.some(({ section }) => held >= section.first && held < section.first + section.count)
      ? sights
      : [...sights, ...between(layout, topOf(layout, held), topOf(layout, held) + 1)].sort(
          (a, b) => a.section.first - b.section.first,
        );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the entries in it
    <div
      ref={box}
      class="cc-shared-list"
      data-shape={shape}
      data-stale={listing.stale || undefined}
      tabIndex={-1}
      onScroll={(event) => setTop(rounded(event.currentTarget.scrollTop, row))}
      onKeyDown={onKeyDown}
    >
      <div class="cc-shared-all" style={{ height: `${layout.height}px` }}>
        {drawn.map(({ section, from, to }) => {
          const name = section.month === null ? t("Files and links") : monthName(section.month);
          const indices: number[] = [];
          for (let index = from; index < to; index++) indices.push(index);
          const { first, count } = section;
          if (held !== null && held >= first && held < first + count && !indices.includes(held))
            indices.push(held);
          return (
            <section
              key={section.month ?? "all"}
              class="cc-shared-month"
              style={{ top: `${section.top}px`, height: `${section.height}px` }}
            >
              {section.month !== null && <h4>{name}</h4>}
              <ul aria-label={name}>{indices.map((index) => item(index, section))}</ul>
            </section>
          );
        })}
      </div>
    </div>
  );
}

/** The screen is drawn anew when another row comes into sight, not with each pixel. */
const rounded = (y: number, row: number): number => (y <= 0 ? 0 : Math.max(1, Math.floor(y / row) * row));

/** The first entry whose row begins below a height, under the heading that stays there. */
function firstIn(layout: Layout, y: number): number {
  if (y <= 0) return 0;
  const [sight] = between(layout, y + HEAD, y + HEAD + 1);
  return sight ? Math.min(sight.from, sight.section.first + sight.section.count - 1) : 0;
}

/** Where an entry stands now: it may be another place than all the others went to. */
function indexOf(listing: Listing, key: string | null, guess: number): number {
  if (key === null) return Math.max(0, guess);
  for (let away = 0; away < 50; away++)
    for (const index of [guess - away, guess + away]) {
      const entry = index < 0 ? undefined : listing.at(index);
      if (entry && keyOf(entry) === key) return index;
    }
  return Math.max(0, guess);
}
