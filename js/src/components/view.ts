import { createContext } from "preact";
import { useContext, useLayoutEffect, useReducer, useRef } from "preact/hooks";
import type { Panel } from "../panel";
import type { Id, Message } from "../protocol";
import type { State } from "../state/state";

/** What stands beside the conversation. */
export type Side = { type: "thread"; root: Id } | { type: "members" | "pins" | "files" } | null;
export type Dialogue =
  | "settings"
  | "new-room"
  | "new-conversation"
  | "browse"
  | "room-settings"
  | "keys"
  | "status"
  | "poll"
  | "schedule"
  | "reminder"
  | "forward"
  | "versions"
  | "file"
  | "jump"
  | null;
/** What the search was opened for. */
export interface Ask {
  /** Words to begin with. */
  text?: string;
  /** In the open conversation alone. */
  here?: boolean;
  /** One types on. */
  focus?: boolean;
  /** By a key: the screen that one comes from. */
  from?: Place["screen"];
}
/** What stands in the conversation's place. */
export type Sheet = "threads" | "saved" | "drafts" | null;
export type Size = "narrow" | "medium" | "wide";
/** With the left side, or one conversation alone. */
export type Layout = "full" | "compact";

/** What one view shows; each view of a widget has its own. */
export interface Place {
  room: Id | null;
  side: Side;
  dialogue: Dialogue;
  /** The message that the dialogue is about. */
  subject: Message | null;
  /** For a dialogue that is opened at one of its pages. */
  page: string | null;
  sheet: Sheet;
  /** The search stands in the place of the list. */
  search: Ask | null;
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
  subject: null,
  page: null,
  sheet: null,
  search: null,
  screen: "list",
  target: null,
  editing: null,
  quoting: null,
};

/** A sentence at the bottom of the view, for a moment. */
export interface Notice {
  text: string;
  action?: { label: string; act: () => void };
  /** Milliseconds that it stays. */
  stay?: number;
  /** When it went away without its action. */
  gone?: () => void;
}

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
  /** Say something, with what one may do about it. */
  tell(notice: Notice): void;
}

export const ViewContext = createContext<View | null>(null);
/** Apart from the view, so that those who do not look at it are not drawn again. */
export const PlaceContext = createContext<{ place: Place; size: Size; layout: Layout }>({
  place: NOWHERE,
  size: "wide",
  layout: "full",
});

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
