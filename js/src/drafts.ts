import type { Id, Draft as Kept, SetDraft } from "./protocol";
import { draftKey, type State } from "./state/state";
import type { Store } from "./state/store";
import type { Memory } from "./storage";

/** What stands in a text box. */
interface Entry {
  text: string;
  /** The message that it quotes. */
  reply_to: Id | null;
  /** When it was typed, in milliseconds. */
  time: number;
  /** The hub does not have it yet. */
  dirty: boolean;
}

/** Keeps a draft at the hub: settles when the hub has answered. */
export type Keeper = (draft: Omit<SetDraft, "type" | "req">) => Promise<unknown>;
/** Told what stands there now, and what stood there before. */
export type Listener = (text: string, before: string) => void;

/** Milliseconds without a key, after which the hub is told. */
export const SILENCE = 1_500;
const NOTHING: Entry = { text: "", reply_to: null, time: 0, dirty: false };

/**
 * What was typed and not sent, by place: `room:ID` and `thread:ROOM/ROOT` follow their writer to other browsers,
 * `edit:ID` stays in this one.
 */
export class Drafts {
  private key: string | null = null;
  private entries: Record<string, Entry> = {};
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** The texts of each place that the hub was told last: what comes back of them is no news. */
  private readonly told = new Map<string, string[]>();
  private readonly asking = new Set<string>();
  private readonly listeners = new Map<string, Set<Listener>>();
  private seen: State["drafts"] = new Map();

  constructor(
    private readonly memory: Memory,
    private readonly store: Store<State>,
    private readonly keep: Keeper,
    private readonly now: () => number = Date.now,
  ) {}

  /** Whose drafts these are; what the hub does not have yet, it is told now. Called after each snapshot. */
  open(key: string): void {
    if (this.key !== key) {
      this.key = key;
      this.entries = { ...this.kept(), ...this.entries };
      this.write();
    }
    const { drafts } = this.store.get();
    const places = new Set([...Object.keys(this.entries), ...[...drafts.values()].map(placeOf)]);
    for (const place of places) this.compare(place, drafts.get(serverKey(place) ?? ""));
    this.seen = drafts;
    this.flush();
  }

  get(place: string): string {
    return this.entries[place]?.text ?? "";
  }

  /** The message that a draft quotes. */
  quoted(place: string): Id | null {
    return this.entries[place]?.reply_to ?? null;
  }

  /** This stands in the text box now; an empty text drops the draft. */
  set(place: string, text: string, reply_to: Id | null = null): void {
    const before = this.entries[place];
    if (before ? before.text === text && before.reply_to === reply_to : !text) return;
    const at = serverKey(place);
    this.keepEntry(place, { text, reply_to, time: this.now(), dirty: at !== null });
    if (at === null) return;
    this.stop(place);
    // Sent, or wiped out: nobody is to find it in another browser.
    if (!text.trim()) this.send(place);
    else
      this.timers.set(
        place,
        setTimeout(() => this.send(place), SILENCE),
      );
  }

  /** This is to stand in the text box, whoever has it in sight. */
  put(place: string, text: string): void {
    const before = this.get(place);
    this.set(place, text, this.quoted(place));
    for (const listener of [...(this.listeners.get(place) ?? [])]) listener(text, before);
  }

  /** Another browser has changed what stands there. */
  onOther(place: string, listener: Listener): () => void {
    const there = this.listeners.get(place) ?? new Set();
    this.listeners.set(place, there.add(listener));
    return () => {
      there.delete(listener);
      if (there.size === 0 && this.listeners.get(place) === there) this.listeners.delete(place);
    };
  }

  /** Tell the hub now what it does not have: of one place, or of all. */
  flush(place?: string, leaving = false): void {
    for (const one of place === undefined ? Object.keys(this.entries) : [place])
      if (this.entries[one]?.dirty) this.send(one, leaving);
  }

  /** The state has changed: see whether it did so here. */
  look(): void {
    const { drafts } = this.store.get();
    if (drafts === this.seen || this.key === null) return;
    const before = this.seen;
    this.seen = drafts;
    for (const draft of drafts.values()) {
      if (before.get(draftKey(draft.room, draft.thread)) !== draft) this.compare(placeOf(draft), draft);
    }
    for (const [key, draft] of before) if (!drafts.has(key)) this.compare(placeOf(draft), undefined);
  }

  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.listeners.clear();
  }

  // ---------------------------------------------------------------- the hub's side

  private send(place: string, leaving = false): void {
    this.stop(place);
    const at = serverKey(place);
    const entry = this.entries[place];
    if (at === null || !entry || this.key === null) return;
    if (this.asking.has(place) && !leaving) return;
    const { text, reply_to } = entry;
    const [room = "", thread = null] = at.split("/");
    if (!text.trim() && !this.store.get().drafts.has(at) && !this.told.has(place)) {
      this.done(place, entry);
      return;
    }
    this.asking.add(place);
    this.told.set(place, [...(this.told.get(place) ?? []).slice(-3), text]);
    this.keep({ room, thread, text, reply_to }).then(
      () => {
        this.asking.delete(place);
        const now = this.entries[place];
        if (now && now.text === text && now.reply_to === reply_to) this.done(place, now);
        // More was typed meanwhile, and nobody waits for the silence after it.
        else if (now?.dirty && !this.timers.has(place)) this.send(place);
      },
      () => {
        // The room is gone, or too many drafts are there: it stays in this browser.
        this.asking.delete(place);
        const now = this.entries[place];
        if (now) this.done(place, now);
      },
    );
  }

  private done(place: string, entry: Entry): void {
    if (!entry.text) this.told.delete(place);
    this.keepEntry(place, { ...entry, dirty: false });
  }

  /** What the hub has of a place, beside what stands here. */
  private compare(place: string, draft: Kept | undefined): void {
    const here = this.entries[place] ?? NOTHING;
    const text = draft?.text ?? "";
    const reply_to = draft?.reply_to ?? null;
    if (serverKey(place) === null) return;
    if (here.text === text && here.reply_to === reply_to) {
      if (here.dirty) this.done(place, here);
      return;
    }
    if (here.dirty) {
      // Newer words stand in the box, or these are one's own that come back.
      const newer = !draft || draft.time < here.time * 1000 || this.told.get(place)?.includes(text);
      if (newer || here.text.includes(text)) return;
      if (!text.includes(here.text)) {
        // Typed here without a connection, and there since: nothing of it is lost.
        this.other(place, { ...here, text: `${text}\n\n${here.text}`, time: this.now() });
        this.send(place);
        return;
      }
    }
    // An echo of earlier words of one's own, that was slower than the answer to later ones.
    const told = this.told.get(place);
    if (told?.includes(text) && told.at(-1) !== text) return;
    this.other(place, { text, reply_to, time: Math.floor((draft?.time ?? 0) / 1000), dirty: false });
  }

  private other(place: string, entry: Entry): void {
    const before = this.get(place);
    this.stop(place);
    this.told.delete(place);
    this.keepEntry(place, entry);
    if (before === entry.text) return;
    for (const listener of [...(this.listeners.get(place) ?? [])]) listener(entry.text, before);
  }

  private stop(place: string): void {
    clearTimeout(this.timers.get(place));
    this.timers.delete(place);
  }

  // ---------------------------------------------------------------- this browser's side

  private keepEntry(place: string, entry: Entry): void {
    if (!entry.text && !entry.dirty) delete this.entries[place];
    else this.entries[place] = entry;
    this.write(place);
  }

  /** Another tab keeps its own places here: change this one alone. */
  private write(place?: string): void {
    if (this.key === null) return;
    const all = place === undefined ? { ...this.kept(), ...this.entries } : this.kept();
    if (place !== undefined) {
      const entry = this.entries[place];
      if (entry) all[place] = entry;
      else delete all[place];
    }
    if (Object.keys(all).length === 0) this.memory.remove(`drafts:${this.key}`);
    else this.memory.set(`drafts:${this.key}`, all);
  }

  private kept(): Record<string, Entry> {
    const kept = this.memory.get<Record<string, Entry | string>>(`drafts:${this.key}`) ?? {};
    return Object.fromEntries(
      Object.entries(kept).map(([place, entry]) => [
        place,
        // An earlier version kept the text alone.
        typeof entry === "string"
          ? { ...NOTHING, text: entry, dirty: serverKey(place) !== null }
          : { ...NOTHING, ...entry },
      ]),
    );
  }
}

const placeOf = ({ room, thread }: Kept): string => (thread ? `thread:${room}/${thread}` : `room:${room}`);

/** What the hub calls a place; nothing for those that stay in this browser. */
function serverKey(place: string): string | null {
  const found = /^(?:room:(\d+)|thread:(\d+\/\d+))$/.exec(place);
  return found ? (found[1] ?? found[2] ?? null) : null;
}
