import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Id, Room } from "../protocol";
import { keyOf } from "../state/timeline";
import { useStore, useView } from "./view";

/** Whether an element is before somebody's eyes: on the screen, in a page that is in front. */
function useInSight(ref: RefObject<HTMLElement | null>): boolean {
  const [visible, setVisible] = useState(typeof IntersectionObserver === "undefined");
  const [front, setFront] = useState(document.visibilityState !== "hidden");
  useEffect(() => {
    const look = () => setFront(document.visibilityState !== "hidden");
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  useEffect(() => {
    if (!ref.current || typeof IntersectionObserver === "undefined") return;
    const observer = new IntersectionObserver((entries) =>
      setVisible(entries.at(-1)?.isIntersecting ?? false),
    );
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref]);
  return visible && front;
}

/**
 * The read mark: sent when the newest message is seen. And where the line "New messages" stands: after what
 * was read when one came, until one leaves.
 */
export function useReading(room: Room, thread: Id | null, end: RefObject<HTMLElement | null>) {
  const { panel } = useView();
  const seen = useInSight(end);
  const timeline = useStore((state) => state.timelines.get(keyOf(room.id, thread)));
  const [unreadAfter, setUnreadAfter] = useState<number | null>(room.unread > 0 ? room.read : null);
  /** Marked unread by hand: it stays so until one comes again. */
  const heldBack = useRef(false);
  const before = useRef(room.read);
  const atEnd = timeline?.loaded === true && !timeline.moreAfter;

  useEffect(() => {
    if (room.read > before.current) heldBack.current = false;
    if (room.read < before.current && room.joined && room.unread > 0) {
      heldBack.current = true;
      panel.forgetRead(room.id);
      setUnreadAfter(room.read);
    } else if (room.unread > 0 && !seen && (unreadAfter === null || unreadAfter < room.read)) {
      setUnreadAfter(room.read);
    }
    before.current = room.read;
  }, [room.read, room.unread, seen]);

  const last = timeline?.held.at(-1)?.message.id;
  useEffect(() => {
    if (thread !== null || heldBack.current || !seen || !atEnd || !room.joined || room.unread === 0) return;
    const newest = Math.max(Number(room.last?.id ?? 0), Number(last ?? 0));
    if (newest > 0) panel.markRead(room.id, String(newest));
  }, [thread, seen, atEnd, room.joined, room.unread, room.last?.id, last]);

  return { unreadAfter: thread === null && room.joined ? unreadAfter : null };
}
