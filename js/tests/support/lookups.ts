import type * as p from "../../src/protocol";
import type { MemoryHub } from "./hub";
import { Refusal } from "./records";

export type Lookup = Extract<
  p.AnyRequest,
  {
    type:
      | "pins"
      | "versions"
      | "seen_by"
      | "followers"
      | "threads"
      | "saved_messages"
      | "get_picture"
      | "typing";
  }
>;

/** Answer a question that takes a few records. */
export function lookUp(hub: MemoryHub, me: p.Id, request: Lookup): p.AnyReply {
  const { req } = request;
  switch (request.type) {
    case "pins": {
      const { id: room, pins } = hub.see(me, request.room);
      const messages = [...pins].reverse().map((id) => hub.messageOf(id));
      return { type: "page", req, room, messages, more_before: false, more_after: false, seq: hub.seq };
    }
    case "versions": {
      const { id, room, deleted } = hub.seen(me, request.id);
      if (deleted) throw new Refusal("invalid", "That message was deleted, and with it what it said before.");
      const versions = hub.log.flatMap(({ data, time, ...event }) =>
        event.room === room && (data.type === "posted" || data.type === "edited") && data.id === id
          ? [{ time, text: data.text }]
          : [],
      );
      return { type: "message_versions", req, versions };
    }
    case "seen_by": {
      const { id, room, author } = hub.seen(me, request.id);
      const { members, reads } = hub.see(me, room);
      const seen = members.filter((one) => one !== author && (reads.get(one) ?? 0) >= Number(id));
      return { type: "people", req, members: seen };
    }
    case "followers": {
      const message = hub.seen(me, request.id);
      return { type: "people", req, members: followers(hub, message.room, message.thread ?? message.id) };
    }
    case "threads": {
      const found = [...hub.messages.values()]
        .filter(({ id, room, n_replies }) => {
          const where = hub.rooms.get(room);
          return n_replies > 0 && where && hub.sees(me, where) && followers(hub, room, id).includes(me);
        })
        .sort((a, b) => (b.last_reply_at ?? 0) - (a.last_reply_at ?? 0));
      const limit = request.limit ?? 50;
      return { type: "listing", req, messages: found.slice(0, limit), more: found.length > limit };
    }
    case "saved_messages": {
      const kept = [...hub.personalOf(me).saved.values()].reverse();
      const messages = kept.flatMap(({ id, room }) => {
        const where = room === null ? undefined : hub.rooms.get(room);
        return where && hub.sees(me, where) ? [hub.messageOf(id)] : [];
      });
      return { type: "listing", req, messages, more: false };
    }
    case "get_picture": {
      const data = hub.pictures.get(request.picture);
      if (data === undefined) throw new Refusal("not_found", "There is no such picture.");
      return { type: "picture", req, media_type: "image/png", data };
    }
    case "typing": {
      const room = hub.mayPost(me, request.room);
      const thread = request.thread ?? null;
      for (const client of hub.clients)
        if (client.me !== me && room.members.includes(client.me))
          client.tell({ type: "member_typing", member: me, room: room.id, thread });
      return { type: "ack", req, seq: hub.seq, time: null, id: null, changed: false };
    }
  }
}

/** Who wrote in a thread or is mentioned there and did not leave it, and who follows it by their own word. */
function followers(hub: MemoryHub, room: p.Id, root: p.Id): p.Id[] {
  const here = new Set(hub.rooms.get(room)?.members);
  const wrote = [...hub.messages.values()]
    .filter(({ id, thread, deleted }) => !deleted && (id === root || thread === root))
    .flatMap(({ author, mentions }) => [author, ...mentions]);
  const said = (one: p.Id) => hub.personalOf(one).follows.get(root)?.[1];
  const all = [
    ...wrote.filter((one) => said(one) !== false),
    ...[...here].filter((one) => said(one) === true),
  ];
  return [...new Set(all)].filter((one) => here.has(one));
}
