import type * as p from "../../src/protocol";
import type { MemoryHub } from "./hub";
import { applyOwn, isPersonal } from "./personal";
import { messageOf, type RoomRecord } from "./records";

/** Take an event into what the hub knows. */
export function apply(hub: MemoryHub, event: p.Event): void {
  const { data, actor, time } = event;
  const id = String(event.seq);
  if (data.type === "member_added")
    hub.members.set(data.member, {
      id: data.member,
      handle: data.handle,
      name: data.name,
      role: data.role,
      bot: data.bot,
      joined_at: time,
      last_seen: null,
      status: null,
      picture: null,
    });
  if (data.type === "name_set" || data.type === "role_set") {
    const member = hub.members.get(data.member);
    if (member)
      hub.members.set(member.id, {
        ...member,
        ...("name" in data ? { name: data.name } : { role: data.role }),
      });
  }
  if (data.type === "status_set" || data.type === "picture_set") {
    const member = hub.members.get(actor);
    if (member)
      hub.members.set(actor, {
        ...member,
        ...("status" in data ? { status: data.status } : { picture: data.picture }),
      });
  }
  if (isPersonal(data)) applyOwn(hub, event);
  if (data.type === "settings_set") hub.settings = data.settings;
  if (data.type === "room_created") {
    const { name, kind, topic, members } = data;
    const reads = new Map(members.map((member) => [member, event.seq]));
    const made = {
      created_at: time,
      created_by: actor,
      archived: false,
      pins: [],
      last: null,
      n_messages: 0,
    };
    hub.rooms.set(id, { id, name, kind, topic, members: [...members], reads, ...made });
  }
  const room = event.room ? hub.rooms.get(event.room) : undefined;
  if (room) applyTo(hub, room, event);
}

const short = (text: string): string => [...text].slice(0, 120).join("");

function applyTo(hub: MemoryHub, room: RoomRecord, event: p.Event): void {
  const { data, actor, time, seq } = event;
  const change = (id: p.Id, patch: (message: p.Message) => Partial<p.Message>) => {
    const message = hub.messages.get(id);
    if (message) hub.messages.set(id, { ...message, ...patch(message) });
  };
  const enter = (member: p.Id) => {
    if (!room.members.includes(member)) room.members = [...room.members, member];
    room.reads.set(member, seq);
  };
  const exit = (member: p.Id) => {
    room.members = room.members.filter((other) => other !== member);
    room.reads.delete(member);
  };
  switch (data.type) {
    case "renamed":
      room.name = data.name;
      break;
    case "topic_set":
      room.topic = data.topic;
      break;
    case "archived":
    case "unarchived":
      room.archived = data.type === "archived";
      break;
    case "room_deleted":
      hub.rooms.delete(room.id);
      for (const own of hub.personal.values()) own.forgetRoom(room.id);
      for (const message of [...hub.messages.values()])
        if (message.room === room.id) hub.messages.delete(message.id);
      return;
    case "joined":
      enter(actor);
      break;
    case "added":
      enter(data.member);
      break;
    case "left":
      exit(actor);
      break;
    case "removed":
      exit(data.member);
      break;
    case "posted": {
      hub.messages.set(data.id, messageOf(event, data.text, data));
      room.n_messages += 1;
      room.last = {
        id: data.id,
        author: actor,
        time,
        text: short(data.text || (data.forwarded?.text ?? "")),
        file: data.files[0]?.name ?? "",
      };
      if (data.scheduled) {
        hub.scrub(Number(data.scheduled));
        hub.personalOf(actor).scheduled.delete(data.scheduled);
      }
      const root = data.thread;
      if (root && root !== data.id)
        change(root, ({ n_replies }) => ({ thread: root, n_replies: n_replies + 1, last_reply_at: time }));
      return;
    }
    case "edited":
      change(data.id, () => ({ text: data.text, edited_at: time, mentions: data.mentions }));
      if (room.last?.id === data.id) room.last = { ...room.last, text: short(data.text) };
      return;
    case "deleted":
      change(data.id, () => ({
        ...{ text: null, deleted: true, reactions: [], mentions: [], files: [] },
        ...{ pinned: false, forwarded: null, poll: null },
      }));
      if (data.thread && data.thread !== data.id)
        change(data.thread, (root) => ({ n_replies: root.n_replies - 1 }));
      room.n_messages -= 1;
      room.pins = room.pins.filter((id) => id !== data.id);
      if (room.last?.id === data.id) room.last = { ...room.last, text: "", file: "" };
      return;
    case "voted":
      change(data.id, ({ poll }) => ({
        poll: poll && {
          ...poll,
          votes: poll.votes.map((members, choice) => [
            ...members.filter((id) => id !== actor),
            ...(data.choices.includes(choice) ? [actor] : []),
          ]),
        },
      }));
      return;
    case "poll_closed":
      change(data.id, ({ poll }) => ({ poll: poll && { ...poll, closed: true } }));
      return;
    case "reacted":
      change(data.id, ({ reactions }) => ({
        reactions: reactions.some(({ emoji }) => emoji === data.emoji)
          ? reactions.map((r) => (r.emoji === data.emoji ? { ...r, members: [...r.members, actor] } : r))
          : [...reactions, { emoji: data.emoji, members: [actor] }],
      }));
      return;
    case "unreacted":
      change(data.id, ({ reactions }) => ({
        reactions: reactions
          .map((r) =>
            r.emoji === data.emoji ? { ...r, members: r.members.filter((id) => id !== actor) } : r,
          )
          .filter((r) => r.members.length > 0),
      }));
      return;
    case "pinned":
    case "unpinned":
      change(data.id, () => ({ pinned: data.type === "pinned" }));
      room.pins = room.pins.filter((id) => id !== data.id);
      if (data.type === "pinned") room.pins = [...room.pins, data.id];
      return;
    case "read":
      room.reads.set(actor, data.upto);
      return;
  }
  if ("text" in data)
    hub.messages.set(String(seq), messageOf(event, data.text, { id: String(seq), kind: "system" }));
}
