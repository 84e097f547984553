import { Deletions } from "./deletions";
import { Drafts } from "./drafts";
import { Expiry } from "./expiry";
import { part } from "./lazy";
import { Outbox } from "./outbox";
import { Pictures } from "./pictures";
import type {
  Ack,
  Id,
  Message,
  Micros,
  Page,
  Post,
  Preferences,
  Sha,
  Slice,
  Snapshot,
  Upload,
} from "./protocol";
import { Reads } from "./reads";
import { Reminders } from "./reminders";
import { looked, without } from "./state/own";
import { choicesOf } from "./state/polls";
import { onFollowing, onLoading, onPage, onVote } from "./state/reduce";
import { EMPTY, type State } from "./state/state";
import { Store } from "./state/store";
import { keyOf, type Loading, type Timeline } from "./state/timeline";
import { lasting, type Memory, ofThisTab } from "./storage";
import { type BytesBody, type RequestBody, Sync } from "./sync";
import type { Transport } from "./transport/transport";

const PAGE = 60;
/** Timelines kept beside those that are shown. */
const KEPT = 12;
/** Quoted messages kept that stand in no timeline. */
const QUOTED = 500;
/** Others are told that one writes at most so often. */
const TYPING_EVERY = 3_000;

const UPLOADS = Symbol.for("collabchat.uploads");

export interface Memories {
  lasting: Memory;
  tab: Memory;
}

/** One widget's panel: what it knows and what it can do. Its views draw it. */
export class Panel {
  readonly store = new Store<State>(EMPTY);
  readonly drafts: Drafts;
  readonly outbox: Outbox;
  readonly memory: Memories;
  /** Told of each message of one's own that the hub has. */
  sent: ((post: Omit<Post, "type">, ack: Ack) => void) | null = null;
  /** What the page has for its widgets; in a notebook it knows the notebook. */
  manager: unknown = null;
  /** Python that is the panel's chat in its notebook: a variable, or a call that connects. */
  chat = "";
  /** Called when the panel is closed, for parts of it that came later. */
  readonly ends = new Set<() => void>();
  /** Sends files; it comes with the first one. */
  readonly uploads = part(() => import("./uploads/uploads").then(({ Uploads }) => new Uploads(this)));
  /** Whose panel it is. */
  key = "";
  private readonly sync: Sync;
  private readonly shown = new Map<string, Set<string>>();
  private readonly reads: Reads;
  private readonly deletions: Deletions;
  private readonly pictures: Pictures;
  private readonly expiry: Expiry;
  private readonly reminders: Reminders;
  /** Choices that are on their way. */
  private choices = 0;
  /** Where one was last said to write, and when. */
  private readonly typed = new Map<string, number>();
  private visited: string[] = [];
  /** Counts what was asked for of each timeline: only the last answer counts. */
  private readonly turns = new Map<string, number>();
  private readonly stopWatching: () => void;
  private readonly quoted = new Map<Id, Message>();
  private readonly fetching = new Set<Id>();

  constructor(
    readonly transport: Transport,
    memory: Partial<Memories> = {},
  ) {
    this.memory = { lasting, tab: ofThisTab, ...memory };
    this.sync = new Sync(transport, this.store, (snapshot) => this.afterSnapshot(snapshot));
    this.outbox = new Outbox(
      this.store,
      this.memory.lasting,
      async (post) => {
        const ack = await this.sync.request({ type: "post", ...post });
        if (post.files) this.uploads.now?.forget(post.files);
        this.sent?.(post, ack);
        return ack;
      },
      async (uploads) => (await this.uploads.load()).ready(uploads),
    );
    this.drafts = new Drafts(this.memory.lasting, this.store, (draft) =>
      this.ask({ type: "set_draft", ...draft }),
    );
    this.reads = new Reads(this.store, (room, upto) => this.ask({ type: "mark_read", room, upto }));
    this.deletions = new Deletions(this.store, (id) => this.ask({ type: "delete", id }));
    this.pictures = new Pictures(
      (picture) => this.ask({ type: "get_picture", picture }),
      () => this.store.update((state) => ({ ...state })),
    );
    this.expiry = new Expiry(this.store);
    this.reminders = new Reminders(this.memory.lasting, this.store);
    this.stopWatching = this.store.subscribe(() => this.changed());
    window.addEventListener("pagehide", this.leaving);
    this.sync.start();
  }

  get state(): State {
    return this.store.get();
  }

  close(): void {
    window.removeEventListener("pagehide", this.leaving);
    this.leaving();
    this.stopWatching();
    this.expiry.close();
    this.drafts.close();
    this.pictures.close();
    for (const end of this.ends) end();
    this.sync.close();
  }

  /** The page goes away: what waits is said now. */
  private readonly leaving = (): void => {
    this.reads.flush();
    this.deletions.flush();
    this.drafts.flush(undefined, true);
  };

  /** Ask the hub for anything; settles with its reply or with `Refused`. */
  ask<B extends RequestBody>(body: B) {
    return this.sync.request(body);
  }

  /** Ask the hub for bytes of a file, or for a small picture of it. */
  askBytes<B extends BytesBody>(body: B) {
    return this.sync.requestBytes(body);
  }

  /** Send bytes of an upload; fails with `Refused` "lost" where the way breaks. */
  sendSlice(slice: Pick<Slice, "upload" | "offset">, bytes: Uint8Array<ArrayBuffer>): Promise<Upload> {
    return this.sync.sendSlice(slice, bytes);
  }

  setPreferences(chosen: Partial<Preferences>): void {
    this.store.update((state) => ({
      ...state,
      preferences: { ...state.preferences, ...chosen },
      choosing: { ...state.choosing, ...chosen },
    }));
    this.choices += 1;
    this.ask({ type: "set_preferences", ...chosen })
      .catch(() => {
        // The choice holds for this page; the hub will be asked again with the next one.
      })
      .finally(() => {
        this.choices -= 1;
        if (this.choices === 0) this.store.update((state) => ({ ...state, choosing: {} }));
      });
  }

  // ---------------------------------------------------------------- timelines

  /** A view shows a timeline: have it loaded, and keep it so. */
  show(view: string, room: Id, thread: Id | null = null): void {
    const key = keyOf(room, thread);
    const views = this.shown.get(key) ?? new Set();
    this.shown.set(key, views.add(view));
    this.visited = [...this.visited.filter((other) => other !== key), key];
    const timeline = this.state.timelines.get(key);
    // Of a room that one is not in no news comes.
    const stale = this.state.rooms.get(room)?.joined === false && timeline?.loaded && !timeline.loading;
    if (stale || (timeline?.problem && !timeline.loading)) void this.load(room, thread, "newest");
    this.reload();
    this.letGo();
  }

  hide(view: string, room: Id, thread: Id | null = null): void {
    const key = keyOf(room, thread);
    const views = this.shown.get(key);
    views?.delete(view);
    if (views?.size === 0) this.shown.delete(key);
    this.drafts.flush(thread ? `thread:${room}/${thread}` : `room:${room}`);
  }

  /** Whether any view shows something of it. */
  get watched(): boolean {
    return this.shown.size > 0;
  }

  timeline(room: Id, thread: Id | null): Timeline | undefined {
    return this.state.timelines.get(keyOf(room, thread));
  }

  /** A message that is quoted, where it is known. */
  find(state: State, room: Id, id: Id): Message | undefined {
    return (
      state.timelines.get(room)?.held.find(({ message }) => message.id === id)?.message ?? this.quoted.get(id)
    );
  }

  /** Fetch a message that is quoted and not in sight. */
  fetchQuoted(room: Id, id: Id): void {
    if (this.fetching.has(id)) return;
    this.fetching.add(id);
    this.ask({ type: "history", room, around: id, limit: 1 }).then(
      (page) => {
        const found = page.messages.find((message) => message.id === id);
        if (!found) return;
        this.quoted.set(id, found);
        const [oldest] = this.quoted.keys();
        if (this.quoted.size > QUOTED && oldest !== undefined) {
          this.quoted.delete(oldest);
          this.fetching.delete(oldest);
        }
        this.store.update((state) => ({ ...state }));
      },
      () => {
        // The line says "An earlier message" then.
      },
    );
  }

  follow(room: Id, thread: Id | null, following: boolean): void {
    this.store.update((state) => onFollowing(state, keyOf(room, thread), following));
  }

  /** Load a part of a timeline; `around` a message or a time, or further on from an end of what is there. */
  async load(room: Id, thread: Id | null, how: Loading, around?: Id | { at: Micros }): Promise<void> {
    const key = keyOf(room, thread);
    const timeline = this.state.timelines.get(key);
    if (timeline?.loading && how !== "newest" && how !== "around") return;
    const first = timeline?.held[0]?.message.id;
    const last = timeline?.held.at(-1)?.message.id;
    const turn = (this.turns.get(key) ?? 0) + 1;
    this.turns.set(key, turn);
    this.store.update((state) => onLoading(state, room, thread, how));
    try {
      const page: Page = await this.ask({
        type: "history",
        room,
        limit: Math.min(PAGE, this.state.limits?.page ?? PAGE),
        ...(thread ? { thread } : { main: true }),
        ...(how === "before" && first && { before: first }),
        ...(how === "after" && last && { after: last }),
        ...(how === "around" && around && (typeof around === "string" ? { around } : around)),
      });
      // Something newer was asked for meanwhile: that one counts.
      if (this.turns.get(key) !== turn) return;
      this.store.update((state) => onPage(state, key, page, how));
    } catch (error) {
      if (this.turns.get(key) !== turn) return;
      this.store.update((state) => onLoading(state, room, thread, null, (error as Error).message));
    }
  }

  // ---------------------------------------------------------------- reading

  /** Somebody has the message `upto` before their eyes. */
  markRead(room: Id, upto: Id): void {
    this.reads.mark(room, upto);
  }

  /** A read mark that waits is not wanted any more. */
  forgetRead(room: Id): void {
    this.reads.forget(room);
  }

  /** Everything is read, in one frame. */
  async markAllRead(): Promise<void> {
    const rooms = [...this.state.rooms.values()].filter(({ joined, unread }) => joined && unread > 0);
    for (const { id } of rooms) this.reads.forget(id);
    await Promise.all(this.sync.requestAll(rooms.map(({ id }) => ({ type: "mark_read", room: id }))));
  }

  /** Load a room around the first message of a time or later; gives that message. */
  async jumpTo(room: Id, at: Micros): Promise<Message | undefined> {
    await this.load(room, null, "around", { at });
    const held = this.state.timelines.get(room)?.held ?? [];
    return (held.find(({ message }) => message.time >= at) ?? held.at(-1))?.message;
  }

  // ---------------------------------------------------------------- one's own

  /** A conversation stands among the first, or no more. */
  star(room: Id, on: boolean): Promise<void> {
    const others = this.state.stars.filter((id) => id !== room);
    return this.setStars(on ? [...others, room] : others);
  }

  /** The conversations that stand first, in this order. */
  async setStars(rooms: readonly Id[]): Promise<void> {
    const before = this.state.stars;
    const now = [...rooms];
    this.store.update((state) => ({ ...state, stars: now }));
    try {
      await this.ask({ type: "set_stars", rooms: now });
    } catch (error) {
      this.store.update((state) => (state.stars === now ? { ...state, stars: before } : state));
      throw error;
    }
  }

  async mute(room: Id, on: boolean): Promise<void> {
    const set = (on: boolean) =>
      this.store.update((state) => ({
        ...state,
        muted: on ? new Set(state.muted).add(room) : without(state.muted, room),
      }));
    set(on);
    try {
      await this.ask({ type: on ? "mute" : "unmute", room });
    } catch (error) {
      set(!on);
      throw error;
    }
  }

  /** Put a message aside, or a note of one's own; gives the id under which it is kept. */
  async save(
    message: Pick<Message, "id"> | Id | null,
    { note = "", remind_at = null }: { note?: string; remind_at?: Micros | null } = {},
  ): Promise<Id | null> {
    const id = typeof message === "string" ? message : message?.id;
    const ack = await this.ask({ type: "save", note, remind_at, ...(id !== undefined && { id }) });
    return ack.id;
  }

  async unsave(id: Id): Promise<void> {
    await this.ask({ type: "unsave", id });
  }

  /** A reminder was looked at. */
  seenReminder(id: Id): void {
    this.store.update((state) => looked(state, id));
  }

  /** Where the page finds a member's picture; nothing until it is there. */
  picture(picture: Sha): string | null {
    return this.pictures.get(picture);
  }

  // ---------------------------------------------------------------- what others see at once

  /** Choose in a poll: shown at once, and taken back where the hub refuses it. */
  async vote(message: Message, choices: readonly number[]): Promise<void> {
    const { me } = this.state;
    const before = choicesOf(message, me);
    this.store.update((state) => onVote(state, message.id, me, choices));
    try {
      await this.ask({ type: "vote", id: message.id, choices: [...choices] });
    } catch (error) {
      this.store.update((state) => onVote(state, message.id, me, before));
      throw error;
    }
  }

  /** Take a message out of sight, and delete it when the time to take that back is over. */
  deleteLater(message: Pick<Message, "id">, failed?: (problem: unknown) => void): void {
    this.deletions.later(message, failed);
  }

  undelete(id: Id): void {
    this.deletions.undo(id);
  }

  /** One writes: others are told now and then. */
  typing(room: Id, thread: Id | null): void {
    const key = keyOf(room, thread);
    const now = Date.now();
    if (this.state.link.state !== "open" || now - (this.typed.get(key) ?? 0) < TYPING_EVERY) return;
    this.typed.clear();
    this.typed.set(key, now);
    this.ask({ type: "typing", room, ...(thread !== null && { thread }) }).catch(() => {
      // One may not write there.
    });
  }

  // ---------------------------------------------------------------- after a snapshot

  private afterSnapshot(snapshot: Snapshot): void {
    const me = this.state.members.get(snapshot.me);
    if (!me) return;
    const key = `${me.handle}:${me.id}:${me.joined_at}`;
    this.key = key;
    // Another panel of this page may have files that it cannot send any more.
    if ((globalThis as { [UPLOADS]?: Set<unknown> })[UPLOADS]?.size)
      this.uploads.load().then(
        (uploads) => uploads.adopt(),
        () => {
          // Without this part nothing is sent from here.
        },
      );
    this.pictures.again();
    this.drafts.open(key);
    this.reminders.open(key);
    this.outbox.open(key);
  }

  private changed(): void {
    this.reload();
    this.drafts.look();
    this.reminders.look();
    this.expiry.look();
  }

  /** Load what is shown and not there: at first, after a hole that was too large, after one has joined. */
  private reload(): void {
    if (!this.state.synced) return;
    for (const key of this.shown.keys()) {
      const [room, thread] = key.split("/");
      if (room && this.state.rooms.has(room) && !this.state.timelines.has(key))
        void this.load(room, thread ?? null, "newest");
    }
  }

  /** Forget the timelines that nobody has looked at for long. */
  private letGo(): void {
    const others = this.visited.filter((key) => !this.shown.has(key));
    const old = new Set(others.slice(0, Math.max(0, others.length - KEPT)));
    if (old.size === 0) return;
    this.visited = this.visited.filter((key) => !old.has(key));
    for (const key of old) this.turns.delete(key);
    this.store.update((state) => ({
      ...state,
      timelines: new Map([...state.timelines].filter(([key]) => !old.has(key))),
    }));
  }
}
