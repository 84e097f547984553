import type * as p from "../../src/protocol";

/** A room as the hub keeps it. */
export interface RoomRecord {
  id: p.Id;
  name: string;
  kind: p.RoomKind;
  topic: string;
  created_at: number;
  created_by: p.Id;
  archived: boolean;
  members: p.Id[];
  reads: Map<p.Id, number>;
  pins: p.Id[];
  last: p.LastMessage | null;
  n_messages: number;
}

export const LIMITS: p.Limits = {
  text: 40_000,
  frame: 1_048_576,
  batch: 1_000,
  page: 200,
  room_members: 5_000,
  members: 20_000,
  rooms: 10_000,
  reactions: 100,
  pins: 100,
  poll_options: 10,
  picture: 65_536,
  stars: 200,
  drafts: 500,
  saved: 2_000,
  scheduled: 200,
  slice: 1_048_576,
  uploads: 100,
  query: 1_000,
  rate: 2_000,
};

export const PREFERENCES: p.Preferences = {
  ...{ enter: "send", view: "recent", theme: "system", density: "comfortable", clock: "auto" },
  ...{ week: "auto", language: "auto", bar: true, unread_first: false, skin: 0 },
};

export const SETTINGS: p.WorkspaceSettings = {
  ...{ attachments: 10, attachment_bytes: 95_000_000, quota: null },
  ...{ collect_after: 604_800, link_titles: false },
};

export class Refusal extends Error {
  constructor(
    readonly code: p.ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** The message that an event leaves. */
export function messageOf(event: p.Event, text: string, more: Partial<p.Message> & { id: p.Id }): p.Message {
  return {
    id: more.id,
    room: event.room ?? "",
    author: event.actor,
    time: event.time,
    text,
    kind: more.kind ?? "text",
    thread: more.thread ?? null,
    reply_to: more.reply_to ?? null,
    edited_at: null,
    deleted: false,
    mentions: more.mentions ?? [],
    reactions: [],
    n_replies: 0,
    last_reply_at: null,
    pinned: false,
    broadcast: more.broadcast ?? false,
    forwarded: more.forwarded ?? null,
    files: more.files ?? [],
    poll: more.poll ? { ...more.poll, votes: more.poll.options.map(() => []) } : null,
  };
}
