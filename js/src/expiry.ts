import type { State } from "./state/state";
import type { Store } from "./state/store";
import { typingOver, typingUntil } from "./state/typing";

const LONGEST = 3_600_000;

/** Tells the store when something is over by the clock: that somebody writes, or what they say of themselves. */
export class Expiry {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private due: number | null = null;
  private members: State["members"] | null = null;
  private status: number | null = null;

  constructor(private readonly store: Store<State>) {}

  /** The state has changed: see what is over next. */
  look(): void {
    const state = this.store.get();
    if (state.members !== this.members) {
      this.members = state.members;
      this.status = nextStatus(state, Date.now());
    }
    const typing = typingUntil(state);
    const next = Math.min(typing ?? Number.POSITIVE_INFINITY, this.status ?? Number.POSITIVE_INFINITY);
    const due = Number.isFinite(next) ? next : null;
    if (due === this.due) return;
    this.due = due;
    clearTimeout(this.timer);
    if (due === null) return;
    this.timer = setTimeout(() => this.over(), Math.min(LONGEST, Math.max(0, due - Date.now())));
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private over(): void {
    const now = Date.now();
    this.due = null;
    const ended = this.status !== null && this.status <= now;
    this.members = null;
    this.store.update((state) => {
      const next = typingOver(state, now);
      return ended && next === state ? { ...state } : next;
    });
    this.look();
  }
}

/** When the next status is over, in milliseconds. */
function nextStatus(state: State, now: number): number | null {
  let next: number | null = null;
  for (const { status } of state.members.values()) {
    const until = status?.until == null ? null : Math.ceil(status.until / 1000);
    if (until !== null && until > now && (next === null || until < next)) next = until;
  }
  return next;
}
