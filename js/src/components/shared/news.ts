import { useEffect, useRef } from "preact/hooks";
import type { Panel } from "../../panel";
import type { Event, Id } from "../../protocol";

/** Whether an event may change which files and links a room has, or who may see them. */
function concerns({ data, actor }: Event, me: Id): boolean {
  switch (data.type) {
    case "posted":
      return data.files.length > 0 || data.forwarded !== null || /[.:]/.test(data.text);
    case "edited":
    case "deleted":
      return true;
    case "joined":
    case "left":
      return actor === me;
    case "added":
    case "removed":
      return data.member === me;
    default:
      return false;
  }
}

/** Calls back when something happened to the files and links of a room, with the messages that are gone. */
export function useNews(panel: Panel, room: Id, happened: (gone: readonly Id[]) => void): void {
  const latest = useRef(happened);
  latest.current = happened;
  useEffect(() => {
    let { seq, asOf } = panel.state;
    return panel.store.subscribe(() => {
      const now = panel.state;
      if (now.seq === seq && now.asOf === asOf) return;
      const events = now.recent.filter((event) => event.seq > seq && event.room === room);
      // After a snapshot, who knows what was missed.
      const missed = now.asOf !== asOf;
      ({ seq, asOf } = now);
      if (!missed && !events.some((event) => concerns(event, now.me))) return;
      latest.current(events.flatMap(({ data }) => (data.type === "deleted" ? [data.id] : [])));
    });
  }, [panel, room]);
}
