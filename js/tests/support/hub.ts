import { createHash } from "node:crypto";
import type * as p from "../../src/protocol";
import { apply } from "./apply";
import { MemoryClient } from "./client";
import { carryOut } from "./commands";
import { Files } from "./files";
import { lookUp } from "./lookups";
import { isPersonal, Personal } from "./personal";
import { fireDue } from "./posts";
import { LIMITS, PREFERENCES, Refusal, type RoomRecord, SETTINGS } from "./records";
import { search } from "./search";
import { shared } from "./shared";

/** The kinds of events that leave a line in the conversation. */
const SEEN_BY_ALL = new Set(
  "room_created renamed topic_set archived unarchived room_deleted joined left added removed".split(" "),
);

/** A hub in memory, as far as the panel talks to one: it keeps a log and answers as the real one does. */
export class MemoryHub {
  seq = 0;
  now: number;
  readonly log: p.Event[] = [];
  readonly members = new Map<p.Id, p.Member>();
  readonly preferences = new Map<p.Id, p.Preferences>();
  readonly personal = new Map<p.Id, Personal>();
  settings = SETTINGS;
  readonly files = new Files(this);
  /** By their hash, in Base64. */
  readonly pictures = new Map<p.Sha, string>();
  readonly rooms = new Map<p.Id, RoomRecord>();
  readonly messages = new Map<p.Id, p.Message>();
  readonly clients = new Set<MemoryClient>();
  readonly answered = new Map<p.Req, p.Ack>();
  /** Requests that changed something, in order. */
  readonly commands: p.AnyCommand[] = [];
  /** For tests: say no. */
  refuse: (request: p.AnyRequest | p.Slice) => Refusal | null = () => null;
  /** For tests: what `search` finds. */
  find = (me: p.Id, request: p.Search): p.Found => search(this, me, request);

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

  post(handle: string, room: string, text: string, more: Partial<p.Post> = {}): p.Id {
    const command = { type: "post" as const, room: this.roomOf(room).id, text, ...more };
    return this.as(handle, command).id ?? "";
  }

  room(handle: string, name: string, members: string[] = [], more: Partial<p.CreateRoom> = {}): p.Id {
    const ids = members.map((member) => this.memberOf(member).id);
    return this.as(handle, { type: "create_room" as const, name, members: ids, ...more }).id ?? "";
  }

  /** The time has come: post what is scheduled until then, and remind. */
  fireDue(now: p.Micros): void {
    fireDue(this, now);
  }

  connect(handle: string): MemoryClient {
    return new MemoryClient(this, this.memberOf(handle).id);
  }

  // ---------------------------------------------------------------- answers

  answer(me: p.Id, request: p.AnyRequest): p.AnyReply[] {
    const { req } = request;
    const answers = this.refusing(request, () => this.answers(me, request, req));
    return Array.isArray(answers) ? answers : [answers];
  }

  private answers(me: p.Id, request: p.AnyRequest, req: p.Req): p.AnyReply[] {
    switch (request.type) {
      case "ping":
        return [{ type: "ack", req, seq: this.seq, time: null, id: null, changed: false }];
      case "sync":
        return this.sync(me, request);
      case "history":
        return [this.history(me, request)];
      case "pins":
      case "versions":
      case "seen_by":
      case "followers":
      case "threads":
      case "saved_messages":
      case "get_picture":
      case "typing":
        return [lookUp(this, me, request)];
      case "start_upload":
        return [this.files.start(me, request)];
      case "cancel_upload":
        this.files.cancel(me, request);
        return [{ type: "ack", req, seq: this.seq, time: null, id: null, changed: false }];
      case "get_preview":
        return [this.files.preview(me, request)];
      case "shared":
        return [shared(this, me, request)];
      case "search":
        return [this.find(me, request)];
      case "hello":
      case "frame":
      case "status":
      case "stop":
      case "reindex":
      case "backup":
      case "get_slice":
      case "get_thumbnail":
        throw new Refusal("malformed", `The panel has no use for ${request.type}.`);
      default:
        return [this.command(me, request)];
    }
  }

  /** Bytes that a question asks for, or why not. */
  answerBytes(
    me: p.Id,
    request: p.GetSlice | p.GetThumbnail,
  ): { header: p.FileSlice | p.Thumbnail; bytes: Uint8Array } | p.Error {
    return this.refusing(request, () =>
      request.type === "get_slice" ? this.files.slice(me, request) : this.files.thumbnail(me, request),
    );
  }

  /** Bytes of an upload came. */
  takeSlice(me: p.Id, slice: p.Slice, bytes: Uint8Array): p.Upload | p.Error {
    return this.refusing(slice, () => this.files.take(me, slice, bytes));
  }

  private refusing<T>(said: p.AnyRequest | p.Slice, answer: () => T): T | p.Error {
    const refusal = this.refuse(said);
    try {
      if (refusal) throw refusal;
      return answer();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { type: "error", code: error.code, message: error.message, req: said.req };
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
      settings: this.settings,
      preferences: this.preferencesOf(me),
      online: [...online],
      limits: LIMITS,
      ...this.own(me),
      gap: false,
    };
  }

  /** What of a snapshot is a member's own, of rooms that they may see. */
  private own(me: p.Id): Pick<p.Snapshot, "stars" | "muted" | "drafts" | "saved" | "scheduled"> {
    const { stars, muted, drafts, saved, scheduled } = this.personalOf(me);
    const visible = (id: p.Id) => {
      const room = this.rooms.get(id);
      return room !== undefined && this.sees(me, room);
    };
    return {
      stars: stars.filter(visible),
      muted: [...muted].filter(visible).sort((a, b) => Number(a) - Number(b)),
      drafts: [...drafts.values()].filter(({ room }) => visible(room)),
      saved: [...saved.values()].filter(({ room }) => room === null || visible(room)),
      scheduled: [...scheduled.values()],
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
      if (request.main && reply && !message.broadcast) return false;
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
    } else if (request.around || request.at) {
      const later = request.at ? all.findIndex(({ time }) => time >= (request.at ?? 0)) : -1;
      const middle = request.at ? later : at(request.around ?? "");
      if (middle >= 0) {
        start = Math.max(0, middle - Math.floor(limit / 2));
        end = Math.min(all.length, start + limit);
      }
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
    const id = carryOut(this, me, command);
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
    apply(this, event);
    for (const client of this.clients) {
      if (!(data.type === "room_deleted" ? saw.has(client.me) : this.delivers(client.me, event))) continue;
      const now = room ? this.rooms.get(room) : undefined;
      const entered =
        data.type === "room_created" ||
        (data.type === "added" && data.member === client.me) ||
        (data.type === "joined" && actor === client.me);
      if (now && entered) client.tell({ type: "room", room: this.record(now, client.me) });
      client.tell(event);
      // Another role may see other rooms.
      if (data.type === "role_set" && data.member === client.me)
        client.tell({ type: "restart", seq: event.seq });
    }
    return event;
  }

  // ---------------------------------------------------------------- rights and views

  sees(me: p.Id, room: RoomRecord): boolean {
    return room.members.includes(me) || (room.kind === "public" && this.members.get(me)?.role !== "guest");
  }

  see(me: p.Id, id: p.Id): RoomRecord {
    const room = this.rooms.get(id);
    if (!room || !this.sees(me, room)) throw new Refusal("not_found", "No such room.");
    return room;
  }

  /** The room, where a member may post in it. */
  mayPost(me: p.Id, id: p.Id): RoomRecord {
    const room = this.see(me, id);
    if (room.archived) throw new Refusal("archived", "The room is archived: unarchive it first.");
    if (!room.members.includes(me)) throw new Refusal("forbidden", "You are not in this room.");
    return room;
  }

  /** A message of a room that a member may see. */
  seen(me: p.Id, id: p.Id): p.Message {
    const found = this.messageOf(id);
    this.see(me, found.room);
    return found;
  }

  messageOf(id: p.Id): p.Message {
    const found = this.messages.get(id);
    if (!found) throw new Refusal("not_found", "No such message.");
    return found;
  }

  private delivers(me: p.Id, event: p.Event): boolean {
    const { data, actor } = event;
    if (event.room === null) return !isPersonal(data) || actor === me;
    const room = this.rooms.get(event.room);
    if (!room) return data.type === "room_deleted";
    if (data.type === "read" && actor !== me) return room.members.includes(me);
    if (room.members.includes(me)) return true;
    if ((data.type === "removed" && data.member === me) || (data.type === "left" && actor === me))
      return true;
    return room.kind === "public" && this.members.get(me)?.role !== "guest" && SEEN_BY_ALL.has(data.type);
  }

  unread(room: RoomRecord, me: p.Id, after: number): { unread: number; mentions: number } {
    const found = [...this.messages.values()].filter(
      ({ id, room: where, author, kind, deleted }) =>
        where === room.id && Number(id) > after && author !== me && kind !== "system" && !deleted,
    );
    return { unread: found.length, mentions: found.filter(({ mentions }) => mentions.includes(me)).length };
  }

  /** The newest message of a room, lines that events leave included. */
  newest(room: RoomRecord): number {
    return Math.max(
      0,
      ...[...this.messages.values()].filter((one) => one.room === room.id).map(({ id }) => Number(id)),
    );
  }

  /** Of a public room that one has not joined, only what everybody is told. */
  record(room: RoomRecord, me: p.Id): p.Room {
    const { id, name, kind, topic, created_at, created_by, archived, n_messages, last } = room;
    const told = { id, name, kind, topic, created_at, created_by, archived, n_members: room.members.length };
    if (!room.members.includes(me))
      return {
        ...{ ...told, joined: false, members: [], n_messages: 0 },
        ...{ unread: 0, mentions: 0, read: 0, last: null, pins: [] },
      };
    const read = room.reads.get(me) ?? 0;
    return {
      ...{ ...told, joined: true, members: [...room.members], n_messages, last, read },
      ...this.unread(room, me, read),
      pins: [...room.pins],
    };
  }

  preferencesOf(me: p.Id): p.Preferences {
    return this.preferences.get(me) ?? PREFERENCES;
  }

  personalOf(me: p.Id): Personal {
    const own = this.personal.get(me) ?? new Personal();
    this.personal.set(me, own);
    return own;
  }

  keepPicture(data: string): p.Sha {
    const name = createHash("sha256").update(Buffer.from(data, "base64")).digest("hex");
    this.pictures.set(name, data);
    return name;
  }

  /** The words of an earlier event leave the log. */
  scrub(seq: p.Seq | null): void {
    const event = seq === null ? undefined : this.log[seq - 1];
    if (event?.data.type === "saved") event.data = { ...event.data, note: "" };
    else if (event?.data.type === "draft_set" || event?.data.type === "scheduled")
      event.data = { ...event.data, text: "" };
  }
}
