import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t, tn } from "../../i18n";
import { pressed } from "../../keys";
import { lazy, part, usePart } from "../../lazy";
import type { Id } from "../../protocol";
import { number } from "../../time";
import { Icon } from "../icons";
import { usePlace, useStore, useView } from "../view";
import { Item } from "./Item";
import type { Line, Section } from "./lines";
import { moved, reordered } from "./order";
import { Person } from "./Person";

const ItemMenu = lazy(() => import("./ItemMenu"));
const drag = part(() => import("./drag"));

interface Props {
  lines: readonly Line[];
  detailed: boolean;
  onFold: (section: Section) => void;
  onAll: (section: Section) => void;
}

const STOPS = "[data-key]";

type Heading = Extract<Line, { type: "heading" }>;

interface Part {
  heading: Heading | null;
  lines: Exclude<Line, Heading>[];
}

/** The lines, each with those that stand under the same heading. */
function partsOf(lines: readonly Line[]): Part[] {
  const parts: Part[] = [];
  for (const line of lines) {
    if (line.type === "heading") parts.push({ heading: line, lines: [] });
    else if (parts.length === 0) parts.push({ heading: null, lines: [line] });
    else parts.at(-1)?.lines.push(line);
  }
  return parts;
}

/** The conversations: arrows go through them, stars can be ordered, each has a menu. */
export function List({ lines, detailed, onFold, onAll }: Props) {
  const { panel, complain } = useView();
  const { place } = usePlace();
  const list = useRef<HTMLUListElement>(null);
  const [stop, setStop] = useState<string | null>(null);
  const [menu, setMenu] = useState<{ room: Id; anchor: HTMLElement } | null>(null);
  const subject = useStore((state) => (menu ? state.rooms.get(menu.room) : undefined));

  const stars = lines.flatMap((line) => (line.type === "room" && line.star ? [line.room.id] : []));
  const shown = useRef(stars);
  shown.current = stars;

  const setOrder = (order: readonly Id[]) =>
    void panel.setStars(reordered(panel.state.stars, order)).catch(complain);

  const dragging = usePart(drag);
  useEffect(() => {
    if (!list.current || !dragging) return;
    return dragging.orderByDrag(list.current, {
      order: () => shown.current,
      onOrder: setOrder,
      onRest: (item) => openMenu(item),
    });
  }, [panel, dragging]);

  const openMenu = (item: HTMLElement): boolean => {
    const { room } = item.dataset;
    const anchor = item.querySelector<HTMLElement>(".cc-item");
    if (!room || !anchor) return false;
    setMenu({ room, anchor });
    return true;
  };

  // Tab comes to one of them: where one was last, else the open one, else the first.
  const keys = lines.map((line) => line.key);
  const tab = [stop, place.room].find((key) => key !== null && keys.includes(key)) ?? keys[0] ?? null;

  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const from = (event.target as HTMLElement).closest<HTMLElement>(STOPS);
    if (!from) return;
    const done = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    const item = from.closest<HTMLElement>(".cc-line");
    if (pressed(event, "menu") && item && openMenu(item)) return done();
    if (event.altKey && item?.dataset.star !== undefined && item.dataset.room) {
      const by = pressed(event, "starDown") ? 1 : pressed(event, "starUp") ? -1 : 0;
      if (by === 0) return;
      const at = stars.indexOf(item.dataset.room) + by;
      if (at >= 0 && at < stars.length) {
        setOrder(moved(stars, item.dataset.room, at));
        // Its element may be put somewhere else, and lose the focus on the way.
        requestAnimationFrame(() => from.focus());
      }
      return done();
    }
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>(STOPS)];
    const at = all.indexOf(from);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined) return;
    all[Math.min(Math.max(next, 0), all.length - 1)]?.focus();
    done();
  };

  const heading = (line: Heading): ComponentChildren => (
    <h3 class="cc-list-heading">
      <button
        type="button"
        aria-expanded={!line.folded}
        data-key={line.key}
        tabIndex={tab === line.key ? 0 : -1}
        onClick={() => onFold(line.section)}
      >
        <Icon name={line.folded ? "closed" : "open"} size={12} />
        {line.text}
      </button>
    </h3>
  );
  const draw = (line: Exclude<Line, Heading>): ComponentChildren => {
    switch (line.type) {
      case "room":
        return (
          <Item
            key={line.key}
            room={line.room}
            star={line.star}
            current={place.room === line.room.id && place.sheet === null}
            detailed={detailed}
            stop={tab === line.key}
          />
        );
      case "person":
        return <Person key={line.key} member={line.member} stop={tab === line.key} />;
      case "all":
        return (
          <li key={line.key}>
            <button
              type="button"
              class="cc-link-button cc-list-all"
              data-key={line.key}
              tabIndex={tab === line.key ? 0 : -1}
              onClick={() => onAll(line.section)}
            >
              {tn(line.count, "Show the one", "Show all {count}", { count: number(line.count) })}
            </button>
          </li>
        );
    }
  };

  return (
    <>
      <ul
        ref={list}
        class="cc-list"
        aria-label={t("Conversations")}
        onKeyDown={onKeyDown}
        onFocusIn={(event) => setStop((event.target as HTMLElement).dataset.key ?? null)}
        onContextMenu={(event) => {
          const item = (event.target as HTMLElement).closest<HTMLElement>(".cc-line");
          if (item && openMenu(item)) event.preventDefault();
        }}
        onClick={(event) => {
          const more = (event.target as HTMLElement).closest("[data-more]");
          const item = more?.closest<HTMLElement>(".cc-line");
          if (item) openMenu(item);
        }}
      >
        {partsOf(lines).map((part) =>
          part.heading ? (
            <li key={part.heading.key} class="cc-list-part">
              {heading(part.heading)}
              {part.lines.length > 0 && <ul class="cc-list">{part.lines.map(draw)}</ul>}
            </li>
          ) : (
            part.lines.map(draw)
          ),
        )}
      </ul>
      {menu && subject && <ItemMenu room={subject} anchor={menu.anchor} onClose={() => setMenu(null)} />}
    </>
  );
}
