import type { Id, Micros } from "./protocol";
import type { State } from "./state/state";
import type { Store } from "./state/store";
import type { Memory } from "./storage";

/** In a browser that has never told a reminder, those of so many microseconds are told. */
const AT_FIRST = 86_400_000_000;

interface Kept {
  /** Reminders up to this time were told here. */
  upto: Micros;
  /** Of those, the ones that nobody has looked at. */
  unseen: Id[];
}

/** Remembers which reminders were told, so that those of a time without a panel are told by the next one. */
export class Reminders {
  private key: string | null = null;
  private seen: State["reminders"] | null = null;

  constructor(
    private readonly memory: Memory,
    private readonly store: Store<State>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Whose they are. Called after each snapshot: it may hold some that came while nobody was there. */
  open(key: string): void {
    this.key = key;
    const { saved } = this.store.get();
    const kept = this.memory.get<Kept>(`reminders:${key}`);
    const upto = kept?.upto ?? this.now() * 1000 - AT_FIRST;
    const came = [...saved.values()]
      .filter(({ id, reminded_at }) => {
        if (reminded_at === null) return false;
        return reminded_at > upto || kept?.unseen.includes(id);
      })
      .map(({ id }) => id);
    this.store.update((state) => {
      const fresh = came.filter((id) => !state.reminders.includes(id));
      return fresh.length > 0 ? { ...state, reminders: [...state.reminders, ...fresh] } : state;
    });
    this.look();
  }

  /** The state has changed: keep what is new. */
  look(): void {
    const { reminders, saved } = this.store.get();
    if (this.key === null || reminders === this.seen) return;
    const first = this.seen === null && reminders.length === 0;
    this.seen = reminders;
    if (first) return;
    const upto = Math.max(0, ...[...saved.values()].map(({ reminded_at }) => reminded_at ?? 0));
    this.memory.set(`reminders:${this.key}`, { upto, unseen: [...reminders] } satisfies Kept);
  }
}
