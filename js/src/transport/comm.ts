import { addSource, removeSource } from "../assets";
import { type AssetAnswer, AssetRequests, bytesOf } from "./assets";
import type { LinkState, LinkStatus, Transport, TransportListener } from "./transport";

/** What we use of an anywidget model. */
export interface Model {
  readonly widget_manager?: unknown;
  get(name: string): unknown;
  on(name: string, callback: (...args: never[]) => void): void;
  off(name: string, callback: (...args: never[]) => void): void;
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
}

/** What the kernel's relay says. */
type FromKernel =
  | { type: "frames"; n: number; frames: string[] }
  | { type: "state"; state: LinkState; message: string; epoch: number; n: number }
  | { type: "pong"; t: number; n: number; epoch: number; state: LinkState }
  | { type: "bytes"; header: string }
  | AssetAnswer;

export const PING_EVERY = 5_000;
/** Without a pong for so long the kernel is taken to be busy or gone. */
export const SILENT_AFTER = 12_000;
/** A pong may overtake the push that it counts: wait so long before a hole is believed. */
const HOLE_AFTER = 1_000;

/** A way to the hub through the widget's comm and the relay in the kernel. */
export class CommTransport implements Transport {
  status: LinkStatus = { state: "connecting", message: "", epoch: 0 };
  silent = false;
  private listener: TransportListener | null = null;
  private readonly views = new Set<string>();
  private seen: number | null = null;
  private pinger: ReturnType<typeof setInterval> | undefined;
  private hole: ReturnType<typeof setTimeout> | undefined;
  private quiet: ReturnType<typeof setTimeout> | undefined;

  private readonly assets = new AssetRequests((content) => this.say(content));

  constructor(private readonly model: Model) {}

  open(listener: TransportListener): void {
    this.listener = listener;
    this.model.on("msg:custom", this.receive);
    addSource(this);
  }

  attach(view: string): void {
    this.views.add(view);
    this.say({ type: "attach", view });
    this.ping();
    this.pinger ??= setInterval(() => this.ping(), PING_EVERY);
  }

  detach(view: string): void {
    this.views.delete(view);
    // Nobody looks: without pings the relay stops to push, and the next attach finds the hole.
    if (this.views.size === 0) this.rest();
  }

  send(frames: readonly string[]): void {
    this.say({ type: "frames", frames });
  }

  sendBytes(header: string, bytes: Uint8Array<ArrayBuffer>): void {
    // Of a view some hosts would send all that is behind it.
    const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    this.say({ type: "bytes", header }, whole.buffer);
  }

  enter(name: string): void {
    this.say({ type: "visitor", name });
  }

  asset(name: string): Promise<Uint8Array> {
    return this.assets.ask(name);
  }

  close(): void {
    this.rest();
    removeSource(this);
    this.assets.close();
    this.model.off("msg:custom", this.receive);
    this.listener = null;
  }

  private rest(): void {
    clearInterval(this.pinger);
    clearTimeout(this.quiet);
    clearTimeout(this.hole);
    this.pinger = this.quiet = this.hole = undefined;
  }

  private say(content: unknown, buffer?: ArrayBuffer): void {
    try {
      if (buffer) this.model.send(content, undefined, [buffer]);
      else this.model.send(content);
    } catch {
      // The comm is gone. The heartbeat says so to people, and what was to be sent is kept.
    }
  }

  private ping(): void {
    this.say({ type: "ping", t: Date.now(), n: this.seen ?? 0 });
    this.quiet ??= setTimeout(() => this.setSilent(true), SILENT_AFTER);
  }

  private setSilent(silent: boolean): void {
    clearTimeout(this.quiet);
    this.quiet = undefined;
    if (silent === this.silent) return;
    this.silent = silent;
    this.listener?.silence(silent);
  }

  private readonly receive = (content: unknown, buffers?: readonly DataView<ArrayBuffer>[]): void => {
    const message = content as FromKernel;
    switch (message?.type) {
      case "frames":
        if (this.seen !== null && message.n > this.seen + 1) this.listener?.gap();
        this.seen = Math.max(this.seen ?? 0, message.n);
        this.listener?.frames(message.frames);
        break;
      case "state":
        this.setSilent(false);
        this.count(message.n);
        this.setStatus({ state: message.state, message: message.message, epoch: message.epoch });
        break;
      case "pong":
        this.setSilent(false);
        if (message.n > (this.seen ?? 0)) {
          clearTimeout(this.hole);
          this.hole = setTimeout(() => this.count(message.n), HOLE_AFTER);
        }
        if (message.state !== this.status.state || message.epoch !== this.status.epoch)
          this.setStatus({ state: message.state, message: "", epoch: message.epoch });
        break;
      case "bytes":
        if (buffers?.[0]) this.listener?.bytes(message.header, bytesOf(buffers[0]));
        break;
      case "asset":
        this.assets.answer(message, buffers);
        break;
    }
  };

  /** The other side has sent so many pushes by now. */
  private count(n: number): void {
    const lost = this.seen !== null && n > this.seen;
    this.seen = Math.max(this.seen ?? 0, n);
    if (lost) this.listener?.gap();
  }

  private setStatus(status: LinkStatus): void {
    this.status = status;
    this.listener?.status(status);
  }
}
