import type * as p from "../../src/protocol";
import { MemoryTransport } from "../../src/transport/memory";

interface RoomRecord {
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

const LIMITS: p.Limits = {
  text: 40_000,
  frame: 1_048_576,
  batch: 1_000,
  page: 200,
  room_members: 5_000,
  members: 20_000,
  rooms: 10_000,
  reactions: 100,
  pins: 100,
  rate: 2_000,
};

/** The kinds of events that leave a line in the conversation. */
const SEEN_BY_ALL = new Set(
  "room_created renamed topic_set archived unarchived room_deleted joined left added removed".split(" "),
);

export class Refusal extends Error {
  constructor(
    readonly code: p.ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** A hub in memory, as far as the panel talks to one: it keeps a log and answers as the real one does. */
export class MemoryHub {
  seq = 0;
  now: number;
  readonly log: p.Event[] = [];
  readonly members = new Map<p.Id, p.Member>();
  readonly preferences = new Map<p.Id, p.Preferences>();
  readonly rooms = new Map<p.Id, RoomRecord>();
  readonly messages = new Map<p.Id, p.Message>();
  readonly clients = new Set<MemoryClient>();
  readonly answered = new Map<p.Req, p.Ack>();
  /** Requests that changed something, in order. */
  readonly commands: p.AnyCommand[] = [];
  /** For tests: say no. */
  refuse: (request: p.AnyRequest) => Refusal | null = () => null;

  constructor(now = Date.UTC(2026, 10, 20, 9, 0) * 1000) {
    this.now = now;
  }

  // ---------------------------------------------------------------- set-up

  member(handle: string, name = handle, more: Partial<p.Member> = {}): p.Member {
    const id = String(this.seq + 1);
    const role = more.role ?? (this.members.size === 0 ? "owner" : "member");
    this.happen(id, null, { type: "member_added", member: id, handle, name, role, bot: more.bot ?? false });
    return this.memberOf(handle);
  }

  memberOf(handle: string): p.Member {
    const found = [...this.members.values()].find((member) => member.handle === handle);
    if (!found) throw new Error(`no member ${handle}`);
    return found;
  }

  roomOf(name: string): RoomRecord {
    const found = [...this.rooms.values()].find((room) => room.name === name);
    if (!found) throw new Error(`no room ${name}`);
    return found;
  }

  /** Do something as a member, as if by another client. */
  as<C extends Omit<p.AnyCommand, "req">>(handle: string, command: C): p.Ack {
    const req = crypto.randomUUID();
    return this.command(this.memberOf(handle).id, { ...command, req } as unknown as p.AnyCommand);
  }

  post(handle: string, room: string, text: string, more: { reply_to?: p.Id; quote?: boolean } = {}): p.Id {
    const command = { type: "post" as const, room: this.roomOf(room).id, text, ...more };
    return this.as(handle, command).id ?? "";
  }

  room(handle: string, name: string, members: string[] = [], more: Partial<p.CreateRoom> = {}): p.Id {
    const ids = members.map((member) => this.memberOf(member).id);
    return this.as(handle, { type: "create_room" as const, name, members: ids, ...more }).id ?? "";
  }

  connect(handle: string): MemoryClient {
    return new MemoryClient(this, this.memberOf(handle).id);
  }

  // ---------------------------------------------------------------- answers

  answer(me: p.Id, request: p.AnyRequest): p.AnyReply[] {
    const { req } = request;
    const refusal = this.refuse(request);
    try {
      if (refusal) throw refusal;
      switch (request.type) {
        case "ping":
          return [{ type: "ack", req, seq: this.seq, time: null, id: null, changed: false }];
        case "sync":
          return this.sync(me, request);
        case "history":
          return [this.history(me, request)];
        case "pins": {
          const room = this.see(me, request.room);
          const messages = [...room.pins].reverse().map((id) => this.messageOf(id));
          return [
            {
              type: "page",
              req,
              room: room.id,
              messages,
              more_before: false,
              more_after: false,
              seq: this.seq,
            },
          ];
        }
        case "hello":
        case "frame":
        case "status":
        case "stop":
        case "backup":
          throw new Refusal("malformed", `The panel has no use for ${request.type}.`);
        default:
          return [this.command(me, request)];
      }
    } catch (error) {
      if (error instanceof Refusal) return [{ type: "error", code: error.code, message: error.message, req }];
      throw error;
    }
  }

  snapshot(me: p.Id, req = ""): p.Snapshot {
    const online = new Set([...this.clients].filter((client) => client.connected).map((client) => client.me));
    return {
      type: "snapshot",
      req,
      seq: this.seq,
      me,
      members: [...this.members.values()],
      rooms: [...this.rooms.values()]
        .filter((room) => this.sees(me, room))
        .map((room) => this.record(room, me)),
      preferences: this.preferencesOf(me),
      online: [...online],
      limits: LIMITS,
      gap: false,
    };
  }

  private sync(me: p.Id, request: p.Sync): p.AnyReply[] {
    const { since } = request;
    const missed =
      since === null || since === undefined
        ? []
        : this.log.filter((event) => event.seq > since && this.delivers(me, event));
    return [this.snapshot(me, request.req), ...missed];
  }

  history(me: p.Id, request: p.History): p.Page {
    const room = this.see(me, request.room);
    const all = [...this.messages.values()].filter((message) => {
      if (message.room !== room.id) return false;
      const reply = message.thread !== null && message.thread !== message.id;
      if (request.thread)
        return message.id === request.thread || (reply && message.thread === request.thread);
      if (request.main && reply) return false;
      return request.system !== false || message.kind !== "system";
    });
    const limit = request.limit ?? 50;
    const at = (id: p.Id) => all.filter((message) => Number(message.id) < Number(id)).length;
    let start = Math.max(0, all.length - limit);
    let end = all.length;
    if (request.before) {
      end = at(request.before);
      start = Math.max(0, end - limit);
    } else if (request.after) {
      start = all.filter((message) => Number(message.id) <= Number(request.after)).length;
      end = Math.min(all.length, start + limit);
    } else if (request.around) {
      start = Math.max(0, at(request.around) - Math.floor(limit / 2));
      end = Math.min(all.length, start + limit);
    }
    return {
      type: "page",
      req: request.req,
      room: room.id,
      messages: all.slice(start, end).map((message) => structuredClone(message)),
      more_before: start > 0,
      more_after: end < all.length,
      seq: this.seq,
    };
  }

  // ---------------------------------------------------------------- commands

  command(me: p.Id, command: p.AnyCommand): p.Ack {
    const known = this.answered.get(command.req);
    if (known) return known;
    this.commands.push(command);
    const before = this.seq;
    const id = this.carryOut(me, command);
    const ack: p.Ack = {
      type: "ack",
      req: command.req,
      seq: this.seq,
      time: this.now,
      id,
      changed: this.seq > before,
    };
    this.answered.set(command.req, ack);
    return ack;
  }

  private carryOut(me: p.Id, command: p.AnyCommand): p.Id | null {
    const { req } = command;
    const who = this.members.get(me)?.name ?? "Somebody";
    const happen = (room: p.Id | null, data: p.AnyEventData) => this.happen(me, room, data, req);
    switch (command.type) {
      case "create_room": {
        if ([...this.rooms.values()].some((room) => room.name === command.name))
          throw new Refusal("conflict", `There is a room ${command.name} already.`);
        const { name, kind = "public", topic = "", members = [] } = command;
        return this.create(me, { name, kind, topic, members: [...new Set([me, ...members])] }, req);
      }
      case "open_direct": {
        const pair = [...new Set([me, command.member])];
        const found = [...this.rooms.values()].find(
          (room) => room.kind === "direct" && pair.every((id) => room.members.includes(id)),
        );
        if (found) return found.id;
        const name = pair
          .map((id) => `@${this.members.get(id)?.handle}`)
          .sort()
          .join(",");
        return this.create(me, { name, kind: "direct", topic: "", members: pair }, req);
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
        happen(command.room, { type: "room_deleted", ...this.see(me, command.room) });
        return null;
      case "join":
        if (!this.see(me, command.room).members.includes(me))
          happen(command.room, { type: "joined", text: `${who} joined` });
        return null;
      case "leave":
        happen(command.room, { type: "left", text: `${who} left` });
        return null;
      case "add": {
        const name = this.members.get(command.member)?.name;
        happen(command.room, { type: "added", member: command.member, text: `${who} added ${name}` });
        return null;
      }
      case "remove": {
        const name = this.members.get(command.member)?.name;
        happen(command.room, { type: "removed", member: command.member, text: `${who} removed ${name}` });
        return null;
      }
      case "post": {
        const room = this.see(me, command.room);
        if (room.archived) throw new Refusal("archived", "The room is archived: unarchive it first.");
        if (!room.members.includes(me)) throw new Refusal("forbidden", "You are not in this room.");
        const answered = command.reply_to ? this.messageOf(command.reply_to) : null;
        const thread = answered && !command.quote ? (answered.thread ?? answered.id) : null;
        const mentions = this.mentions(command.text);
        const id = String(this.seq + 1);
        const { text, reply_to = null } = command;
        const kind = this.members.get(me)?.bot ? "bot" : "text";
        happen(room.id, { type: "posted", id, text, kind, thread, reply_to, mentions });
        return id;
      }
      case "edit": {
        const { id, room, author, mentions: mentions_before } = this.mine(me, command.id);
        const { text } = command;
        happen(room, { type: "edited", id, author, text, mentions: this.mentions(text), mentions_before });
        return null;
      }
      case "delete": {
        const { id, room, author, thread, mentions: mentions_before } = this.mine(me, command.id);
        happen(room, { type: "deleted", id, author, thread: thread === id ? null : thread, mentions_before });
        return null;
      }
      case "react":
      case "unreact": {
        const message = this.messageOf(command.id);
        const there =
          message.reactions.find(({ emoji }) => emoji === command.emoji)?.members.includes(me) ?? false;
        if (there === (command.type === "react")) return null;
        const type = command.type === "react" ? "reacted" : "unreacted";
        happen(message.room, { type, id: command.id, emoji: command.emoji });
        return null;
      }
      case "pin":
        happen(this.messageOf(command.id).room, { type: "pinned", id: command.id });
        return null;
      case "unpin":
        happen(this.messageOf(command.id).room, { type: "unpinned", id: command.id });
        return null;
      case "mark_read": {
        const upto = command.upto ? Number(command.upto) : this.seq;
        const room = this.see(me, command.room);
        if ((room.reads.get(me) ?? 0) >= upto) return null;
        happen(room.id, { type: "read", upto, ...this.unread(room, me, upto) });
        return null;
      }
      case "mark_unread": {
        const upto = Number(command.id) - 1;
        const room = this.see(me, command.room);
        happen(room.id, { type: "read", upto, ...this.unread(room, me, upto) });
        return null;
      }
      case "set_preferences": {
        const now = this.preferencesOf(me);
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

  private create(me: p.Id, room: Omit<p.RoomCreated, "type">, req: p.Req): p.Id {
    this.happen(me, String(this.seq + 1), { type: "room_created", ...room }, req);
    return String(this.seq);
  }

  // ---------------------------------------------------------------- the log

  /** Something happens: it is written down, and told to whoever may see it. */
  happen(actor: p.Id, room: p.Id | null, data: p.AnyEventData, req: p.Req | null = null): p.Event {
    this.seq += 1;
    this.now += 1_000;
    const event: p.Event = { type: "event", seq: this.seq, time: this.now, actor, data, room, req };
    const gone = room ? this.rooms.get(room) : undefined;
    const saw = new Set(
      [...this.clients].filter((client) => gone && this.sees(client.me, gone)).map((c) => c.me),
    );
    this.log.push(event);
    this.apply(event);
    for (const client of this.clients) {
      if (!(data.type === "room_deleted" ? saw.has(client.me) : this.delivers(client.me, event))) continue;
      const now = room ? this.rooms.get(room) : undefined;
      const entered =
        data.type === "room_created" ||
        (data.type === "added" && data.member === client.me) ||
        (data.type === "joined" && actor === client.me);
      if (now && entered) client.tell({ type: "room", room: this.record(now, client.me) });
      client.tell(event);
    }
    return event;
  }

  private apply(event: p.Event): void {
    const { data, actor, time } = event;
    const id = String(event.seq);
    if (data.type === "member_added")
      this.members.set(data.member, {
        id: data.member,
        handle: data.handle,
        name: data.name,
        role: data.role,
        bot: data.bot,
        joined_at: time,
        last_seen: null,
      });
    if (data.type === "name_set" || data.type === "role_set") {
      const member = this.members.get(data.member);
      if (member)
        this.members.set(member.id, {
          ...member,
          ...("name" in data ? { name: data.name } : { role: data.role }),
        });
    }
    if (data.type === "preferences_set") this.preferences.set(actor, data.preferences);
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
      this.rooms.set(id, { id, name, kind, topic, members: [...members], reads, ...made });
    }
    const room = event.room ? this.rooms.get(event.room) : undefined;
    if (room) this.applyTo(room, event);
  }

  private applyTo(room: RoomRecord, event: p.Event): void {
    const { data, actor, time, seq } = event;
    const change = (id: p.Id, patch: (message: p.Message) => Partial<p.Message>) => {
      const message = this.messages.get(id);
      if (message) this.messages.set(id, { ...message, ...patch(message) });
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
        this.rooms.delete(room.id);
        for (const message of [...this.messages.values()])
          if (message.room === room.id) this.messages.delete(message.id);
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
        this.messages.set(data.id, message(event, data.text, data));
        room.n_messages += 1;
        room.last = { id: data.id, author: actor, time, text: [...data.text].slice(0, 120).join("") };
        const root = data.thread;
        if (root && root !== data.id)
          change(root, ({ n_replies }) => ({ thread: root, n_replies: n_replies + 1, last_reply_at: time }));
        return;
      }
      case "edited":
        change(data.id, () => ({ text: data.text, edited_at: time, mentions: data.mentions }));
        if (room.last?.id === data.id)
          room.last = { ...room.last, text: [...data.text].slice(0, 120).join("") };
        return;
      case "deleted":
        change(data.id, () => ({ text: null, deleted: true, reactions: [], mentions: [], pinned: false }));
        if (data.thread && data.thread !== data.id)
          change(data.thread, (root) => ({ n_replies: root.n_replies - 1 }));
        room.n_messages -= 1;
        room.pins = room.pins.filter((id) => id !== data.id);
        if (room.last?.id === data.id) room.last = { ...room.last, text: "" };
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
      this.messages.set(String(seq), message(event, data.text, { id: String(seq), kind: "system" }));
  }

  // ---------------------------------------------------------------- rights and views

  private sees(me: p.Id, room: RoomRecord): boolean {
    return room.members.includes(me) || (room.kind === "public" && this.members.get(me)?.role !== "guest");
  }

  private see(me: p.Id, id: p.Id): RoomRecord {
    const room = this.rooms.get(id);
    if (!room || !this.sees(me, room)) throw new Refusal("not_found", "No such room.");
    return room;
  }

  private mine(me: p.Id, id: p.Id): p.Message {
    const found = this.messageOf(id);
    if (found.author !== me) throw new Refusal("forbidden", "It is not yours.");
    return found;
  }

  private mentions(text: string): p.Id[] {
    return [...text.matchAll(/@([\w.-]+)/g)]
      .map(([, handle]) => [...this.members.values()].find((member) => member.handle === handle)?.id)
      .filter((id): id is p.Id => id !== undefined);
  }

  private messageOf(id: p.Id): p.Message {
    const found = this.messages.get(id);
    if (!found) throw new Refusal("not_found", "No such message.");
    return found;
  }

  private delivers(me: p.Id, event: p.Event): boolean {
    const { data, actor } = event;
    if (event.room === null) return data.type !== "preferences_set" || actor === me;
    const room = this.rooms.get(event.room);
    if (!room) return data.type === "room_deleted";
    if (data.type === "read" && actor !== me) return room.members.includes(me);
    if (room.members.includes(me)) return true;
    if ((data.type === "removed" && data.member === me) || (data.type === "left" && actor === me))
      return true;
    return room.kind === "public" && this.members.get(me)?.role !== "guest" && SEEN_BY_ALL.has(data.type);
  }

  private unread(room: RoomRecord, me: p.Id, after: number): { unread: number; mentions: number } {
    const found = [...this.messages.values()].filter(
      ({ id, room: where, author, kind, deleted }) =>
        where === room.id && Number(id) > after && author !== me && kind !== "system" && !deleted,
    );
    return { unread: found.length, mentions: found.filter(({ mentions }) => mentions.includes(me)).length };
  }

  record(room: RoomRecord, me: p.Id): p.Room {
    const joined = room.members.includes(me);
    const read = room.reads.get(me) ?? 0;
    const { id, name, kind, topic, created_at, created_by, archived, n_messages, last } = room;
    return {
      ...{ id, name, kind, topic, created_at, created_by, archived, joined, n_messages, last, read },
      n_members: room.members.length,
      members: joined ? [...room.members] : [],
      ...(joined ? this.unread(room, me, read) : { unread: 0, mentions: 0 }),
      pins: [...room.pins],
    };
  }

  private preferencesOf(me: p.Id): p.Preferences {
    return this.preferences.get(me) ?? { enter: "send", view: "recent", theme: "system" };
  }
}

function message(event: p.Event, text: string, more: Partial<p.Message> & { id: p.Id }): p.Message {
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
  };
}

/** One member's connection, and the way that a panel takes to it. */
export class MemoryClient {
  readonly transport: MemoryTransport;
  /** Everything that the panel has sent. */
  readonly received: p.AnyRequest[] = [];
  connected = false;
  /** For tests: take a request and lose it, or lose what is told. */
  lose: (request: p.AnyRequest) => boolean = () => false;
  loseNews = false;
  /** For tests: answer after so many milliseconds; null is at once. */
  delay: number | null = null;
  entered: string[] = [];
  attached = 0;
  private epoch = 0;
  private synced = false;

  constructor(
    private readonly hub: MemoryHub,
    readonly me: p.Id,
  ) {
    this.transport = new MemoryTransport({
      attached: () => {
        this.attached += 1;
      },
      received: (frames) => this.receive(frames),
      entered: (name) => this.entered.push(name),
    });
    hub.clients.add(this);
  }

  /** The connection is there. */
  up(): this {
    this.connected = true;
    this.synced = false;
    this.epoch += 1;
    this.transport.say({ state: "open", message: "", epoch: this.epoch });
    return this;
  }

  /** The connection is lost; news of that time is missed. */
  down(message = ""): this {
    this.connected = false;
    this.synced = false;
    this.transport.say({ state: "lost", message, epoch: this.epoch });
    return this;
  }

  tell(reply: p.AnyReply): void {
    if (this.connected && this.synced && !this.loseNews) this.transport.push([JSON.stringify(reply)]);
  }

  private receive(frames: readonly string[]): void {
    if (!this.connected) return;
    for (const frame of frames) {
      const said = JSON.parse(frame) as p.AnyRequest | p.AnyRequest[];
      for (const request of Array.isArray(said) ? said : [said]) {
        this.received.push(request);
        if (this.lose(request)) continue;
        if (this.delay === null) this.answer(request);
        else setTimeout(() => this.answer(request), this.delay);
      }
    }
  }

  private answer(request: p.AnyRequest): void {
    if (!this.connected) return;
    const replies = this.hub.answer(this.me, request);
    if (request.type === "sync") this.synced = true;
    this.transport.push([JSON.stringify(replies)]);
  }
}
