import type * as p from "../../src/protocol";
import type { MemoryHub } from "./hub";
import { Refusal, type RoomRecord } from "./records";

/** Do what a command says; gives the id of what was made or found. */
export function carryOut(hub: MemoryHub, me: p.Id, command: p.AnyCommand): p.Id | null {
  const { req } = command;
  const who = hub.members.get(me)?.name ?? "Somebody";
  const happen = (room: p.Id | null, data: p.AnyEventData) => hub.happen(me, room, data, req);
  switch (command.type) {
    case "create_room": {
      if ([...hub.rooms.values()].some((room) => room.name === command.name))
        throw new Refusal("conflict", `There is a room ${command.name} already.`);
      const { name, kind = "public", topic = "", members = [] } = command;
      return create(hub, me, { name, kind, topic, members: [...new Set([me, ...members])] }, req);
    }
    case "open_direct": {
      const pair = [...new Set([me, command.member])];
      const found = [...hub.rooms.values()].find(
        (room) => room.kind === "direct" && pair.every((id) => room.members.includes(id)),
      );
      if (found) return found.id;
      const name = pair
        .map((id) => `@${hub.members.get(id)?.handle}`)
        .sort()
        .join(",");
      return create(hub, me, { name, kind: "direct", topic: "", members: pair }, req);
    }
    case "rename":
      happen(command.room, {
        type: "renamed",
        name: command.name,
        text: `${who} renamed the room to ${command.name}`,
      });
      return null;
    case "set_topic":
      happen(command.room, { type: "topic_set", topic: command.topic, text: `${who} set the topic` });
      return null;
    case "archive":
      happen(command.room, { type: "archived", text: `${who} archived the room` });
      return null;
    case "unarchive":
      happen(command.room, { type: "unarchived", text: `${who} took the room out of the archive` });
      return null;
    case "delete_room":
      happen(command.room, { type: "room_deleted", ...hub.see(me, command.room) });
      return null;
    case "join":
      if (!hub.see(me, command.room).members.includes(me))
        happen(command.room, { type: "joined", text: `${who} joined` });
      return null;
    case "leave":
      happen(command.room, { type: "left", text: `${who} left` });
      return null;
    case "add": {
      const name = hub.members.get(command.member)?.name;
      happen(command.room, { type: "added", member: command.member, text: `${who} added ${name}` });
      return null;
    }
    case "remove": {
      const name = hub.members.get(command.member)?.name;
      happen(command.room, { type: "removed", member: command.member, text: `${who} removed ${name}` });
      return null;
    }
    case "post": {
      const room = hub.see(me, command.room);
      if (room.archived) throw new Refusal("archived", "The room is archived: unarchive it first.");
      if (!room.members.includes(me)) throw new Refusal("forbidden", "You are not in this room.");
      const answered = command.reply_to ? hub.messageOf(command.reply_to) : null;
      const thread = answered && !command.quote ? (answered.thread ?? answered.id) : null;
      const mentions = mentionsIn(hub, room, command.text);
      const id = String(hub.seq + 1);
      const { text, reply_to = null } = command;
      const kind = hub.members.get(me)?.bot ? "bot" : "text";
      happen(room.id, { type: "posted", id, text, kind, thread, reply_to, mentions });
      return id;
    }
    case "edit": {
      const { id, room, author, mentions: mentions_before } = mine(hub, me, command.id);
      const { text } = command;
      const mentions = mentionsIn(hub, hub.see(me, room), text);
      happen(room, { type: "edited", id, author, text, mentions, mentions_before });
      return null;
    }
    case "delete": {
      const { id, room, author, thread, mentions: mentions_before } = mine(hub, me, command.id);
      happen(room, { type: "deleted", id, author, thread: thread === id ? null : thread, mentions_before });
      return null;
    }
    case "react":
    case "unreact": {
      const message = hub.messageOf(command.id);
      const there =
        message.reactions.find(({ emoji }) => emoji === command.emoji)?.members.includes(me) ?? false;
      if (there === (command.type === "react")) return null;
      const type = command.type === "react" ? "reacted" : "unreacted";
      happen(message.room, { type, id: command.id, emoji: command.emoji });
      return null;
    }
    case "pin":
      happen(hub.messageOf(command.id).room, { type: "pinned", id: command.id });
      return null;
    case "unpin":
      happen(hub.messageOf(command.id).room, { type: "unpinned", id: command.id });
      return null;
    case "mark_read": {
      const room = hub.see(me, command.room);
      const upto = command.upto ? Math.min(Number(command.upto), hub.seq) : hub.newest(room);
      if ((room.reads.get(me) ?? 0) >= upto) return null;
      happen(room.id, { type: "read", upto, ...hub.unread(room, me, upto) });
      return null;
    }
    case "mark_unread": {
      const upto = Number(command.id) - 1;
      const room = hub.see(me, command.room);
      happen(room.id, { type: "read", upto, ...hub.unread(room, me, upto) });
      return null;
    }
    case "set_preferences": {
      const now = hub.preferencesOf(me);
      const preferences = {
        enter: command.enter ?? now.enter,
        view: command.view ?? now.view,
        theme: command.theme ?? now.theme,
      };
      happen(null, { type: "preferences_set", preferences });
      return null;
    }
    case "set_name":
      happen(null, { type: "name_set", member: me, name: command.name });
      return null;
    case "set_role":
      happen(null, { type: "role_set", member: command.member, role: command.role });
      return null;
  }
}

function create(hub: MemoryHub, me: p.Id, room: Omit<p.RoomCreated, "type">, req: p.Req): p.Id {
  hub.happen(me, String(hub.seq + 1), { type: "room_created", ...room }, req);
  return String(hub.seq);
}

function mine(hub: MemoryHub, me: p.Id, id: p.Id): p.Message {
  const found = hub.messageOf(id);
  if (found.author !== me) throw new Refusal("forbidden", "It is not yours.");
  return found;
}

/** Only who is in the room is mentioned. */
function mentionsIn(hub: MemoryHub, room: RoomRecord, text: string): p.Id[] {
  const found = [...text.matchAll(/@([\w.-]+)/g)]
    .map(([, handle]) => [...hub.members.values()].find((member) => member.handle === handle)?.id)
    .filter((id): id is p.Id => id !== undefined && room.members.includes(id));
  return [...new Set(found)];
}
