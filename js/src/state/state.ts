import type {
  Attachment,
  Draft,
  Event,
  Id,
  Limits,
  Member,
  Micros,
  Preferences,
  Req,
  Room,
  Saved,
  Scheduled,
  Seq,
  WorkspaceSettings,
} from "../protocol";
import type { LinkStatus } from "../transport/transport";
import type { Timeline } from "./timeline";

/** A file that is sent while its message is written, or before that goes out. */
export interface Attached {
  upload: Req;
  room: Id;
  name: string;
  size: number;
  /** Where the page finds it, where it is a picture. */
  picture: string | null;
  state: "waiting" | "sending" | "done" | "failed";
  /** Bytes that the hub has. */
  sent: number;
  problem: string | null;
  /** As the hub has it, once it is complete. */
  file: Attachment | null;
}

/** A file of a message that is on its way: enough to say what it was when the page is loaded anew. */
export interface OutgoingFile {
  upload: Req;
  name: string;
  size: number;
  /** The hub has all of it. */
  done: boolean;
}

/** A message of one's own that the hub has not confirmed yet. */
export interface Outgoing {
  req: Req;
  room: Id;
  text: string;
  files: readonly OutgoingFile[];
  reply_to: Id | null;
  quote: boolean;
  /** In a thread: it also stands in the room. */
  broadcast: boolean;
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
  /** What the owner and the admins have chosen for everybody. */
  settings: WorkspaceSettings;
  preferences: Preferences;
  /** What was chosen and is on its way to the hub: an answer to an earlier choice does not undo it. */
  choosing: Partial<Preferences>;
  /** The rooms that stand first, in this order. */
  stars: readonly Id[];
  muted: ReadonlySet<Id>;
  /** What one has begun to write, in whichever browser; by `draftKey`. */
  drafts: ReadonlyMap<string, Draft>;
  saved: ReadonlyMap<Id, Saved>;
  scheduled: ReadonlyMap<Id, Scheduled>;
  /** Reminders that came while the panel was open and were not looked at yet: ids of `saved`. */
  reminders: readonly Id[];
  /** Who writes where, by room (or room/thread): each with the time (milliseconds) until which it counts. */
  typing: ReadonlyMap<string, ReadonlyMap<Id, number>>;
  /** Messages that are about to be deleted, and out of sight already. */
  hidden: ReadonlySet<Id>;
  timelines: ReadonlyMap<string, Timeline>;
  outgoing: readonly Outgoing[];
  uploads: ReadonlyMap<Req, Attached>;
  /** The files of what is written, by the place of the draft. */
  trays: ReadonlyMap<string, readonly Req[]>;
  /** The last events, for pages that were read before them and arrive after them. */
  recent: readonly Event[];
}

/** Where a draft belongs. */
export const draftKey = (room: Id, thread: Id | null): string => (thread ? `${room}/${thread}` : room);

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
  settings: {
    ...{ attachments: 10, attachment_bytes: 95_000_000, quota: null },
    ...{ collect_after: 604_800, link_titles: false },
  },
  preferences: {
    ...{ enter: "send", view: "recent", theme: "system", density: "comfortable", clock: "auto" },
    ...{ week: "auto", language: "auto", bar: true, unread_first: false, skin: 0 },
  },
  choosing: {},
  stars: [],
  muted: new Set(),
  drafts: new Map(),
  saved: new Map(),
  scheduled: new Map(),
  reminders: [],
  typing: new Map(),
  hidden: new Set(),
  timelines: new Map(),
  outgoing: [],
  uploads: new Map(),
  trays: new Map(),
  recent: [],
};
