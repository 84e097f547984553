import { Drafts, Outbox } from "./outbox";
import type { Id, Message, Page, Preferences, Snapshot } from "./protocol";
import { onFollowing, onLoading, onPage } from "./state/reduce";
import { EMPTY, type State } from "./state/state";
import { Store } from "./state/store";
import { keyOf, type Loading, type Timeline } from "./state/timeline";
import { lasting, type Memory, ofThisTab } from "./storage";
import { type RequestBody, Sync } from "./sync";
import type { Transport } from "./transport/transport";

const PAGE = 60;
/** Timelines kept beside those that are shown. */
const KEPT = 12;
/** The read mark of a room is sent at most so often. */
const READ_EVERY = 2_000;

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
  private readonly sync: Sync;
  private readonly shown = new Map<string, Set<string>>();
  private readonly reads = new Map<
    Id,
    { at: number; upto: Id; timer: ReturnType<typeof setTimeout> | null }
  >();
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
    this.outbox = new Outbox(this.store, this.memory.lasting, (post) =>
      this.sync.request({ type: "post", ...post }),
    );
    this.drafts = new Drafts(this.memory.lasting);
    this.stopWatching = this.store.subscribe(() => this.reload());
    this.sync.start();
  }

  get state(): State {
    return this.store.get();
  }

  close(): void {
    for (const { timer } of this.reads.values()) if (timer) clearTimeout(timer);
    this.reads.clear();
    this.stopWatching();
    this.sync.close();
  }

  /** Ask the hub for anything; settles with its reply or with `Refused`. */
  ask<B extends RequestBody>(body: B) {
    return this.sync.request(body);
  }

  setPreferences(chosen: Partial<Preferences>): void {
    this.store.update((state) => ({ ...state, preferences: { ...state.preferences, ...chosen } }));
    this.ask({ type: "set_preferences", ...chosen }).catch(() => {
      // The choice holds for this page; the hub will be asked again with the next one.
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
    const stale = this.state.rooms.get(room)?.joined === false && timeline?.loaded;
    if (stale || (timeline?.problem && !timeline.loading)) void this.load(room, thread, "newest");
    this.reload();
    this.letGo();
  }

  hide(view: string, room: Id, thread: Id | null = null): void {
    const key = keyOf(room, thread);
    const views = this.shown.get(key);
    views?.delete(view);
    if (views?.size === 0) this.shown.delete(key);
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

  /** Load a part of a timeline; `around` a message, or further on from an end of what is there. */
  async load(room: Id, thread: Id | null, how: Loading, around?: Id): Promise<void> {
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
        ...(how === "around" && around && { around }),
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
    const known = this.state.rooms.get(room);
    if (!known?.joined || (Number(upto) <= known.read && known.unread === 0)) return;
    const mark = this.reads.get(room);
    if (mark && Number(mark.upto) >= Number(upto) && known.unread === 0) return;
    const due = mark ? Math.max(0, mark.at + READ_EVERY - Date.now()) : 0;
    if (mark?.timer) {
      mark.upto = upto;
      return;
    }
    const next = { at: mark?.at ?? 0, upto, timer: null as ReturnType<typeof setTimeout> | null };
    this.reads.set(room, next);
    const send = () => {
      next.timer = null;
      next.at = Date.now();
      this.ask({ type: "mark_read", room, upto: next.upto }).catch(() => {
        // The room is gone, or one has left it.
      });
    };
    if (due === 0) send();
    else next.timer = setTimeout(send, due);
  }

  /** A read mark that waits is not wanted any more. */
  forgetRead(room: Id): void {
    const mark = this.reads.get(room);
    if (mark?.timer) clearTimeout(mark.timer);
    this.reads.delete(room);
  }

  // ---------------------------------------------------------------- after a snapshot

  private afterSnapshot(snapshot: Snapshot): void {
    const me = this.state.members.get(snapshot.me);
    if (!me) return;
    const key = `${me.handle}:${me.id}:${me.joined_at}`;
    this.drafts.open(key);
    this.outbox.open(key);
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
    this.store.update((state) => ({
      ...state,
      timelines: new Map([...state.timelines].filter(([key]) => !old.has(key))),
    }));
  }
}
