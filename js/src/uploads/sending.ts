import { t } from "../i18n";
import type { Panel } from "../panel";
import type { Attachment, Id, Req } from "../protocol";
import { Refused } from "../sync";
import type { Pace } from "./pace";

export const SLICE = 524_288;
/** So often an upload begins again without getting further, before it is given up. */
const TRIES = 8;
/** What says that the hub and we do not agree on where the file stands: it tells where. */
const AGAIN: ReadonlySet<string> = new Set(["lost", "conflict"]);

export interface Job {
  upload: Req;
  room: Id;
  file: File;
  /** Nobody wants it any more. */
  readonly gone: boolean;
  /** So many bytes are at the hub. */
  progress(bytes: number): void;
}

/** Send a file to its end, from wherever the hub has it; null where nobody wants it any more. */
export async function send(panel: Panel, pace: Pace, job: Job): Promise<Attachment | null> {
  const { upload, room, file } = job;
  let best = -1;
  for (let tries = 0; ; tries++) {
    const { offset, file: complete } = await panel.ask({
      ...{ type: "start_upload", upload, room, name: file.name || "file", size: file.size },
    });
    if (job.gone) return null;
    job.progress(offset);
    if (complete) return complete;
    if (offset > best) tries = 0;
    else if (tries >= TRIES)
      throw new Error(t("It does not get through: the connection breaks again and again."));
    best = Math.max(best, offset);
    try {
      const done = await slices(panel, pace, job, offset);
      if (done || job.gone) return done;
    } catch (error) {
      if (!(error instanceof Refused) || !AGAIN.has(error.code)) throw error;
    }
  }
}

/** Send what follows an offset, several slices at a time. */
async function slices(panel: Panel, pace: Pace, job: Job, offset: number): Promise<Attachment | null> {
  const { upload, file } = job;
  const flying: Promise<void>[] = [];
  let problem: unknown = null;
  let complete: Attachment | null = null;
  let next = offset;
  while (next < file.size) {
    const end = await pace.turn();
    if (problem !== null || job.gone) {
      end();
      break;
    }
    const at = next;
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer());
      if (bytes.byteLength === 0) throw new Error();
    } catch {
      end();
      problem = new Error(t("The file cannot be read any more: it was moved, changed or deleted."));
      break;
    }
    next += bytes.byteLength;
    const slice = panel.sendSlice({ upload, offset: at }, bytes).then(
      (reply) => {
        end(bytes.byteLength);
        complete ??= reply.file;
        job.progress(reply.offset);
      },
      (error) => {
        end();
        problem ??= error;
      },
    );
    flying.push(slice);
  }
  await Promise.all(flying);
  if (problem !== null && !complete) throw problem;
  return complete;
}
