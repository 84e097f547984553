import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Asked, Host } from "../host";
import type { Id, Room } from "../protocol";
import { openMessage } from "./message/open";
import { type Place, useStateOf, type View } from "./view";

/** A room by the name that Python has for it. */
export function roomNamed(rooms: ReadonlyMap<Id, Room>, name: string): Room | undefined {
  const all = [...rooms.values()];
  const wanted = name.replace(/^#/, "");
  const lower = wanted.toLowerCase();
  return all.find((room) => room.name === wanted) ?? all.find((room) => room.name.toLowerCase() === lower);
}

/** A view tells the kernel where it is, and goes where the kernel wants it. */
export function useHost(
  host: Host | undefined,
  view: View,
  place: Place,
  section: RefObject<HTMLElement | null>,
): void {
  const { panel } = view;
  const [chosen, choose] = useState<{ room: Id | null; id: Id | "" }>({ room: null, id: "" });
  const [asked, setAsked] = useState<Asked | null>(() => host?.first ?? null);
  const name = useStateOf(panel, (state) => state.rooms.get(place.room ?? "")?.name ?? "");
  const wanted = useStateOf(panel, (state) =>
    asked && state.synced ? (roomNamed(state.rooms, asked.room)?.id ?? null) : null,
  );
  const selected = chosen.room === place.room ? chosen.id : "";
  /** Where one was when the kernel last said something. */
  const from = useRef(place.room);
  const here = useRef(place.room);
  here.current = place.room;

  // Who comes back to a room finds no message chosen.
  useEffect(() => {
    if (chosen.room !== place.room) choose({ room: place.room, id: "" });
  }, [place.room]);

  const [since] = useState(host?.asked.n);
  useEffect(() => {
    if (!host) return;
    const hear = (next: Asked) => {
      from.current = here.current;
      setAsked(next);
    };
    // It may have been said while this view was being drawn.
    if (host.asked.n !== since) hear(host.asked);
    return host.listen(hear);
  }, [host, since]);

  useEffect(() => {
    if (asked === null || wanted === null) return;
    setAsked(null);
    choose({ room: wanted, id: asked.selected });
    if (asked.selected) void openMessage(view, wanted, asked.selected);
    else if (wanted !== place.room) view.openRoom(wanted);
  }, [asked, wanted]);

  useEffect(() => {
    // While a room is wanted that is not there (yet), nothing is said of where one was; one may go elsewhere.
    from.current ??= place.room;
    if (asked !== null && place.room === from.current) return;
    if (asked !== null && wanted === null) setAsked(null);
    if (name) host?.place(name, selected);
  }, [host, name, selected, asked, wanted, place.room]);

  // A message is chosen by being touched: with the pointer, or by the focus that the arrow keys move.
  useEffect(() => {
    const element = section.current;
    if (!host || !element) return;
    const touched = (event: Event) => {
      const key = (event.target as Element).closest<HTMLElement>("article[data-key]")?.dataset.key;
      if (key !== undefined && /^\d+$/.test(key)) choose({ room: place.room, id: key });
    };
    element.addEventListener("focusin", touched);
    element.addEventListener("click", touched);
    return () => {
      element.removeEventListener("focusin", touched);
      element.removeEventListener("click", touched);
    };
  }, [host, section, place.room]);
}
