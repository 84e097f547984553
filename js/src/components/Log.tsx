import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Id, Room } from "../protocol";
import { nameOf, rows as rowsOf, titleOf } from "../state/selectors";
import { keyOf, type Timeline } from "../state/timeline";
import { Icon } from "./icons";
import { Row } from "./Row";
import { useReading } from "./reading";
import { useScroll } from "./scroll";
import { usePlace, useStore, useView } from "./view";
import { Ghosts } from "./waiting";

/** The messages of a room, or of a thread. */
export function Log({ room, thread }: { room: Room; thread: Id | null }) {
  const { panel, go } = useView();
  const { place } = usePlace();
  const key = keyOf(room.id, thread);
  const timeline = useStore((state) => state.timelines.get(key));
  const outgoing = useStore((state) => state.outgoing);
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
        ? rowsOf(timeline.loaded ? timeline : emptied(timeline), outgoing, me, reading.unreadAfter)
        : [],
    [timeline, outgoing, me, reading.unreadAfter],
  );
  const target = place.target?.thread === thread ? place.target : null;
  const scroll = useScroll({ box, list, timeline, rows, room: room.id, thread, target });

  // One's own message is looked for where it will stand: at the end.
  const mine = outgoing.filter((item) => item.room === room.id && item.thread === thread).length;
  const before = useRef(mine);
  useLayoutEffect(() => {
    if (mine > before.current) scroll.toNewest();
    before.current = mine;
  }, [mine]);

  const keys = rows.filter((row) => row.type === "message" || row.type === "outgoing").map((row) => row.key);
  const active = chosen !== null && keys.includes(chosen) ? chosen : (keys.at(-1) ?? null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    const target = event.target as HTMLElement;
    if (target !== box.current && target.tagName !== "ARTICLE") return;
    const at = keys.indexOf(target.dataset.key ?? "");
    const next = keys[at < 0 ? keys.length - 1 : at + (event.key === "ArrowUp" ? -1 : 1)];
    if (next === undefined) return;
    event.preventDefault();
    list.current?.querySelector<HTMLElement>(`[data-key="${next}"]`)?.focus();
  };

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
          {missed} unread messages: go to the first
        </button>
      )}
      <div
        ref={box}
        class="cc-log"
        role="log"
        aria-label={thread ? "Thread" : "Messages"}
        aria-busy={timeline?.loading === "before" || timeline?.loading === "after"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        tabIndex={0}
        onScroll={scroll.onScroll}
        onKeyDown={onKeyDown}
        onFocusIn={(event) => {
          const key = (event.target as HTMLElement).closest<HTMLElement>("[data-key]")?.dataset.key;
          if (key !== undefined) setChosen(key);
        }}
      >
        <div ref={list} class="cc-rows">
          {timeline?.loaded && !timeline.moreBefore && thread === null && <Beginning room={room} />}
          {(timeline?.moreBefore || (!timeline?.loaded && !timeline?.problem)) && <Ghosts />}
          {rows.map((row) => (
            <Row
              key={row.key}
              row={row}
              room={room}
              inThread={thread !== null}
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
              Load again
            </button>
          </div>
        )}
      </div>
      {scroll.away && (
        <button
          type="button"
          class="cc-chip cc-newest"
          data-new={unread || undefined}
          onClick={scroll.toNewest}
        >
          <Icon name="down" size={15} />
          {unread ? `${room.unread} new` : "Newest"}
        </button>
      )}
    </div>
  );
}

const emptied = (timeline: Timeline): Timeline => ({ ...timeline, held: [], moreAfter: false });

/** Above the first message of a room. */
function Beginning({ room }: { room: Room }) {
  const title = useStore((state) => titleOf(state, room));
  const maker = useStore((state) => (room.created_by ? nameOf(state, room.created_by) : null));
  return (
    <div class="cc-beginning">
      <p class="cc-beginning-title">{room.kind === "direct" ? title : `# ${title}`}</p>
      <p>
        {room.kind === "direct"
          ? `This is the beginning of your conversation with ${title}. Only the two of you can read it.`
          : `${maker ? `${maker} made this ${room.kind} room.` : `This is a ${room.kind} room.`} ${
              room.topic ? room.topic : "Say what it is for, or ask the first question."
            }`}
      </p>
    </div>
  );
}
