import type * as p from "../../src/protocol";
import { MemoryTransport } from "../../src/transport/memory";
import type { MemoryHub } from "./hub";

/** One member's connection, and the way that a panel takes to it. */
export class MemoryClient {
  readonly transport: MemoryTransport;
  /** Everything that the panel has sent. */
  readonly received: p.AnyRequest[] = [];
  /** The headers of the slices that it has sent. */
  readonly slices: p.Slice[] = [];
  connected = false;
  /** For tests: take a request and lose it, or lose what is told. */
  lose: (request: p.AnyRequest | p.Slice) => boolean = () => false;
  loseNews = false;
  private held: (() => void)[] | null = null;
  entered: string[] = [];
  attached = 0;
  private epoch = 0;
  private synced = false;

  constructor(
    private readonly hub: MemoryHub,
    readonly me: p.Id,
  ) {
    this.transport = new MemoryTransport({
      attached: () => {
        this.attached += 1;
      },
      received: (frames) => this.receive(frames),
      receivedBytes: (header, bytes) => this.receiveSlice(JSON.parse(header) as p.Slice, bytes),
      entered: (name) => this.entered.push(name),
    });
    hub.clients.add(this);
  }

  /** The connection is there. */
  up(): this {
    this.connected = true;
    this.synced = false;
    this.epoch += 1;
    this.transport.say({ state: "open", message: "", epoch: this.epoch });
    return this;
  }

  /** The connection is lost; news of that time is missed. */
  down(message = ""): this {
    this.connected = false;
    this.synced = false;
    this.transport.say({ state: "lost", message, epoch: this.epoch });
    return this;
  }

  tell(reply: p.AnyReply): void {
    if (this.connected && this.synced && !this.loseNews) this.transport.push([JSON.stringify(reply)]);
  }

  /** For tests: answer nothing until it is let go. */
  hold(): void {
    this.held ??= [];
  }

  release(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const answer of held) answer();
  }

  private receive(frames: readonly string[]): void {
    if (!this.connected) return;
    for (const frame of frames) {
      const said = JSON.parse(frame) as p.AnyRequest | p.AnyRequest[];
      for (const request of Array.isArray(said) ? said : [said]) {
        this.received.push(request);
        if (this.lose(request)) continue;
        this.soon(() => this.answer(request));
      }
    }
  }

  private receiveSlice(slice: p.Slice, bytes: Uint8Array): void {
    if (!this.connected) return;
    this.slices.push(slice);
    if (this.lose(slice)) return;
    this.soon(() => {
      if (this.connected) this.transport.push([JSON.stringify(this.hub.takeSlice(this.me, slice, bytes))]);
    });
  }

  private soon(answer: () => void): void {
    if (this.held) this.held.push(answer);
    else answer();
  }

  private answer(request: p.AnyRequest): void {
    if (!this.connected) return;
    if (request.type === "get_slice" || request.type === "get_thumbnail") {
      const answer = this.hub.answerBytes(this.me, request);
      if ("type" in answer) this.transport.push([JSON.stringify(answer)]);
      else this.transport.pushBytes(JSON.stringify(answer.header), new Uint8Array(answer.bytes));
      return;
    }
    const replies = this.hub.answer(this.me, request);
    if (request.type === "sync") this.synced = true;
    this.transport.push([JSON.stringify(replies)]);
  }
}
