import { NoAsset } from "../assets";
import { t } from "../i18n";

/** What the kernel's relay answers; the bytes come beside it. */
export interface AssetAnswer {
  type: "asset";
  name: string;
  t: number;
  /** Why it does not come; empty where it does. */
  problem: "" | "stale" | "unknown";
}

/** Without an answer for so long one asks again, and the second time gives up. */
export const ASSET_TIMEOUT = 10_000;
const TRIES = 2;

interface Waiting {
  promise: Promise<Uint8Array>;
  resolve(bytes: Uint8Array): void;
  reject(problem: Error): void;
  timer: ReturnType<typeof setTimeout> | undefined;
  tries: number;
}

/** Requests for files, each asked once at a time and again where the answer is lost. */
export class AssetRequests {
  private readonly waiting = new Map<string, Waiting>();

  constructor(private readonly say: (content: unknown) => void) {}

  ask(name: string): Promise<Uint8Array> {
    const known = this.waiting.get(name);
    if (known) return known.promise;
    const { promise, resolve, reject } = withResolvers<Uint8Array>();
    this.waiting.set(name, { promise, resolve, reject, timer: undefined, tries: 0 });
    this.request(name);
    return promise;
  }

  answer(
    { name, problem }: AssetAnswer,
    buffers: readonly (DataView<ArrayBuffer> | ArrayBuffer)[] = [],
  ): void {
    const [data] = buffers;
    if (problem === "stale")
      this.end(name)?.reject(
        new NoAsset(
          t(
            "collabchat has been updated since this page was opened. Reload the page; in a notebook, restart its kernel first.",
          ),
        ),
      );
    else if (problem)
      this.end(name)?.reject(new NoAsset(t("The installed package lacks this part of the panel.")));
    else if (data) this.end(name)?.resolve(bytesOf(data));
  }

  close(): void {
    for (const name of [...this.waiting.keys()])
      this.end(name)?.reject(new Error(t("The panel was closed before this part of it came.")));
  }

  private request(name: string): void {
    const waiting = this.waiting.get(name);
    if (!waiting) return;
    if (waiting.tries === TRIES) {
      this.end(name)?.reject(
        new Error(t("This part of the panel did not come: the kernel does not answer.")),
      );
      return;
    }
    waiting.tries += 1;
    waiting.timer = setTimeout(() => this.request(name), ASSET_TIMEOUT);
    this.say({ type: "asset", name, t: Date.now() });
  }

  private end(name: string): Waiting | undefined {
    const waiting = this.waiting.get(name);
    clearTimeout(waiting?.timer);
    this.waiting.delete(name);
    return waiting;
  }
}

export const bytesOf = (data: DataView<ArrayBuffer> | ArrayBuffer): Uint8Array<ArrayBuffer> =>
  ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);

/** `Promise.withResolvers`, which the oldest browsers of ours lack. */
function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (problem: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
