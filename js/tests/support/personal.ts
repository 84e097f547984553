import type * as p from "../../src/protocol";
import type { MemoryHub } from "./hub";
import { Refusal } from "./records";

/** What one member keeps for themselves. */
export class Personal {
  stars: p.Id[] = [];
  readonly muted = new Set<p.Id>();
  readonly drafts = new Map<string, p.Draft>();
  readonly saved = new Map<p.Id, p.Saved>();
  readonly scheduled = new Map<p.Id, p.Scheduled>();
  /** By a thread's root: its room, and whether it is followed, where the member has said so. */
  readonly follows = new Map<p.Id, [p.Id, boolean]>();
  readonly saidAt = new Map<string, p.Seq>();

  forgetRoom(room: p.Id): void {
    this.stars = this.stars.filter((id) => id !== room);
    this.muted.delete(room);
    for (const [key, draft] of this.drafts) if (draft.room === room) this.drafts.delete(key);
    for (const [id, saved] of this.saved) if (saved.room === room) this.saved.delete(id);
    for (const [id, scheduled] of this.scheduled) if (scheduled.room === room) this.scheduled.delete(id);
    for (const [root, [where]] of this.follows) if (where === room) this.follows.delete(root);
  }
}

export type PersonalCommand = Extract<
  p.AnyCommand,
  {
    type:
      | "set_stars"
      | "mute"
      | "unmute"
      | "set_draft"
      | "save"
      | "unsave"
      | "schedule"
      | "unschedule"
      | "follow"
      | "unfollow";
  }
>;

/** Events that their actor alone is told of. */
const PERSONAL: ReadonlySet<p.AnyEventData["type"]> = new Set([
  ...([
    "preferences_set",
    "stars_set",
    "muted",
    "unmuted",
    "draft_set",
    "saved",
    "unsaved",
    "reminded",
  ] as const),
  ...(["scheduled", "unscheduled", "unsent", "followed", "unfollowed"] as const),
]);

export const isPersonal = (data: p.AnyEventData): boolean => PERSONAL.has(data.type);

const draftKey = (room: p.Id, thread: p.Id | null): string => (thread ? `${room}/${thread}` : room);

/** Do what a command about one's own things says; gives the id of what was made or found. */
export function keep(hub: MemoryHub, me: p.Id, command: PersonalCommand): p.Id | null {
  const own = hub.personalOf(me);
  const happen = (data: p.AnyEventData) => hub.happen(me, null, data, command.req);
  switch (command.type) {
    case "set_stars": {
      const rooms = [...new Set(command.rooms)].map((room) => hub.see(me, room).id);
      if (rooms.join() !== own.stars.join()) happen({ type: "stars_set", rooms });
      return null;
    }
    case "mute":
    case "unmute": {
      const { id: target } = hub.see(me, command.room);
      const mute = command.type === "mute";
      if (own.muted.has(target) !== mute) happen({ type: mute ? "muted" : "unmuted", target });
      return target;
    }
    case "set_draft": {
      const { id: target } = hub.see(me, command.room);
      const { thread = null, reply_to = null } = command;
      const text = command.text.trim() ? command.text : "";
      const key = draftKey(target, thread);
      const now = own.drafts.get(key);
      if (now ? now.text === text && now.reply_to === reply_to : !text) return target;
      const before = own.saidAt.get(key) ?? null;
      happen({ type: "draft_set", target, thread, text, reply_to, before });
      return target;
    }
    case "save": {
      const { note = "", remind_at = null } = command;
      inTime(hub, remind_at);
      const known = command.id ? own.saved.get(command.id) : undefined;
      const message = command.id && known?.room !== null ? hub.seen(me, command.id) : null;
      if (message?.deleted) throw new Refusal("invalid", "That message was deleted.");
      if (!message && !note.trim()) throw new Refusal("invalid", "A note needs some text.");
      const id = command.id ?? String(hub.seq + 1);
      if (known && known.note === note && known.remind_at === remind_at) return id;
      const before = own.saidAt.get(`saved:${id}`) ?? null;
      happen({ type: "saved", id, target: message?.room ?? null, note, remind_at, before });
      return id;
    }
    case "unsave": {
      const { id } = command;
      if (own.saved.has(id)) happen({ type: "unsaved", id, before: own.saidAt.get(`saved:${id}`) ?? null });
      return id;
    }
    case "schedule": {
      inTime(hub, command.at);
      const { room: target, text = "", at, reply_to = null, quote = false, broadcast = false } = command;
      hub.mayPost(me, target);
      if (!text.trim() && !command.files?.length)
        throw new Refusal("invalid", "A message needs a text or files.");
      const files = hub.files.claim(me, target, command.files);
      happen({ type: "scheduled", target, text, at, reply_to, quote, broadcast, files });
      return String(hub.seq);
    }
    case "unschedule":
      if (!own.scheduled.has(command.id))
        throw new Refusal("not_found", "Nothing of yours is scheduled under this id.");
      happen({ type: "unscheduled", id: command.id });
      return command.id;
    case "follow":
    case "unfollow": {
      const message = hub.seen(me, command.id);
      const id = message.thread ?? message.id;
      const follow = command.type === "follow";
      if (own.follows.get(id)?.[1] !== follow)
        happen({ type: follow ? "followed" : "unfollowed", id, target: message.room });
      return id;
    }
  }
}

function inTime(hub: MemoryHub, at: p.Micros | null): void {
  if (at !== null && at <= hub.now) throw new Refusal("invalid", "That time has passed.");
}

/** Take an event of a member's own into what they keep. */
export function applyOwn(hub: MemoryHub, event: p.Event): void {
  const { data, actor, time, seq } = event;
  const own = hub.personalOf(actor);
  switch (data.type) {
    case "preferences_set":
      hub.preferences.set(actor, data.preferences);
      return;
    case "stars_set":
      own.stars = [...data.rooms];
      return;
    case "muted":
      own.muted.add(data.target);
      return;
    case "unmuted":
      own.muted.delete(data.target);
      return;
    case "draft_set": {
      const { target: room, thread, text, reply_to, before } = data;
      const key = draftKey(room, thread);
      hub.scrub(before);
      if (text) {
        own.drafts.set(key, { room, thread, text, reply_to, time });
        own.saidAt.set(key, seq);
      } else {
        own.drafts.delete(key);
        own.saidAt.delete(key);
      }
      return;
    }
    case "saved": {
      const { id, target: room, note, remind_at, before } = data;
      hub.scrub(before);
      own.saved.set(id, { id, room, note, time, remind_at, reminded_at: null });
      own.saidAt.set(`saved:${id}`, seq);
      return;
    }
    case "unsaved":
      hub.scrub(data.before);
      own.saved.delete(data.id);
      own.saidAt.delete(`saved:${data.id}`);
      return;
    case "reminded": {
      const saved = own.saved.get(data.id);
      if (saved) own.saved.set(data.id, { ...saved, remind_at: null, reminded_at: time });
      return;
    }
    case "scheduled": {
      const { target: room, text, at, reply_to, quote, broadcast, files } = data;
      const id = String(seq);
      own.scheduled.set(id, { id, room, text, at, reply_to, quote, broadcast, files, problem: null });
      return;
    }
    case "unscheduled":
      hub.scrub(Number(data.id));
      own.scheduled.delete(data.id);
      return;
    case "unsent": {
      const scheduled = own.scheduled.get(data.id);
      if (scheduled) own.scheduled.set(data.id, { ...scheduled, problem: data.problem });
      return;
    }
    case "followed":
    case "unfollowed":
      own.follows.set(data.id, [data.target, data.type === "followed"]);
  }
}
