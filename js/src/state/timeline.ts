import type { Event, Id, Message, Page, Seq } from "../protocol";
import { chosen, closed } from "./polls";

/** A message, and the `seq` at which it stood so. */
export interface Held {
  readonly message: Message;
  readonly asOf: Seq;
}

export type Loading = "newest" | "before" | "after" | "around";

/** A window over the messages of a room (without replies in threads), or of one thread. */
export interface Timeline {
  readonly room: Id;
  readonly thread: Id | null;
  readonly held: readonly Held[];
  readonly moreBefore: boolean;
  readonly moreAfter: boolean;
  readonly loaded: boolean;
  readonly loading: Loading | null;
  readonly problem: string | null;
  /** The page that reached the newest message was read at this `seq`. */
  readonly asOf: Seq;
  /** Somebody watches the newest message: old ones may go when new ones come. */
  readonly following: boolean;
}

/** Messages that a window holds at most; the far end goes when more come in. */
export const WINDOW = 400;
/** Of these are as many kept as one follows the newest: each that is drawn costs a little with each that comes. */
export const FOLLOWED = 160;
/** The others go by a few at a time, so that none that comes makes much work. */
const PARTING = 4;

export const keyOf = (room: Id, thread: Id | null = null): string => (thread ? `${room}/${thread}` : room);

export function newTimeline(room: Id, thread: Id | null): Timeline {
  return {
    room,
    thread,
    held: [],
    moreBefore: false,
    moreAfter: false,
    loaded: false,
    loading: null,
    problem: null,
    asOf: 0,
    following: true,
  };
}

/** A page of messages came in. */
export function withPage(timeline: Timeline, page: Page, how: Loading): Timeline {
  const came = page.messages.map((message): Held => ({ message, asOf: page.seq }));
  const done = { loaded: true, loading: null, problem: null } as const;
  if (how === "before") {
    const first = timeline.held[0];
    const older = first ? came.filter((held) => order(held) < order(first)) : came;
    const all = [...older, ...timeline.held];
    const cut = all.length > WINDOW;
    return {
      ...timeline,
      ...done,
      held: cut ? all.slice(0, WINDOW) : all,
      moreBefore: page.more_before,
      moreAfter: timeline.moreAfter || cut,
    };
  }
  if (how === "after") {
    const last = timeline.held.at(-1);
    const newer = last ? came.filter((held) => order(held) > order(last)) : came;
    const all = [...timeline.held, ...newer];
    const cut = all.length > WINDOW;
    return {
      ...timeline,
      ...done,
      held: cut ? all.slice(-WINDOW) : all,
      moreBefore: timeline.moreBefore || cut,
      moreAfter: page.more_after,
      asOf: page.seq,
    };
  }
  return {
    ...timeline,
    ...done,
    held: came,
    moreBefore: page.more_before,
    moreAfter: page.more_after,
    asOf: page.seq,
  };
}

/** An event of the timeline's room happened. */
export function withEvent(timeline: Timeline, event: Event): Timeline {
  const data = event.data;
  switch (data.type) {
    case "posted": {
      const root = data.thread;
      const isReply = root !== null && root !== data.id;
      const counted = isReply
        ? patch(timeline, root, event, (message) => ({
            ...message,
            thread: root,
            n_replies: message.n_replies + 1,
            last_reply_at: event.time,
          }))
        : timeline;
      const belongs = timeline.thread === null ? !isReply || data.broadcast : root === timeline.thread;
      return belongs ? insert(counted, event, messageOf(event, data.text, data)) : counted;
    }
    case "edited":
      return patch(timeline, data.id, event, (message) => ({
        ...message,
        text: data.text,
        mentions: data.mentions,
        edited_at: event.time,
      }));
    case "deleted": {
      const root = data.thread;
      const counted =
        root !== null && root !== data.id
          ? patch(timeline, root, event, (message) => ({
              ...message,
              n_replies: Math.max(0, message.n_replies - 1),
            }))
          : timeline;
      return patch(counted, data.id, event, (message) => ({
        ...message,
        text: null,
        deleted: true,
        files: [],
        mentions: [],
        reactions: [],
        pinned: false,
        forwarded: null,
        poll: null,
      }));
    }
    case "voted":
      return patch(timeline, data.id, event, (message) => chosen(message, event.actor, data.choices));
    case "poll_closed":
      return patch(timeline, data.id, event, closed);
    case "reacted":
      return patch(timeline, data.id, event, (message) => react(message, data.emoji, event.actor));
    case "unreacted":
      return patch(timeline, data.id, event, (message) => unreact(message, data.emoji, event.actor));
    case "pinned":
      return patch(timeline, data.id, event, (message) => ({ ...message, pinned: true }));
    case "unpinned":
      return patch(timeline, data.id, event, (message) => ({ ...message, pinned: false }));
    default: {
      if (timeline.thread !== null || !("text" in data)) return timeline;
      return insert(timeline, event, messageOf(event, data.text, { id: String(event.seq), kind: "system" }));
    }
  }
}

/** Where a message stands among the others. */
export const order = (held: Held): number => Number(held.message.id);

function insert(timeline: Timeline, event: Event, message: Message): Timeline {
  if (!timeline.loaded || timeline.moreAfter || event.seq <= timeline.asOf) return timeline;
  const { held } = timeline;
  const last = held.at(-1);
  if (last && order(last) >= Number(message.id)) return timeline;
  const all = [...held, { message, asOf: event.seq }];
  // Somebody reads further up: leave what they read where it is, and fetch the new ones when they come down.
  if (!timeline.following)
    return all.length <= 2 * WINDOW ? { ...timeline, held: all } : { ...timeline, moreAfter: true };
  if (all.length <= FOLLOWED) return { ...timeline, held: all };
  const kept = Math.max(FOLLOWED, Math.min(WINDOW, all.length - PARTING));
  return { ...timeline, held: all.slice(-kept), moreBefore: true };
}

function patch(timeline: Timeline, id: Id, event: Event, change: (message: Message) => Message): Timeline {
  const at = timeline.held.findIndex((held) => held.message.id === id);
  const found = timeline.held[at];
  if (!found || found.asOf >= event.seq) return timeline;
  const held = [...timeline.held];
  held[at] = { message: change(found.message), asOf: event.seq };
  return { ...timeline, held };
}

/** A message that is shown otherwise than the hub has said it yet: its next event counts all the same. */
export function withMessage(timeline: Timeline, id: Id, change: (message: Message) => Message): Timeline {
  const at = timeline.held.findIndex((held) => held.message.id === id);
  const found = timeline.held[at];
  if (!found) return timeline;
  const held = [...timeline.held];
  held[at] = { ...found, message: change(found.message) };
  return { ...timeline, held };
}

function messageOf(event: Event, text: string, more: Partial<Message> & { id: Id }): Message {
  return {
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
    // The event carries the question alone: nobody has voted yet.
    poll: more.poll ? { ...more.poll, votes: more.poll.options.map(() => []) } : null,
    files: more.files ?? [],
    id: more.id,
  };
}

function react(message: Message, emoji: string, member: Id): Message {
  const reactions = message.reactions.map((reaction) =>
    reaction.emoji === emoji && !reaction.members.includes(member)
      ? { ...reaction, members: [...reaction.members, member] }
      : reaction,
  );
  if (!reactions.some((reaction) => reaction.emoji === emoji)) reactions.push({ emoji, members: [member] });
  return { ...message, reactions };
}

function unreact(message: Message, emoji: string, member: Id): Message {
  return {
    ...message,
    reactions: message.reactions
      .map((reaction) =>
        reaction.emoji === emoji
          ? { ...reaction, members: reaction.members.filter((id) => id !== member) }
          : reaction,
      )
      .filter((reaction) => reaction.members.length > 0),
  };
}
