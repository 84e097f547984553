import { addSource, NoAsset, removeSource } from "../assets";
import type { LinkStatus, Transport, TransportListener } from "./transport";

/** The far end of a `MemoryTransport`: what a relay and a hub would do, done by a test or a demonstration. */
export interface FarEnd {
  attached?(view: string): void;
  detached?(view: string): void;
  received(frames: readonly string[]): void;
  receivedBytes?(header: string, bytes: Uint8Array<ArrayBuffer>): void;
  entered?(name: string): void;
  /** A file of the package, packed or not. */
  asset?(name: string): Promise<Uint8Array>;
  closed?(): void;
}

/** A way to a hub that is in the same page. */
export class MemoryTransport implements Transport {
  status: LinkStatus = { state: "connecting", message: "", epoch: 0 };
  silent = false;
  private listener: TransportListener | null = null;

  constructor(private readonly far: FarEnd) {}

  open(listener: TransportListener): void {
    this.listener = listener;
    addSource(this);
  }

  attach(view: string): void {
    this.far.attached?.(view);
  }

  detach(view: string): void {
    this.far.detached?.(view);
  }

  send(frames: readonly string[]): void {
    this.far.received(frames);
  }

  sendBytes(header: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.far.receivedBytes?.(header, bytes);
  }

  enter(name: string): void {
    this.far.entered?.(name);
  }

  asset(name: string): Promise<Uint8Array> {
    return this.far.asset?.(name) ?? Promise.reject(new NoAsset(`there is no ${name} here`));
  }

  close(): void {
    removeSource(this);
    this.listener = null;
    this.far.closed?.();
  }

  /** For the far end: push frames. */
  push(frames: readonly string[]): void {
    this.listener?.frames(frames);
  }

  /** For the far end: push bytes. */
  pushBytes(header: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.listener?.bytes(header, bytes);
  }

  /** For the far end: say how the connection stands. */
  say(status: LinkStatus): void {
    this.status = status;
    this.listener?.status(status);
  }

  /** For the far end: something was lost on the way. */
  lose(): void {
    this.listener?.gap();
  }

  /** For the far end: stop to answer, or answer again. */
  hush(silent: boolean): void {
    this.silent = silent;
    this.listener?.silence(silent);
  }
}
