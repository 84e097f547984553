import type { Ack, Id, Post, Req } from "./protocol";
import { settled } from "./state/reduce";
import type { Outgoing, OutgoingFile, State } from "./state/state";
import type { Store } from "./state/store";
import type { Memory } from "./storage";
import { newReq } from "./uuid";

/** Posts a message: settles when the hub has answered. */
export type Poster = (post: Omit<Post, "type">) => Promise<Ack>;
/** Settles when the hub has these uploads. */
export type Waiter = (uploads: readonly Req[]) => Promise<unknown>;

export interface Draft {
  room: Id;
  text: string;
  reply_to?: Id | null;
  quote?: boolean;
  broadcast?: boolean;
  thread?: Id | null;
  /** A tray: it is empty then. */
  files?: readonly Req[];
}

/**
 * Messages on their way: shown at once, kept by the browser until the hub has them.
 *
 * Each keeps its `req` for life, so that it is posted once however often it is sent.
 */
export class Outbox {
  private key: string | null = null;

  constructor(
    private readonly store: Store<State>,
    private readonly memory: Memory,
    private readonly post: Poster,
    private readonly uploaded: Waiter,
    private readonly now: () => number = Date.now,
  ) {}

  /** Whose messages these are; what they had not got rid of the last time is sent now. */
  open(key: string): void {
    if (this.key === key) return;
    this.key = key;
    const here = new Set(this.store.get().outgoing.map((item) => item.req));
    const kept = Object.values(this.kept())
      .filter((item) => !here.has(item.req))
      // An earlier version knew no files.
      .map((item): Outgoing => ({ ...item, files: item.files ?? [] }));
    this.store.update((state) => ({ ...state, outgoing: [...state.outgoing, ...kept] }));
    for (const item of kept) if (item.state === "waiting") void this.deliver(item, true);
  }

  add(draft: Draft): Outgoing {
    const { uploads } = this.store.get();
    const files = (draft.files ?? []).flatMap((upload): OutgoingFile[] => {
      const found = uploads.get(upload);
      return found ? [{ upload, name: found.name, size: found.size, done: found.state === "done" }] : [];
    });
    const item: Outgoing = {
      req: newReq(this.now()),
      room: draft.room,
      text: draft.text,
      files,
      reply_to: draft.reply_to ?? null,
      quote: draft.quote ?? false,
      broadcast: draft.broadcast ?? false,
      thread: draft.thread ?? null,
      time: this.now() * 1000,
      state: "waiting",
      problem: null,
      id: null,
    };
    this.store.update((state) => ({
      ...state,
      outgoing: [...state.outgoing, item],
      trays: files.length
        ? new Map([...state.trays].filter(([, tray]) => tray !== draft.files))
        : state.trays,
    }));
    this.keep(item);
    void this.deliver(item, false);
    return item;
  }

  /** Send one that failed once more. */
  retry(req: string): void {
    const item = this.change(req, { state: "waiting", problem: null });
    if (!item) return;
    this.keep(item);
    void this.deliver(item, true);
  }

  /** Give one up. */
  drop(req: string): void {
    this.store.update((state) => ({
      ...state,
      outgoing: state.outgoing.filter((item) => item.req !== req),
    }));
    this.forget(req);
  }

  private async deliver(item: Outgoing, again: boolean): Promise<void> {
    const { req, room, text, reply_to, quote, broadcast } = item;
    const files = item.files.map(({ upload }) => upload);
    try {
      if (item.files.some(({ done }) => !done)) {
        await this.uploaded(files);
        // It may have been taken back meanwhile.
        const ready = this.change(req, { files: item.files.map((file) => ({ ...file, done: true })) });
        if (!ready) return;
        this.keep(ready);
      }
      const more = files.length ? { files } : {};
      const ack = await this.post({ req, room, text, ...more, reply_to, quote, broadcast, again });
      this.forget(req);
      this.confirm(req, ack);
    } catch (error) {
      const failed = this.change(req, { state: "failed", problem: (error as Error).message });
      if (failed) this.keep(failed);
    }
  }

  /** The hub has it. It stays in sight until its event, or a page that holds it, is there. */
  private confirm(req: string, ack: Ack): void {
    this.change(req, { state: "confirmed", id: ack.id, ...(ack.time !== null && { time: ack.time }) });
    this.store.update(settled);
  }

  private change(req: string, change: Partial<Outgoing>): Outgoing | null {
    let changed: Outgoing | null = null;
    this.store.update((state) => ({
      ...state,
      outgoing: state.outgoing.map((item) => {
        if (item.req !== req) return item;
        changed = { ...item, ...change };
        return changed;
      }),
    }));
    return changed;
  }

  private kept(): Record<string, Outgoing> {
    return (this.key && this.memory.get<Record<string, Outgoing>>(this.place)) || {};
  }

  private keep(item: Outgoing): void {
    if (this.key) this.memory.set(this.place, { ...this.kept(), [item.req]: item });
  }

  private forget(req: string): void {
    if (!this.key) return;
    const kept = this.kept();
    if (!(req in kept)) return;
    delete kept[req];
    if (Object.keys(kept).length === 0) this.memory.remove(this.place);
    else this.memory.set(this.place, kept);
  }

  private get place(): string {
    return `outbox:${this.key}`;
  }
}
