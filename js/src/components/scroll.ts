import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Panel } from "../panel";
import type { Id, Room } from "../protocol";
import { keyOf, type Timeline } from "../state/timeline";
import { useView } from "./view";

interface Options {
  box: RefObject<HTMLDivElement | null>;
  list: RefObject<HTMLDivElement | null>;
  timeline: Timeline | undefined;
  /** Another array when other lines are drawn. */
  rows: readonly unknown[];
  room: Room;
  thread: Id | null;
  target: { id: Id } | null;
}

/** A row, and how far above the edge it begins. */
interface Anchor {
  key: string;
  offset: number;
}

/** This close to an end of what is loaded, more is fetched. */
const NEAR = 700;
/** This close to the end counts as being there. */
const SLACK = 30;
/** With more unread messages than this, a room opens where they begin rather than at the newest. */
const MANY = 40;

/** Where each view was in its rooms, for when it comes back to them. */
const left = new WeakMap<Panel, Map<string, Anchor>>();

const restOf = (element: HTMLElement): number =>
  element.scrollHeight - element.scrollTop - element.clientHeight;

/**
 * Where one is in the log: at the newest message and staying there, or at a place further up that holds still
 * while messages come and go around it.
 */
export function useScroll({
  box,
  list,
  timeline,
  rows,
  room: { id: room, ...about },
  thread,
  target,
}: Options) {
  const { panel, go, id: view } = useView();
  const stuck = useRef(true);
  const held = useRef<Anchor | null>(null);
  const placed = useRef(false);
  /** How far down one was when that was looked at last. */
  const top = useRef(0);
  /** Somebody has just clicked in this row: what it does to its height happens below its own top. */
  const clicked = useRef<string | null>(null);
  /** With the next frame it is put where it belongs: once for all that came until then. */
  const due = useRef(0);
  /** The target that one was led to: from there on one scrolls oneself. */
  const reached = useRef<{ id: Id } | null>(null);
  const [away, setAway] = useState(false);
  const latest = useRef(timeline);
  latest.current = timeline;
  const mine = `${view}:${keyOf(room, thread)}`;
  const back = useRef(left.get(panel)?.get(mine) ?? null);

  // Before each drawing: where one is now. A scroll may have happened that no event has told of yet.
  const { current: element } = box;
  if (element && placed.current && due.current === 0 && element.clientHeight > 0) {
    // Further up at the end is no hand, but what has become shorter.
    if (element.scrollTop < top.current - 2 && restOf(element) >= SLACK) stuck.current = false;
    if (!stuck.current) held.current = anchorIn(list.current, element, clicked.current);
  }

  const rowOf = (key: string) => list.current?.querySelector<HTMLElement>(`[data-key="${key}"]`) ?? null;

  const measure = useCallback(() => {
    const element = box.current;
    const now = latest.current;
    if (!element || !now?.loaded || element.clientHeight === 0) return;
    if (element.scrollTop !== top.current) clicked.current = null;
    const rest = restOf(element);
    stuck.current = rest < SLACK && !now.moreAfter;
    top.current = element.scrollTop;
    setAway(rest > element.clientHeight * 0.6 || now.moreAfter);
    panel.follow(room, thread, stuck.current);
    held.current = anchorIn(list.current, element, clicked.current);
    if (now.loading) return;
    if (element.scrollTop < NEAR && now.moreBefore) void panel.load(room, thread, "before");
    else if (rest < NEAR && now.moreAfter) void panel.load(room, thread, "after");
  }, [panel, room, thread]);

  const settle = useCallback(() => {
    const element = box.current;
    if (!element || element.clientHeight === 0) return;
    if (stuck.current) {
      element.scrollTop = element.scrollHeight;
      top.current = element.scrollTop;
      return;
    }
    const row = held.current && rowOf(held.current.key);
    if (row && held.current) {
      const place = row.offsetTop + held.current.offset;
      if (Math.abs(element.scrollTop - place) > 0.5) element.scrollTop = place;
      top.current = element.scrollTop;
    }
  }, []);

  /** Put it right with the next frame: what has just been drawn is measured then anyway. */
  const later = useCallback(() => {
    if (due.current === 0)
      due.current = requestAnimationFrame(() => {
        due.current = 0;
        settle();
        measure();
      });
  }, []);
  useEffect(
    () => () => {
      cancelAnimationFrame(due.current);
      due.current = 0;
    },
    [],
  );
  const onScroll = useCallback(() => {
    const element = box.current;
    // At the newest, what has become longer meanwhile is no reason to leave it: only a hand that goes up is.
    if (element && stuck.current && element.scrollTop >= top.current - 2) settle();
    measure();
  }, [measure]);

  /** For the first time: where one was; else where the unread ones begin; else at the newest. */
  const place = (element: HTMLElement) => {
    const there = back.current && rowOf(back.current.key);
    const mark = rowOf("unread");
    element.scrollTop = element.scrollHeight;
    if (there && back.current) {
      stuck.current = false;
      element.scrollTop = there.offsetTop + back.current.offset;
    } else if (mark && (mark.offsetTop < element.scrollTop || latest.current?.moreAfter)) {
      stuck.current = false;
      element.scrollTop = Math.max(0, mark.offsetTop - 56);
    }
  };

  // Before it is loaded from the newest on, say where it is to be loaded.
  useLayoutEffect(() => {
    if (latest.current || thread !== null) return;
    if (back.current) void panel.load(room, null, "around", back.current.key);
    else if (about.joined && about.unread > MANY && about.read > 0)
      void panel.load(room, null, "around", String(about.read));
  }, []);

  // After each drawing: to the target, to what is new, to the end, or to where one was.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || !timeline?.loaded) return;
    const wanted = target && target !== reached.current && rowOf(target.id);
    if (wanted) {
      reached.current = target;
      stuck.current = false;
      element.scrollTop = Math.max(0, wanted.offsetTop - element.clientHeight / 3);
    } else if (!placed.current) place(element);
    else if (stuck.current) return later();
    else settle();
    placed.current = true;
    measure();
  }, [rows, target, timeline?.loaded]);

  // A target that is not loaded is fetched; one that was shown is let go after a while.
  useEffect(() => {
    if (!target || !timeline?.loaded) return;
    if (!timeline.held.some(({ message }) => message.id === target.id) && !timeline.loading)
      void panel.load(room, thread, "around", target.id);
    const timer = setTimeout(() => go({ target: null }), 2_500);
    return () => clearTimeout(timer);
  }, [target, timeline?.loaded]);

  // Text that grows, pictures that come, a panel that is resized or comes back from hiding.
  useEffect(() => {
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(() => {
      settle();
      measure();
    });
    if (box.current) observer.observe(box.current);
    if (list.current) observer.observe(list.current);
    return () => observer.disconnect();
  }, []);

  // When one leaves: remember the place, unless it is the newest.
  useEffect(
    () => () => {
      const places = left.get(panel) ?? new Map<string, Anchor>();
      if (!stuck.current && held.current) places.set(mine, held.current);
      else places.delete(mine);
      left.set(panel, places);
    },
    [],
  );

  const toNewest = useCallback(() => {
    stuck.current = true;
    go({ target: null });
    if (latest.current?.moreAfter) {
      placed.current = true;
      void panel.load(room, thread, "newest");
    } else settle();
    measure();
  }, [room, thread]);

  /** Somebody clicks on something: its row is the one to hold still, until one scrolls. */
  const hold = useCallback((target: HTMLElement) => {
    clicked.current = target.closest<HTMLElement>("[data-key]")?.dataset.key ?? null;
    // What a file shows comes below where one has clicked: at the newest, too, one stays there.
    if (!box.current || !target.closest(".cc-file-main")) return;
    stuck.current = false;
    held.current = anchorIn(list.current, box.current, clicked.current);
  }, []);

  return { onScroll, toNewest, away, hold };
}

/**
 * The row that is to hold still: the first that begins in sight, so that what is above it may grow; where one row
 * fills the sight, that one; or the one that was clicked.
 */
function anchorIn(list: HTMLElement | null, box: HTMLElement, clicked: string | null): Anchor | null {
  if (!list) return null;
  const { scrollTop: top, clientHeight: height } = box;
  if (clicked !== null) {
    const row = list.querySelector<HTMLElement>(`[data-key="${clicked}"]`);
    if (row && row.offsetTop + row.offsetHeight > top && row.offsetTop < top + height)
      return { key: clicked, offset: top - row.offsetTop };
  }
  const { children } = list;
  let low = 0;
  let high = children.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const child = children[middle] as HTMLElement;
    if (child.offsetTop + child.offsetHeight > top) high = middle;
    else low = middle + 1;
  }
  let partly: Anchor | null = null;
  for (let i = low; i < children.length; i++) {
    const child = children[i] as HTMLElement;
    const { key } = child.dataset;
    // A day's line moves up when older messages of that day come in: a message holds still.
    if (key === undefined || !/^[\da-f-]+$/.test(key)) continue;
    const offset = top - child.offsetTop;
    if (offset <= 0) return -offset < height || !partly ? { key, offset } : partly;
    partly ??= { key, offset };
  }
  return partly;
}
