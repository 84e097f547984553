import type { Event, Id, Limits, Member, Micros, Preferences, Req, Room, Seq } from "../protocol";
import type { LinkStatus } from "../transport/transport";
import type { Timeline } from "./timeline";

/** A message of one's own that the hub has not confirmed yet. */
export interface Outgoing {
  req: Req;
  room: Id;
  text: string;
  reply_to: Id | null;
  quote: boolean;
  /** The root of the thread that it is shown in; null for the room itself. */
  thread: Id | null;
  time: Micros;
  state: "waiting" | "failed" | "confirmed";
  /** Why it failed. */
  problem: string | null;
  /** Its id, once the hub has given it one. */
  id: Id | null;
}

/** All that a panel knows; shared by its views. */
export interface State {
  link: LinkStatus;
  /** The other side does not answer. */
  silent: boolean;
  /** A snapshot has come. */
  synced: boolean;
  /** The highest `seq` of an event that was taken in: what to sync from. */
  seq: Seq;
  /** Members and rooms are as they stood at this `seq` or later. */
  asOf: Seq;
  me: Id;
  limits: Limits | null;
  members: ReadonlyMap<Id, Member>;
  rooms: ReadonlyMap<Id, Room>;
  online: ReadonlySet<Id>;
  preferences: Preferences;
  timelines: ReadonlyMap<string, Timeline>;
  outgoing: readonly Outgoing[];
  /** The last events, for pages that were read before them and arrive after them. */
  recent: readonly Event[];
}

export const EMPTY: State = {
  link: { state: "connecting", message: "", epoch: 0 },
  silent: false,
  synced: false,
  seq: 0,
  asOf: 0,
  me: "",
  limits: null,
  members: new Map(),
  rooms: new Map(),
  online: new Set(),
  preferences: { enter: "send", view: "recent", theme: "system" },
  timelines: new Map(),
  outgoing: [],
  recent: [],
};
