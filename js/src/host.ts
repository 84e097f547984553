import type { Panel } from "./panel";
import type { Ack, Id, Post } from "./protocol";
import type { Model } from "./transport/comm";

/** Where the kernel wants the views to be; `n` counts how often it has said so. */
export interface Asked {
  n: number;
  /** A room's name. */
  room: string;
  /** A message of it; "" for none. */
  selected: Id | "";
}

/** One walks past messages with the arrow keys: the kernel is told where one comes to rest. */
const REST = 100;
const NOTHING: Asked = { n: 0, room: "", selected: "" };

/**
 * What the kernel and the views of a panel tell each other beside the protocol of the hub: which room is open, which
 * message is chosen, what was sent. Views speak by messages only (`model.send`), which pass while a cell runs; the
 * kernel speaks by its traits, which are there for a view that comes later too.
 */
export class Host {
  private told = { room: "", selected: "" };
  private next = this.told;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private heard: number;
  private readonly listeners = new Set<(asked: Asked) => void>();

  constructor(
    private readonly model: Model,
    private readonly panel: Panel,
  ) {
    panel.manager = model.widget_manager;
    panel.chat = String(model.get("_chat") ?? "");
    panel.sent = (post, ack) => this.sent(post, ack);
    this.heard = this.asked.n;
    model.on("change:_asked", this.hear);
  }

  /** The room to open in a view that is drawn now. */
  get room(): string {
    return this.asked.room || String(this.model.get("room") ?? "");
  }

  /** Where a view that is drawn now has to lead beyond its room. */
  get first(): Asked | null {
    const asked = this.asked;
    return asked.selected ? asked : null;
  }

  /** Hear where the kernel wants the views to be; ends with what it gives back. */
  listen(listener: (asked: Asked) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** A view is in a room, and a message is chosen there or none. */
  place(room: string, selected: Id | ""): void {
    this.next = { room, selected };
    this.timer ??= setTimeout(() => this.tell(), REST);
  }

  close(): void {
    clearTimeout(this.timer);
    this.model.off("change:_asked", this.hear);
    this.panel.sent = null;
    this.listeners.clear();
  }

  /** What the kernel said last. */
  get asked(): Asked {
    return (this.model.get("_asked") as Asked | undefined) ?? NOTHING;
  }

  private readonly hear = (): void => {
    const asked = this.asked;
    if (asked.n === this.heard) return;
    this.heard = asked.n;
    // What views said before this is old, and what they are to say of it the kernel knows.
    clearTimeout(this.timer);
    this.timer = undefined;
    this.told = this.next = { room: asked.room, selected: asked.selected };
    for (const listener of [...this.listeners]) listener(asked);
  };

  private tell(): void {
    this.timer = undefined;
    const { room, selected } = this.next;
    if (room === this.told.room && selected === this.told.selected) return;
    this.told = this.next;
    this.say({ type: "placed", room, selected, asked: this.asked.n });
  }

  private sent(post: Omit<Post, "type">, ack: Ack): void {
    if (ack.id === null) return;
    const { text, reply_to } = post;
    const room = this.panel.state.rooms.get(post.room)?.name ?? "";
    this.say({ type: "sent", room, text, message: ack.id, reply_to });
  }

  private say(content: unknown): void {
    try {
      this.model.send(content);
    } catch {
      // The comm is gone, and with it who would listen.
    }
  }
}
