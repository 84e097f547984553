import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { t, tn } from "../i18n";
import { part } from "../lazy";
import type { Id, Message, Room } from "../protocol";
import { rows as rowsOf } from "../state/selectors";
import { keyOf, type Timeline } from "../state/timeline";
import { Icon } from "./icons";
import { Actions } from "./MessageArticle";
import { Announcer } from "./message/Announcer";
import { Beginning } from "./message/Beginning";
import { useKeptFocus } from "./message/focus";
import { folded } from "./message/fold";
import { useLongPress } from "./message/touch";
import { Row } from "./Row";
import { useReading } from "./reading";
import { useScroll } from "./scroll";
import { usePlace, useStore, useView } from "./view";
import { Ghosts } from "./waiting";

const acting = part(() => import("./message/acts"));
/** Keys that do something with the message that has the focus. */
const LETTERS: ReadonlySet<string> = new Set([..."rqefspuc", "Delete"]);

/** The messages of a room, or of a thread. */
export function Log({ room, thread }: { room: Room; thread: Id | null }) {
  const view = useView();
  const { panel, go } = view;
  const { place } = usePlace();
  const key = keyOf(room.id, thread);
  const timeline = useStore((state) => state.timelines.get(key));
  const hidden = useStore((state) => state.hidden);
  const outgoing = useStore((state) => state.outgoing);
  const saved = useStore((state) => state.saved);
  const me = useStore((state) => state.me);
  const members = useStore((state) => state.members);
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const reading = useReading(room, thread, end);
  const rows = useMemo(
    // What one says before the room is loaded is there at once all the same.
    () =>
      timeline
        ? folded(
            rowsOf(timeline.loaded ? timeline : emptied(timeline), outgoing, me, reading.unreadAfter, hidden),
          )
        : [],
    [timeline, hidden, outgoing, me, reading.unreadAfter],
  );
  const target = place.target?.thread === thread ? place.target : null;
  const scroll = useScroll({ box, list, timeline, rows, room, thread, target });

  // One's own message is looked for where it will stand: at the end.
  const mine = outgoing.filter((item) => item.room === room.id && item.thread === thread).length;
  const before = useRef(mine);
  useLayoutEffect(() => {
    if (mine > before.current) scroll.toNewest();
    before.current = mine;
  }, [mine]);

  const keys = useMemo(
    () => rows.filter((row) => row.type === "message" || row.type === "outgoing").map((row) => row.key),
    [rows],
  );
  useKeptFocus(list, keys);
  const press = useLongPress();
  const active = chosen !== null && keys.includes(chosen) ? chosen : (keys.at(-1) ?? null);
  const inThread = thread !== null;
  const joined = room.joined && !room.archived;

  const focusOn = (key: string | undefined) =>
    key !== undefined && list.current?.querySelector<HTMLElement>(`[data-key="${key}"]`)?.focus();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target as HTMLElement;
    if (target !== box.current && target.tagName !== "ARTICLE") {
      // Out of what stands in a message, back to it.
      if (event.key === "Escape" && list.current?.contains(target) && !target.closest("textarea, input")) {
        event.preventDefault();
        target.closest("article")?.focus();
      }
      return;
    }
    const at = keys.indexOf(target.dataset.key ?? "");
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const next = keys[at < 0 ? keys.length - 1 : at + (event.key === "ArrowUp" ? -1 : 1)];
      if (next === undefined) return;
      event.preventDefault();
      focusOn(next);
    } else if (event.key === "Home") {
      event.preventDefault();
      focusOn(keys[0]);
    } else if (event.key === "End") {
      event.preventDefault();
      if (timeline?.moreAfter) scroll.toNewest();
      focusOn(keys.at(-1));
    } else if (at >= 0) onLetter(event, target);
  };
  const onLetter = (event: KeyboardEvent, article: HTMLElement) => {
    const message = messageIn(timeline, article.dataset.key ?? "");
    if (!message || message.deleted) return;
    if (event.key === "+" || event.key === ":") clickIn(article, ".cc-act-react");
    else if (event.key === "Enter") clickIn(article, ".cc-act-more");
    else if (LETTERS.has(event.key))
      acting
        .load()
        .then(({ actByKey }) => actByKey(view, message, { joined, inThread }, event.key), view.complain);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  // Once there is something to read, what one may do with it.
  const loaded = timeline?.loaded === true;
  useEffect(() => {
    if (loaded)
      Actions.preload().catch(() => {
        // It is asked for again when it is needed.
      });
  }, [loaded]);

  const unread = room.unread > 0 && thread === null;
  const missed =
    unread && timeline?.loaded && timeline.moreBefore && !rows.some((row) => row.type === "unread")
      ? room.unread
      : 0;
  return (
    <div class="cc-log-frame">
      {missed > 0 && room.read > 0 && (
        <button
          type="button"
          class="cc-chip cc-missed"
          onClick={() => {
            void panel.load(room.id, null, "around", String(room.read));
            go({ target: { id: String(room.read), thread: null } });
          }}
        >
          {tn(missed, "1 unread message: go to it", "{n} unread messages: go to the first")}
        </button>
      )}
      <div
        ref={box}
        class="cc-log"
        role="log"
        aria-label={thread ? t("Thread") : t("Messages")}
        aria-live="off"
        aria-busy={timeline?.loading === "before" || timeline?.loading === "after"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        tabIndex={0}
        onScroll={scroll.onScroll}
        onKeyDown={onKeyDown}
        onClickCapture={(event) => scroll.hold(event.target as HTMLElement)}
        onFocusIn={(event) => {
          const key = (event.target as HTMLElement).closest<HTMLElement>("article[data-key]")?.dataset.key;
          if (key !== undefined) setChosen(key);
        }}
        {...press}
      >
        <div ref={list} class="cc-rows">
          {timeline?.loaded && !timeline.moreBefore && thread === null && <Beginning room={room} />}
          {(timeline?.moreBefore || (!timeline?.loaded && !timeline?.problem)) && <Ghosts />}
          {rows.map((row) => (
            <Row
              key={row.key}
              row={row}
              room={room}
              inThread={inThread}
              author={
                row.type === "message"
                  ? members.get(row.message.author)
                  : row.type === "outgoing"
                    ? members.get(me)
                    : undefined
              }
              active={row.key === active}
              editing={row.type === "message" && place.editing === row.key}
              lit={row.type === "message" && target?.id === row.key}
              kept={row.type === "message" && saved.has(row.key)}
            />
          ))}
          {timeline?.moreAfter && <Ghosts />}
          <div ref={end} class="cc-end" />
        </div>
        {timeline?.problem && (
          <div class="cc-empty" role="alert">
            <p>{timeline.problem}</p>
            <button
              type="button"
              class="cc-button"
              onClick={() => void panel.load(room.id, thread, "newest")}
            >
              {t("Load again")}
            </button>
          </div>
        )}
      </div>
      <Announcer timeline={timeline} />
      {scroll.away && (
        <button
          type="button"
          class="cc-chip cc-newest"
          data-new={unread || undefined}
          onClick={scroll.toNewest}
        >
          <Icon name="down" size={15} />
          {unread ? tn(room.unread, "1 new", "{n} new") : t("Newest")}
        </button>
      )}
    </div>
  );
}

const emptied = (timeline: Timeline): Timeline => ({ ...timeline, held: [], moreAfter: false });

const messageIn = (timeline: Timeline | undefined, id: Id): Message | undefined =>
  timeline?.held.find(({ message }) => message.id === id)?.message;

/** Press a button of the bar over a message, as soon as it is drawn. */
function clickIn(article: HTMLElement, selector: string): void {
  const click = (frames: number) => {
    const button = article.querySelector<HTMLElement>(selector);
    if (button) button.click();
    else if (frames > 0) requestAnimationFrame(() => click(frames - 1));
  };
  Actions.preload().then(
    () => click(5),
    () => {
      // It is asked for again with the next key.
    },
  );
}
