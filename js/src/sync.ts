import type { AnyReply, AnyRequest, ReplyOf, Req, Snapshot } from "./protocol";
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

/** Requests in one frame: far below the bytes that a frame may have. */
const BATCH = 500;

/** Requests without `again`: asking twice changes nothing. */
const QUESTIONS: ReadonlySet<AnyRequest["type"]> = new Set([
  ...(["ping", "sync", "history", "pins", "versions", "seen_by", "followers", "threads"] as const),
  ...(["saved_messages", "get_picture", "typing", "frame", "status"] as const),
]);

type Body<R> = R extends AnyRequest ? Omit<R, "req"> & { req?: Req } : never;
export type RequestBody = Body<AnyRequest>;

interface Waiting {
  request: AnyRequest;
  sent: boolean;
  resolve: (reply: never) => void;
  reject: (error: Error) => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Keeps the state as the hub has it, over a way that breaks, forgets and comes back. */
export class Sync implements TransportListener {
  private readonly waiting = new Map<Req, Waiting>();
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
    this.transport.close();
  }

  /** Ask the hub; settles with its reply, or with `Refused`. Waits as long as the way is broken. */
  request<B extends RequestBody>(body: B): Promise<ReplyOf[B["type"]]> {
    const { waiting, answer } = this.enlist(body);
    if (this.ready) this.send(waiting);
    return answer;
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

  status(link: LinkStatus): void {
    this.store.update((state) => ({ ...state, link }));
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
    const waiting = reply.req === null ? undefined : this.waiting.get(reply.req);
    if (!waiting) return;
    this.forget(waiting.request.req);
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
    clearTimeout(this.waiting.get(req)?.timer);
    this.waiting.delete(req);
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
    waiting.timer = setTimeout(() => {
      // A silent other side has it still: it is sent again with the next epoch, or when it speaks.
      if (this.ready) this.send(waiting);
    }, ANSWER_WITHIN);
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
