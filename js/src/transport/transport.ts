/** How the other side (the kernel's relay, later a hub itself) stands. */
export type LinkState = "visitor" | "connecting" | "open" | "lost" | "closed";

export interface LinkStatus {
  state: LinkState;
  /** A sentence for people; empty where there is nothing to say. */
  message: string;
  /** Counts the connections to the hub: a new one asks for a new `sync`. */
  epoch: number;
}

export interface TransportListener {
  /** Frames of the protocol, in order. */
  frames(frames: readonly string[]): void;
  /** A header of the protocol and its bytes: of a file, or of a small picture of one. */
  bytes(header: string, bytes: Uint8Array<ArrayBuffer>): void;
  status(status: LinkStatus): void;
  /** Something sent to us was lost. Called before whatever came after the hole. */
  gap(): void;
  /** The other side has stopped to answer (true), or answers again (false). */
  silence(silent: boolean): void;
}

/** A way to a hub. It carries frames and says how it stands; what the frames mean is not its business. */
export interface Transport {
  readonly status: LinkStatus;
  readonly silent: boolean;
  /** Begin to receive. */
  open(listener: TransportListener): void;
  /** A view was drawn, or somebody asks to try again: ask the other side how it stands. */
  attach(view: string): void;
  /** No view is left to see anything. */
  detach(view: string): void;
  send(frames: readonly string[]): void;
  /** A header of the protocol and its bytes: a slice of a file. */
  sendBytes(header: string, bytes: Uint8Array<ArrayBuffer>): void;
  /** Say who one is, where the other side asks (state "visitor"). */
  enter(name: string): void;
  /** A file of the installed package, as it is stored there; it may be packed (gzip). */
  asset(name: string): Promise<Uint8Array>;
  close(): void;
}
