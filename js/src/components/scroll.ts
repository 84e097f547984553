import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Id } from "../protocol";
import type { Row } from "../state/selectors";
import type { Timeline } from "../state/timeline";
import { useView } from "./view";

interface Options {
  box: RefObject<HTMLDivElement | null>;
  list: RefObject<HTMLDivElement | null>;
  timeline: Timeline | undefined;
  rows: Row[];
  room: Id;
  thread: Id | null;
  target: { id: Id } | null;
}

/** This close to an end of what is loaded, more is fetched. */
const NEAR = 700;
/** This close to the end counts as being there. */
const SLACK = 30;

/**
 * Where one is in the log: at the newest message and staying there, or at a place further up that holds still
 * while messages come and go around it.
 */
export function useScroll({ box, list, timeline, rows, room, thread, target }: Options) {
  const { panel, go } = useView();
  const stuck = useRef(true);
  /** The row at the top of the sight, and how far above the edge it begins. */
  const held = useRef<{ key: string; offset: number } | null>(null);
  const placed = useRef(false);
  /** How far down one was when that was looked at last. */
  const top = useRef(0);
  const [away, setAway] = useState(false);
  const latest = useRef(timeline);
  latest.current = timeline;

  // Before each drawing: where one is now. A scroll may have happened that no event has told of yet.
  const { current: element } = box;
  if (element && placed.current && element.clientHeight > 0) {
    if (element.scrollTop < top.current - 2) stuck.current = false;
    if (!stuck.current) held.current = topRow(list.current, element.scrollTop);
  }

  const rowOf = (key: string) => list.current?.querySelector<HTMLElement>(`[data-key="${key}"]`) ?? null;

  const measure = useCallback(() => {
    const element = box.current;
    const now = latest.current;
    if (!element || !now?.loaded || element.clientHeight === 0) return;
    const rest = element.scrollHeight - element.scrollTop - element.clientHeight;
    stuck.current = rest < SLACK && !now.moreAfter;
    top.current = element.scrollTop;
    setAway(rest > element.clientHeight * 0.6 || now.moreAfter);
    panel.follow(room, thread, stuck.current);
    held.current = topRow(list.current, element.scrollTop);
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
    }
  }, []);

  // After each drawing: to the target, to what is new, to the end, or to where one was.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || !timeline?.loaded) return;
    const wanted = target && rowOf(target.id);
    if (wanted) {
      stuck.current = false;
      element.scrollTop = Math.max(0, wanted.offsetTop - element.clientHeight / 3);
    } else if (!placed.current) {
      const mark = rowOf("unread");
      element.scrollTop = element.scrollHeight;
      if (mark && mark.offsetTop < element.scrollTop) {
        stuck.current = false;
        element.scrollTop = Math.max(0, mark.offsetTop - 56);
      }
    } else settle();
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

  // Text that grows, a panel that is resized or comes back from hiding.
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

  const toNewest = useCallback(() => {
    stuck.current = true;
    go({ target: null });
    if (latest.current?.moreAfter) {
      placed.current = true;
      void panel.load(room, thread, "newest");
    } else settle();
    measure();
  }, [room, thread]);

  return { onScroll: measure, toNewest, away };
}

/** The first row that is (partly) in sight. */
function topRow(list: HTMLElement | null, top: number): { key: string; offset: number } | null {
  if (!list) return null;
  const { children } = list;
  let low = 0;
  let high = children.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const child = children[middle] as HTMLElement;
    if (child.offsetTop + child.offsetHeight > top) high = middle;
    else low = middle + 1;
  }
  for (let i = low; i < children.length; i++) {
    const child = children[i] as HTMLElement;
    const { key } = child.dataset;
    // A day's line moves up when older messages of that day come in: a message holds still.
    if (key !== undefined && /^[\da-f-]+$/.test(key)) return { key, offset: top - child.offsetTop };
  }
  return null;
}
