import type {
  AnyReply,
  AnyRequest,
  FileSlice,
  ReplyOf,
  Req,
  Slice,
  Snapshot,
  Thumbnail,
  Upload,
} from "./protocol";
import { onNews, onSnapshot } from "./state/reduce";
import type { State } from "./state/state";
import type { Store } from "./state/store";
import type { LinkStatus, Transport, TransportListener } from "./transport/transport";
import { newReq } from "./uuid";

/** The hub refused a request; the message says why and what to do. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "Refused";
  }
}

/** Without an answer for so long, a request is sent once more: what carries it may lose things. */
export const ANSWER_WITHIN = 15_000;
/** The same for what brings or takes bytes, of which several are on their way at a time. */
export const BYTES_WITHIN = 30_000;

/** Requests in one frame: far below the bytes that a frame may have. */
const BATCH = 500;

/** Requests without `again`: asking twice changes nothing. */
const QUESTIONS: ReadonlySet<AnyRequest["type"]> = new Set([
  ...(["ping", "sync", "history", "pins", "versions", "seen_by", "followers", "threads"] as const),
  ...(["saved_messages", "get_picture", "typing", "frame", "status"] as const),
  ...(["start_upload", "cancel_upload", "get_slice", "get_thumbnail", "get_preview"] as const),
  ...(["shared", "search"] as const),
]);
const OF_BYTES: ReadonlySet<AnyRequest["type"]> = new Set(["get_slice", "get_thumbnail"]);

type Body<R> = R extends AnyRequest ? Omit<R, "req"> & { req?: Req } : never;
export type RequestBody = Body<AnyRequest>;
export type BytesBody = Extract<RequestBody, { type: "get_slice" | "get_thumbnail" }>;

/** Bytes that the hub has sent, and what it says of them. */
export interface Bytes<H extends FileSlice | Thumbnail = FileSlice | Thumbnail> {
  header: H;
  bytes: Uint8Array<ArrayBuffer>;
}

interface Asked {
  resolve: (reply: never) => void;
  reject: (error: Error) => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

interface Waiting extends Asked {
  request: AnyRequest;
  sent: boolean;
}

/** Keeps the state as the hub has it, over a way that breaks, forgets and comes back. */
export class Sync implements TransportListener {
  private readonly waiting = new Map<Req, Waiting>();
  /** Slices that were sent and not answered yet. */
  private readonly slices = new Map<Req, Asked>();
  private epoch = -1;
  /** The `sync` that is on its way; until it is answered, news would tear a hole. */
  private syncing: { req: Req; since: number | null } | null = null;
  private queue: string[] = [];
  private closed = false;

  constructor(
    private readonly transport: Transport,
    private readonly store: Store<State>,
    /** Called after each snapshot was taken in. */
    private readonly synced: (snapshot: Snapshot) => void = () => {},
  ) {}

  start(): void {
    this.transport.open(this);
  }

  close(): void {
    this.deliver();
    this.closed = true;
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
    this.loseSlices();
    this.transport.close();
  }

  /** Ask the hub; settles with its reply, or with `Refused`. Waits as long as the way is broken. */
  request<B extends RequestBody>(body: B): Promise<ReplyOf[B["type"]]> {
    const { waiting, answer } = this.enlist(body);
    if (this.ready) this.send(waiting);
    return answer;
  }

  /** Ask the hub for bytes, as `request` does. */
  requestBytes<B extends BytesBody>(body: B): Promise<Bytes<ReplyOf[B["type"]]>> {
    return this.request(body) as unknown as Promise<Bytes<ReplyOf[B["type"]]>>;
  }

  /**
   * Send bytes of an upload. They are not sent again: where the way breaks or nothing comes back, this fails with
   * `Refused` "lost", and `start_upload` says from where to go on.
   */
  sendSlice(
    { upload, offset }: Pick<Slice, "upload" | "offset">,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<Upload> {
    const { promise, resolve, reject } = withResolvers<Upload>();
    const req = newReq();
    const lost = () => {
      this.slices.delete(req);
      reject(new Refused("lost", ""));
    };
    if (!this.ready) lost();
    else {
      this.slices.set(req, { resolve, reject, timer: setTimeout(lost, BYTES_WITHIN) });
      this.transport.sendBytes(JSON.stringify({ type: "slice", req, upload, offset } satisfies Slice), bytes);
    }
    return promise;
  }

  /** Ask the hub many things: they travel in as few frames as it accepts. */
  requestAll<B extends RequestBody>(bodies: readonly B[]): Promise<ReplyOf[B["type"]]>[] {
    const all = bodies.map((body) => this.enlist(body));
    const most = Math.min(this.store.get().limits?.batch ?? BATCH, BATCH);
    if (this.ready)
      for (let i = 0; i < all.length; i += most)
        this.post(JSON.stringify(all.slice(i, i + most).map(({ waiting }) => this.about(waiting))));
    return all.map(({ answer }) => answer);
  }

  // ---------------------------------------------------------------- what the transport says

  frames(frames: readonly string[]): void {
    this.store.batch(() => {
      for (const frame of frames) {
        let said: AnyReply | AnyReply[];
        try {
          said = JSON.parse(frame);
        } catch {
          continue;
        }
        for (const reply of Array.isArray(said) ? said : [said]) this.take(reply);
      }
    });
  }

  bytes(header: string, bytes: Uint8Array<ArrayBuffer>): void {
    const said = JSON.parse(header) as FileSlice | Thumbnail;
    const waiting = this.waiting.get(said.req);
    this.forget(said.req);
    waiting?.resolve({ header: said, bytes } as never);
  }

  status(link: LinkStatus): void {
    this.store.update((state) => ({ ...state, link }));
    if (link.state !== "open" || link.epoch !== this.epoch) this.loseSlices();
    if (link.state !== "open" || link.epoch === this.epoch) return;
    this.epoch = link.epoch;
    const unanswered = [...this.waiting.keys()];
    this.sync();
    for (const req of unanswered) {
      const waiting = this.waiting.get(req);
      if (waiting) this.send(waiting);
    }
  }

  gap(): void {
    if (this.ready) this.sync();
  }

  silence(silent: boolean): void {
    this.store.update((state) => ({ ...state, silent }));
  }

  // ---------------------------------------------------------------- our own

  private get ready(): boolean {
    return this.transport.status.state === "open" && this.transport.status.epoch === this.epoch;
  }

  private sync(): void {
    const { synced, seq } = this.store.get();
    const since = synced ? seq : null;
    const old = this.syncing;
    if (old) this.forget(old.req);
    const req = newReq();
    this.syncing = { req, since };
    void this.request(since === null ? { type: "sync", req } : { type: "sync", req, since }).catch(() => {
      // Refused: the hub's sentence came with the connection's state, and the next epoch asks again.
    });
  }

  private take(reply: AnyReply): void {
    switch (reply.type) {
      case "event":
      case "presence":
      case "member_typing":
      case "room":
        if (!this.syncing) this.store.update((state) => onNews(state, reply));
        return;
      case "restart":
        this.sync();
        return;
      case "snapshot":
        this.takeSnapshot(reply);
        return;
    }
    const req = reply.req ?? "";
    const waiting = this.waiting.get(req) ?? this.slices.get(req);
    if (!waiting) return;
    this.forget(req);
    if (reply.type === "error") {
      if (this.syncing?.req === reply.req) this.syncing = null;
      waiting.reject(new Refused(reply.code, reply.message));
    } else waiting.resolve(reply as never);
  }

  private takeSnapshot(snapshot: Snapshot): void {
    const { syncing } = this;
    // Of another view of this widget in another browser: it has the same kernel, but not our place in the log.
    if (!syncing || snapshot.req !== syncing.req) return;
    const waiting = this.waiting.get(snapshot.req);
    this.forget(snapshot.req);
    this.syncing = null;
    this.store.update((state) => onSnapshot(state, snapshot, syncing.since));
    this.synced(snapshot);
    waiting?.resolve(snapshot as never);
  }

  private enlist<B extends RequestBody>(body: B): { waiting: Waiting; answer: Promise<ReplyOf[B["type"]]> } {
    const request = { ...body, req: body.req ?? newReq() } as unknown as AnyRequest;
    const { promise: answer, resolve, reject } = withResolvers<ReplyOf[B["type"]]>();
    const waiting: Waiting = { request, sent: false, resolve, reject, timer: undefined };
    this.waiting.set(request.req, waiting);
    return { waiting, answer };
  }

  private forget(req: Req): void {
    for (const asked of [this.waiting, this.slices]) {
      clearTimeout(asked.get(req)?.timer);
      asked.delete(req);
    }
  }

  private loseSlices(): void {
    for (const [req, { reject }] of this.slices) {
      this.forget(req);
      reject(new Refused("lost", ""));
    }
  }

  private send(waiting: Waiting): void {
    this.post(JSON.stringify(this.about(waiting)));
  }

  /** What is sent of a request; from now on its answer is waited for. */
  private about(waiting: Waiting): AnyRequest {
    const { request } = waiting;
    const again = waiting.sent && !QUESTIONS.has(request.type);
    waiting.sent = true;
    clearTimeout(waiting.timer);
    const within = OF_BYTES.has(request.type) ? BYTES_WITHIN : ANSWER_WITHIN;
    waiting.timer = setTimeout(() => {
      // A silent other side has it still: it is sent again with the next epoch, or when it speaks.
      if (this.ready) this.send(waiting);
    }, within);
    return again ? ({ ...request, again: true } as AnyRequest) : request;
  }

  /** What is sent in one turn goes in one message. */
  private post(frame: string): void {
    this.queue.push(frame);
    if (this.queue.length > 1) return;
    queueMicrotask(() => this.deliver());
  }

  private deliver(): void {
    const frames = this.queue;
    this.queue = [];
    if (!this.closed && frames.length > 0) this.transport.send(frames);
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
