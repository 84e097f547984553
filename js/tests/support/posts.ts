import type * as p from "../../src/protocol";
import type { MemoryHub } from "./hub";
import { Refusal, type RoomRecord } from "./records";

type Posting = p.Post | p.Forward | p.CreatePoll;
/** What a post has, now or when its time comes. */
type Words = Pick<p.Post, "room" | "text" | "reply_to" | "quote" | "broadcast">;
/** What a post has beside its words: files that are to be taken from what was sent, or that it has already. */
type With = Pick<p.Post, "files"> | { attached: p.Attachment[] };

const NOTHING = { broadcast: false, forwarded: null, poll: null, scheduled: null, files: [] };

/** Post what a command says; gives the message's id. */
export function say(hub: MemoryHub, me: p.Id, command: Posting): p.Id {
  if (command.type === "post") return post(hub, me, command, command.req);
  const room = hub.mayPost(me, command.room);
  const id = String(hub.seq + 1);
  if (command.type === "forward") {
    const found = hub.seen(me, command.id);
    if (found.kind === "system")
      throw new Refusal("invalid", "A line of the room itself cannot be forwarded.");
    if (found.text === null) throw new Refusal("invalid", "That message was deleted.");
    const source = found.text ? null : found.forwarded;
    const { author, time } = found;
    const forwarded = source ?? { id: found.id, room: found.room, author, time, text: found.text };
    const text = command.text ?? "";
    const mentions = mentionsIn(hub, room, text);
    happen(hub, me, room, { text, forwarded, mentions, files: found.files }, command.req);
    return id;
  }
  const { question, options, multiple = false, reply_to = null } = command;
  if (options.length < 2 || new Set(options).size < options.length)
    throw new Refusal("invalid", "A poll needs at least two choices that differ.");
  const text = [question, ...options.map((option) => `- ${option}`)].join("\n");
  const poll = { question, options, multiple, closed: false, votes: [] };
  const thread = threadOf(hub, command);
  const mentions = mentionsIn(hub, room, text);
  happen(hub, me, room, { text, kind: "poll", thread, reply_to, mentions, poll }, command.req);
  return id;
}

export function post(
  hub: MemoryHub,
  me: p.Id,
  words: Words & With,
  req: p.Req | null,
  scheduled: p.Id | null = null,
): p.Id {
  const room = hub.mayPost(me, words.room);
  const { text = "", reply_to = null, broadcast = false } = words;
  const some = "attached" in words ? words.attached.length : words.files?.length;
  if (!text.trim() && !some) throw new Refusal("invalid", "A message needs a text or files.");
  if (broadcast && (words.quote || !reply_to))
    throw new Refusal("invalid", "Only a reply in a thread can also stand in the room.");
  const thread = threadOf(hub, words);
  const mentions = mentionsIn(hub, room, text);
  const id = String(hub.seq + 1);
  const files = "attached" in words ? words.attached : hub.files.claim(me, room.id, words.files);
  happen(hub, me, room, { text, thread, reply_to, mentions, broadcast, scheduled, files }, req);
  return id;
}

function happen(
  hub: MemoryHub,
  me: p.Id,
  room: RoomRecord,
  data: Partial<p.Posted> & { text: string },
  req: p.Req | null,
): void {
  const id = String(hub.seq + 1);
  const kind = hub.members.get(me)?.bot ? "bot" : "text";
  const rest = { type: "posted" as const, id, kind, thread: null, reply_to: null, mentions: [] } as const;
  hub.happen(me, room.id, { ...NOTHING, ...rest, ...data } as p.Posted, req);
}

function threadOf(hub: MemoryHub, { reply_to, ...more }: Pick<Words, "reply_to" | "quote">): p.Id | null {
  if (!reply_to || more.quote) return null;
  const answered = hub.messageOf(reply_to);
  return answered.thread ?? answered.id;
}

/** Only who is in the room is mentioned. */
export function mentionsIn(hub: MemoryHub, room: RoomRecord, text: string): p.Id[] {
  const found = [...text.matchAll(/@([\w.-]+)/g)]
    .map(([, handle]) => [...hub.members.values()].find((member) => member.handle === handle)?.id)
    .filter((id): id is p.Id => id !== undefined && room.members.includes(id));
  return [...new Set(found)];
}

/** Choose in a poll, or close it. */
export function choose(hub: MemoryHub, me: p.Id, command: p.Vote | p.ClosePoll): p.Id {
  const { id, room, author, poll } = hub.seen(me, command.id);
  hub.mayPost(me, room);
  if (!poll) throw new Refusal("invalid", "That message is no poll.");
  const role = hub.members.get(me)?.role;
  if (command.type === "close_poll") {
    if (author !== me && role !== "owner" && role !== "admin")
      throw new Refusal("forbidden", "The poll is not yours.");
    if (!poll.closed) hub.happen(me, room, { type: "poll_closed", id }, command.req);
    return id;
  }
  if (poll.closed) throw new Refusal("invalid", "The poll is closed.");
  const choices = [...new Set(command.choices)].sort((a, b) => a - b);
  if (choices.some((choice) => !poll.options[choice]))
    throw new Refusal("invalid", `The choices of this poll are 0 to ${poll.options.length - 1}.`);
  if (choices.length > 1 && !poll.multiple) throw new Refusal("invalid", "In this poll one has one vote.");
  const now = poll.votes.flatMap((members, choice) => (members.includes(me) ? [choice] : []));
  if (now.join() !== choices.join()) hub.happen(me, room, { type: "voted", id, choices }, command.req);
  return id;
}

/** What is due by now is posted, and who wanted to be reminded is. */
export function fireDue(hub: MemoryHub, now: p.Micros): void {
  hub.now = Math.max(hub.now, now);
  for (const [member, own] of hub.personal) {
    const posts = [...own.scheduled.values()]
      .filter(({ at, problem }) => at <= now && problem === null)
      .map((one) => ({ when: one.at, id: one.id, post: one }));
    const reminders = [...own.saved.values()]
      .filter(({ remind_at }) => remind_at !== null && remind_at <= now)
      .map((one) => ({ when: one.remind_at ?? 0, id: one.id, post: null }));
    const due = [...posts, ...reminders].sort((a, b) => a.when - b.when || Number(a.id) - Number(b.id));
    for (const one of due) {
      if (!one.post) {
        hub.happen(member, null, { type: "reminded", id: one.id });
        continue;
      }
      try {
        post(hub, member, { ...one.post, attached: one.post.files }, null, one.id);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        hub.happen(member, null, { type: "unsent", id: one.id, problem: error.message });
      }
    }
  }
}
