import { createContext } from "preact";
import { useContext, useLayoutEffect, useReducer, useRef } from "preact/hooks";
import type { Panel } from "../panel";
import type { Id, Message } from "../protocol";
import type { State } from "../state/state";

/** What stands beside the conversation. */
export type Side = { type: "thread"; root: Id } | { type: "members" } | { type: "pins" } | null;
export type Dialogue = "settings" | "new-room" | "new-conversation" | "browse" | "room-settings" | null;
export type Size = "narrow" | "medium" | "wide";

/** What one view shows; each view of a widget has its own. */
export interface Place {
  room: Id | null;
  side: Side;
  dialogue: Dialogue;
  /** In a narrow view one screen at a time. */
  screen: "list" | "room";
  /** A message to bring into sight. */
  target: { id: Id; thread: Id | null } | null;
  editing: Id | null;
  quoting: Message | null;
}

export const NOWHERE: Place = {
  room: null,
  side: null,
  dialogue: null,
  screen: "list",
  target: null,
  editing: null,
  quoting: null,
};

export interface View {
  /** Tells this view from the others of its widget. */
  id: string;
  panel: Panel;
  /** Where popovers hang. */
  root: HTMLElement | null;
  go(change: Partial<Place>): void;
  openRoom(room: Id): void;
  /** Say something that went wrong, for a moment. */
  complain(problem: unknown): void;
}

export const ViewContext = createContext<View | null>(null);
/** Apart from the view, so that those who do not look at it are not drawn again. */
export const PlaceContext = createContext<{ place: Place; size: Size }>({ place: NOWHERE, size: "wide" });

export const usePlace = () => useContext(PlaceContext);

export function useView(): View {
  const view = useContext(ViewContext);
  if (!view) throw new Error("outside of a panel");
  return view;
}

/** A part of the panel's state; drawn again when that part is another one. */
export function useStore<T>(select: (state: State) => T): T {
  const { panel } = useView();
  return useStateOf(panel, select);
}

export function useStateOf<T>(panel: Panel, select: (state: State) => T): T {
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const value = select(panel.state);
  const latest = useRef({ value, select });
  latest.current = { value, select };
  useLayoutEffect(() => {
    const check = () => {
      const { value, select } = latest.current;
      if (!Object.is(select(panel.state), value)) draw(undefined);
    };
    check();
    return panel.store.subscribe(check);
  }, [panel]);
  return value;
}
