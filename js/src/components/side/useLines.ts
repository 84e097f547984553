import { useMemo, useRef, useState } from "preact/hooks";
import type { Id } from "../../protocol";
import { usePlace, useStore, useView } from "../view";
import { type Line, linesOf, type Section } from "./lines";

const FOLDED = "side:folded";

/** The list of conversations as this view shows it, and how to fold its parts. */
export function useLines(words: string): {
  lines: Line[];
  fold: (section: Section) => void;
  showAll: (section: Section) => void;
} {
  const { panel } = useView();
  const { place } = usePlace();
  const rooms = useStore((state) => state.rooms);
  const members = useStore((state) => state.members);
  const stars = useStore((state) => state.stars);
  const muted = useStore((state) => state.muted);
  const view = useStore((state) => state.preferences.view);
  const unreadFirst = useStore((state) => state.preferences.unread_first);
  const [folded, setFolded] = useState<ReadonlySet<Section>>(
    () => new Set(panel.memory.lasting.get<Section[]>(FOLDED) ?? ["archived"]),
  );
  const [whole, setWhole] = useState<ReadonlySet<Section>>(new Set());
  const held = useHeld(place.room);
  const lines = useMemo(
    () => linesOf(panel.state, { view, words, folded, whole, held }),
    [rooms, members, stars, muted, view, unreadFirst, words, folded, whole, held],
  );
  return {
    lines,
    fold: (section) => {
      const next = new Set(folded);
      if (!next.delete(section)) next.add(section);
      setFolded(next);
      panel.memory.lasting.set(FOLDED, [...next]);
    },
    showAll: (section) => setWhole(new Set(whole).add(section)),
  };
}

/** The room that had something new when one opened it: it stays in its place while one reads. */
function useHeld(room: Id | null): Id | null {
  const { panel } = useView();
  const kept = useRef<{ room: Id | null; held: Id | null }>({ room: null, held: null });
  if (kept.current.room !== room) {
    const found = room === null ? undefined : panel.state.rooms.get(room);
    kept.current = { room, held: found && found.unread > 0 ? found.id : null };
  }
  return kept.current.held;
}
