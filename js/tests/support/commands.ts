import type * as p from "../../src/protocol";
import type { MemoryHub } from "./hub";
import { keep } from "./personal";
import { choose, mentionsIn, say } from "./posts";
import { Refusal } from "./records";

/** Do what a command says; gives the id of what was made or found. */
export function carryOut(hub: MemoryHub, me: p.Id, command: p.AnyCommand): p.Id | null {
  const { req } = command;
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
        text: `renamed the room to ${command.name}`,
      });
      return null;
    case "set_topic":
      happen(command.room, {
        type: "topic_set",
        topic: command.topic,
        text: command.topic ? `set the topic: ${command.topic}` : "removed the topic",
      });
      return null;
    case "archive":
      happen(command.room, { type: "archived", text: "archived the room" });
      return null;
    case "unarchive":
      happen(command.room, { type: "unarchived", text: "unarchived the room" });
      return null;
    case "delete_room":
      happen(command.room, { type: "room_deleted", ...hub.see(me, command.room) });
      return null;
    case "join":
      if (!hub.see(me, command.room).members.includes(me))
        happen(command.room, { type: "joined", text: "joined the room" });
      return null;
    case "leave":
      happen(command.room, { type: "left", text: "left the room" });
      return null;
    case "add": {
      const handle = hub.members.get(command.member)?.handle;
      happen(command.room, { type: "added", member: command.member, text: `added @${handle}` });
      return null;
    }
    case "remove": {
      const handle = hub.members.get(command.member)?.handle;
      happen(command.room, { type: "removed", member: command.member, text: `removed @${handle}` });
      return null;
    }
    case "post":
    case "forward":
    case "create_poll":
      return say(hub, me, command);
    case "vote":
    case "close_poll":
      return choose(hub, me, command);
    case "edit": {
      const { id, room, author, poll, files, mentions: mentions_before } = mine(hub, me, command.id);
      if (poll) throw new Refusal("invalid", "A poll stays as it was asked.");
      const { text } = command;
      if (!text.trim() && files.length === 0) throw new Refusal("invalid", "A message needs some text.");
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
      const chosen = Object.entries(command).filter(([name, value]) => name in now && value !== null);
      const preferences = { ...now, ...Object.fromEntries(chosen) };
      if (JSON.stringify(preferences) !== JSON.stringify(now))
        happen(null, { type: "preferences_set", preferences });
      return null;
    }
    case "set_settings": {
      const role = hub.members.get(me)?.role;
      if (role !== "owner" && role !== "admin")
        throw new Refusal("forbidden", "Only the owner and the admins change the settings.");
      const now = hub.settings;
      const chosen = Object.entries(command).filter(([name, value]) => name in now && value !== null);
      const settings = { ...now, ...Object.fromEntries(chosen) };
      if (settings.quota === 0) settings.quota = null;
      if (JSON.stringify(settings) !== JSON.stringify(now)) happen(null, { type: "settings_set", settings });
      return null;
    }
    case "set_status": {
      const { emoji = "", text = "", until = null } = command;
      if (until !== null && until <= hub.now)
        throw new Refusal("invalid", "The time until which the status counts has passed.");
      const status = emoji || text ? { emoji, text, until } : null;
      if (JSON.stringify(status) !== JSON.stringify(hub.members.get(me)?.status))
        happen(null, { type: "status_set", status });
      return null;
    }
    case "set_picture": {
      const picture = command.data ? hub.keepPicture(command.data) : null;
      if (picture !== hub.members.get(me)?.picture) happen(null, { type: "picture_set", picture });
      return null;
    }
    case "set_stars":
    case "mute":
    case "unmute":
    case "set_draft":
    case "save":
    case "unsave":
    case "schedule":
    case "unschedule":
    case "follow":
    case "unfollow":
      return keep(hub, me, command);
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
