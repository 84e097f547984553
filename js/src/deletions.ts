import type { Id, Message } from "./protocol";
import { without } from "./state/own";
import type { State } from "./state/state";
import type { Store } from "./state/store";

/** Milliseconds for which a deletion can be taken back. */
export const UNDO_WITHIN = 6_000;

/** Messages that are out of sight at once, and deleted a moment later. */
export class Deletions {
  private readonly waiting = new Map<Id, { timer: ReturnType<typeof setTimeout>; act: () => void }>();

  constructor(
    private readonly store: Store<State>,
    private readonly remove: (id: Id) => Promise<unknown>,
  ) {}

  later({ id }: Pick<Message, "id">, failed: (problem: unknown) => void = () => {}): void {
    if (this.waiting.has(id)) return;
    this.store.update((state) => ({ ...state, hidden: new Set(state.hidden).add(id) }));
    const act = () => {
      this.waiting.delete(id);
      this.remove(id).then(
        // Where it was deleted already, no event takes it out of the hidden ones.
        () => this.show(id),
        (problem) => {
          this.show(id);
          failed(problem);
        },
      );
    };
    this.waiting.set(id, { timer: setTimeout(act, UNDO_WITHIN), act });
  }

  undo(id: Id): void {
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.waiting.delete(id);
    this.show(id);
  }

  /** Delete at once what waits: the page goes away. */
  flush(): void {
    for (const { timer, act } of [...this.waiting.values()]) {
      clearTimeout(timer);
      act();
    }
  }

  private show(id: Id): void {
    this.store.update((state) => {
      const hidden = without(state.hidden, id);
      return hidden === state.hidden ? state : { ...state, hidden };
    });
  }
}
