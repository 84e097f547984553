import type { Model } from "../../src/transport/comm";

type Callback = (...args: never[]) => void;

/** An anywidget model, as far as the panel uses one. */
export class FakeModel implements Model {
  readonly sent: unknown[] = [];
  /** What went beside it, where something did. */
  readonly buffers: (ArrayBuffer[] | undefined)[] = [];
  broken = false;
  private readonly callbacks = new Map<string, Set<Callback>>();

  constructor(readonly traits: Record<string, unknown> = { room: "", height: "560px" }) {}

  get(name: string): unknown {
    return this.traits[name];
  }

  on(name: string, callback: Callback): void {
    this.callbacks.set(name, (this.callbacks.get(name) ?? new Set()).add(callback));
  }

  off(name: string, callback: Callback): void {
    this.callbacks.get(name)?.delete(callback);
  }

  send(content: unknown, _callbacks?: unknown, buffers?: ArrayBuffer[]): void {
    if (this.broken) throw new Error("the comm is closed");
    this.sent.push(content);
    this.buffers.push(buffers);
  }

  /** What the kernel says, and bytes beside it. */
  say(content: unknown, buffers: readonly DataView<ArrayBuffer>[] = []): void {
    this.fire("msg:custom", content, buffers);
  }

  set(name: string, value: unknown): void {
    this.traits[name] = value;
    this.fire(`change:${name}`);
  }

  listeners(): number {
    return [...this.callbacks.values()].reduce((sum, { size }) => sum + size, 0);
  }

  private fire(name: string, ...args: unknown[]): void {
    for (const callback of [...(this.callbacks.get(name) ?? [])]) callback(...(args as never[]));
  }
}
