import type { Id } from "./protocol";
import type { State } from "./state/state";
import type { Store } from "./state/store";

/** The read mark of a room is sent at most so often. */
const READ_EVERY = 2_000;

interface Mark {
  at: number;
  upto: Id;
  timer: ReturnType<typeof setTimeout> | null;
}

/** How far one has read, told to the hub now and then. */
export class Reads {
  private readonly marks = new Map<Id, Mark>();

  constructor(
    private readonly store: Store<State>,
    private readonly tell: (room: Id, upto: Id) => Promise<unknown>,
  ) {}

  /** Somebody has the message `upto` before their eyes. */
  mark(room: Id, upto: Id): void {
    const known = this.store.get().rooms.get(room);
    if (!known?.joined || (Number(upto) <= known.read && known.unread === 0)) return;
    const mark = this.marks.get(room);
    if (mark && Number(mark.upto) >= Number(upto) && known.unread === 0) return;
    const due = mark ? Math.max(0, mark.at + READ_EVERY - Date.now()) : 0;
    if (mark?.timer) {
      mark.upto = upto;
      return;
    }
    const next: Mark = { at: mark?.at ?? 0, upto, timer: null };
    this.marks.set(room, next);
    if (due === 0) this.send(room, next);
    else next.timer = setTimeout(() => this.send(room, next), due);
  }

  /** A mark that waits is not wanted any more. */
  forget(room: Id): void {
    const mark = this.marks.get(room);
    if (mark?.timer) clearTimeout(mark.timer);
    this.marks.delete(room);
  }

  /** Tell now what waits: the page goes away. */
  flush(): void {
    for (const [room, mark] of this.marks)
      if (mark.timer) {
        clearTimeout(mark.timer);
        this.send(room, mark);
      }
  }

  private send(room: Id, mark: Mark): void {
    mark.timer = null;
    mark.at = Date.now();
    this.tell(room, mark.upto).catch(() => {
      // The room is gone, or one has left it.
    });
  }
}
