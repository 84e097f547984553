import { moved } from "../components/side/order";
import { t } from "../i18n";
import type { Panel } from "../panel";
import type { Attachment, Id, Req } from "../protocol";
import type { Attached, Outgoing, State } from "../state/state";
import { newReq } from "../uuid";
import { fitting } from "./fit";
import { enter, type Given, leave, taken } from "./handover";
import { Pace } from "./pace";
import { send } from "./sending";

/** Files that are sent at a time; the others wait. */
const AT_A_TIME = 2;
/** Progress is told so often, in milliseconds. */
const TELL_EVERY = 120;

/** Pictures that any browser of ours shows. */
const SHOWN = /^image\/(png|jpeg|gif|webp|avif)$/;

interface Waiter {
  resolve(): void;
  reject(problem: Error): void;
}

/** Sends files while one writes: they lie in a tray by the place of their draft, and go on whatever is in sight. */
export class Uploads {
  private readonly files = new Map<Req, File>();
  private readonly queue: Req[] = [];
  private readonly running = new Set<Req>();
  private readonly waiting = new Map<Req, Waiter[]>();
  private readonly pace = new Pace();
  private readonly came = new Map<Req, number>();
  private telling: ReturnType<typeof setTimeout> | undefined;
  private asks = false;

  constructor(readonly panel: Panel) {
    enter(this);
    panel.ends.add(() => this.close());
  }

  /** What lies in a tray. */
  in(key: string): Attached[] {
    const { trays, uploads } = this.panel.state;
    return (trays.get(key) ?? []).flatMap((upload) => uploads.get(upload) ?? []);
  }

  /** Put files into a tray and begin to send them; gives sentences about those that do not fit. */
  add(key: string, room: Id, files: readonly File[]): string[] {
    const { fits, problems } = fitting(this.panel.state.settings, this.in(key), files);
    const all = fits.map((file): [File, Attached] => [
      file,
      {
        ...{ upload: newReq(), room, name: file.name || "file", size: file.size },
        picture: SHOWN.test(file.type) ? URL.createObjectURL(file) : null,
        ...{ state: "waiting", sent: 0, problem: null, file: null },
      },
    ]);
    for (const [file, { upload }] of all) this.files.set(upload, file);
    this.lay(
      key,
      all.map(([, attached]) => attached),
    );
    return problems;
  }

  /** Take a file out of its tray, and from the hub what it has of it. */
  remove(...uploads: Req[]): void {
    for (const upload of uploads) {
      if (!this.panel.state.uploads.has(upload)) continue;
      this.panel.ask({ type: "cancel_upload", upload }).catch(() => {
        // The hub drops it by itself after a day.
      });
    }
    this.forget(uploads);
  }

  /** Give a file another place in its tray. */
  move(key: string, upload: Req, to: number): void {
    this.change(({ trays, ...state }) => ({
      ...state,
      trays: new Map(trays).set(key, moved(trays.get(key) ?? [], upload, to)),
    }));
  }

  /** Send one that failed once more: it goes on where it was. */
  retry(upload: Req): void {
    if (this.panel.state.uploads.get(upload)?.state !== "failed") return;
    this.set(upload, { state: "waiting", problem: null });
    this.queue.push(upload);
    this.next();
  }

  /** Settles when all of them are at the hub; those that failed are tried again. */
  async ready(uploads: readonly Req[]): Promise<void> {
    await Promise.all(
      uploads.map((upload) => {
        const found = this.panel.state.uploads.get(upload);
        if (!found) throw new Lost();
        if (found.state === "done") return undefined;
        const settled = new Promise<void>((resolve, reject) => {
          this.waiting.set(upload, [...(this.waiting.get(upload) ?? []), { resolve, reject }]);
        });
        this.retry(upload);
        return settled;
      }),
    );
  }

  /** Files that the hub has and one may see, to be sent again: no byte of them travels. */
  async again(room: Id, files: readonly Attachment[]): Promise<Req[]> {
    const all: Req[] = [];
    try {
      for (const { name, original, size, sha256 } of files) {
        const upload = newReq();
        all.push(upload);
        const { file } = await this.panel.ask({
          ...{ type: "start_upload", upload, room, name: original || name, size, sha256 },
        });
        if (!file) throw new Error(t("“{name}” is not there any more: attach it again.", { name }));
        this.lay(null, [
          {
            ...{ upload, room, name, size, picture: null },
            ...{ state: "done", sent: size, problem: null, file },
          },
        ]);
      }
    } catch (error) {
      this.remove(...all);
      throw error;
    }
    return all;
  }

  /** The hub has them in a message, or nobody wants them: what the page holds of them goes. */
  forget(uploads: readonly Req[]): void {
    const gone = new Set(uploads);
    for (const upload of gone) {
      const picture = this.panel.state.uploads.get(upload)?.picture;
      if (picture) URL.revokeObjectURL(picture);
      this.files.delete(upload);
      this.waiting.delete(upload);
      // What of it is on its way is answered in its own time.
      this.running.delete(upload);
    }
    this.change((state) => ({
      ...state,
      uploads: new Map([...state.uploads].filter(([upload]) => !gone.has(upload))),
      trays: new Map(
        [...state.trays]
          .map(([key, tray]): [string, readonly Req[]] => [
            key,
            tray.some((one) => gone.has(one)) ? tray.filter((one) => !gone.has(one)) : tray,
          ])
          .filter(([, tray]) => tray.length > 0),
      ),
    }));
    this.next();
  }

  /** A message that waits for its files goes back into the text box, and they into its tray. */
  takeBack(item: Outgoing): void {
    const { drafts, outbox } = this.panel;
    const key = item.thread ? `thread:${item.room}/${item.thread}` : `room:${item.room}`;
    const here = item.files
      .map(({ upload }) => upload)
      .filter((upload) => this.panel.state.uploads.has(upload));
    outbox.drop(item.req);
    drafts.put(key, [item.text, drafts.get(key)].filter(Boolean).join("\n\n"));
    this.change((state) => ({
      ...state,
      trays: here.length
        ? new Map(state.trays).set(key, [...here, ...(state.trays.get(key) ?? [])])
        : state.trays,
    }));
  }

  /** Bytes a second of all that is sent; null while nothing can be said. */
  get speed(): number | null {
    return this.pace.speed;
  }

  /** What other panels of this person in this page cannot send any more is sent from here. */
  adopt(): void {
    for (const [upload, { attached, file, tray }] of taken(this.panel)) {
      if (this.panel.state.uploads.has(upload)) continue;
      this.files.set(upload, file);
      this.lay(tray, [
        attached.state === "done" ? attached : { ...attached, state: "waiting", problem: null },
      ]);
    }
  }

  /** All of it, for another panel: from here nothing of it is sent any more. */
  give(): Given[] {
    const { uploads, trays } = this.panel.state;
    const given = [...uploads.values()].flatMap((attached) => {
      const file = this.files.get(attached.upload);
      const tray = [...trays].find(([, all]) => all.includes(attached.upload))?.[0] ?? null;
      return file ? [{ attached, file, tray }] : [];
    });
    this.files.clear();
    this.queue.length = 0;
    this.change((state) => ({ ...state, uploads: new Map(), trays: new Map() }));
    this.watch();
    return given;
  }

  close(): void {
    leave(this);
    clearTimeout(this.telling);
    for (const { picture } of this.panel.state.uploads.values()) if (picture) URL.revokeObjectURL(picture);
    this.files.clear();
    this.watch();
  }

  // ---------------------------------------------------------------- sending

  private lay(key: string | null, all: readonly Attached[]): void {
    if (all.length === 0) return;
    this.change((state) => {
      const uploads = new Map(state.uploads);
      for (const one of all) uploads.set(one.upload, one);
      if (key === null) return { ...state, uploads };
      const tray = [...(state.trays.get(key) ?? []), ...all.map(({ upload }) => upload)];
      return { ...state, uploads, trays: new Map(state.trays).set(key, tray) };
    });
    this.queue.push(...all.filter(({ state }) => state === "waiting").map(({ upload }) => upload));
    this.next();
  }

  private next(): void {
    this.watch();
    while (this.running.size < AT_A_TIME) {
      const upload = this.queue.shift();
      if (upload === undefined) return;
      const file = this.files.get(upload);
      const attached = this.panel.state.uploads.get(upload);
      if (!file || !attached || attached.state === "done") continue;
      void this.run(attached, file);
    }
  }

  private async run({ upload, room }: Attached, file: File): Promise<void> {
    const { files } = this;
    const job = {
      ...{ upload, room, file },
      get gone() {
        return files.get(upload) !== file;
      },
      progress: (bytes: number) => this.progress(upload, bytes),
    };
    this.running.add(upload);
    this.set(upload, { state: "sending" });
    try {
      const done = await send(this.panel, this.pace, job);
      if (done && !job.gone) this.done(upload, done);
    } catch (error) {
      if (!job.gone) this.failed(upload, error as Error);
    } finally {
      this.running.delete(upload);
      this.next();
    }
  }

  private done(upload: Req, file: Attachment): void {
    this.came.delete(upload);
    this.set(upload, { state: "done", sent: file.size, file });
    for (const { resolve } of this.waiters(upload)) resolve();
  }

  private failed(upload: Req, error: Error): void {
    this.came.delete(upload);
    this.set(upload, { state: "failed", problem: error.message });
    for (const { reject } of this.waiters(upload)) reject(error);
  }

  private waiters(upload: Req): Waiter[] {
    const found = this.waiting.get(upload) ?? [];
    this.waiting.delete(upload);
    return found;
  }

  private progress(upload: Req, bytes: number): void {
    this.came.set(upload, bytes);
    this.telling ??= setTimeout(() => {
      this.telling = undefined;
      const came = new Map(this.came);
      this.came.clear();
      this.panel.store.batch(() => {
        for (const [one, sent] of came) this.set(one, { sent });
      });
    }, TELL_EVERY);
  }

  private set(upload: Req, patch: Partial<Attached>): void {
    this.change((state) => {
      const found = state.uploads.get(upload);
      return found
        ? { ...state, uploads: new Map(state.uploads).set(upload, { ...found, ...patch }) }
        : state;
    });
  }

  private change(change: (state: State) => State): void {
    this.panel.store.update(change);
  }

  /** The browser asks before it leaves the page, only while something is under way. */
  private watch(): void {
    const under = [...this.files.keys()].some((upload) => {
      const { state } = this.panel.state.uploads.get(upload) ?? {};
      return state === "waiting" || state === "sending";
    });
    if (under === this.asks) return;
    this.asks = under;
    if (under) window.addEventListener("beforeunload", stay);
    else window.removeEventListener("beforeunload", stay);
  }
}

/** The page that had the bytes of a file is gone. */
class Lost extends Error {
  constructor() {
    super(t("The page was left before all of its files were uploaded: attach them again."));
  }
}

function stay(event: BeforeUnloadEvent): void {
  event.preventDefault();
  // What older browsers want.
  event.returnValue = true;
}
