import { sizeText } from "../../files/sizes";
import { spoken, t, tn } from "../../i18n";
import type { Attached } from "../../state/state";
import { useStore, useView } from "../view";

/** How much of a file is at the hub, from 0 to 1. */
export const partOf = ({ sent, size }: Pick<Attached, "sent" | "size">): number =>
  size > 0 ? Math.min(1, sent / size) : 1;

export const percent = (part: number): string =>
  // What is not done is never called so.
  new Intl.NumberFormat(spoken(), { style: "percent" }).format(part < 1 ? Math.min(0.99, part) : 1);

/** How much of a file is at the hub, as a bar. */
export const UploadBar = ({ name, file }: { name: string; file: Pick<Attached, "sent" | "size"> }) => (
  <span
    class="cc-tray-bar"
    role="progressbar"
    aria-label={t("Upload of {name}", { name })}
    aria-valuemin={0}
    aria-valuemax={100}
    aria-valuenow={Math.round(100 * partOf(file))}
  >
    <span style={{ width: `${100 * partOf(file)}%` }} />
  </span>
);

/** What stands on a file's sheet: the ending of its name. */
export function endingOf(name: string): string {
  const found = /\.([\p{L}\p{N}]{1,7})$/u.exec(name);
  return found?.[1]?.toUpperCase() ?? "";
}

export interface Sent {
  sent: number;
  size: number;
  done: number;
  n: number;
  /** Some of it is still to come. */
  under: boolean;
}

export function sentOf(files: readonly Attached[]): Sent {
  const all = { sent: 0, size: 0, done: 0, n: files.length, under: false };
  for (const { sent, size, state } of files) {
    all.sent += sent;
    all.size += size;
    if (state === "done") all.done += 1;
    if (state === "waiting" || state === "sending") all.under = true;
  }
  return all;
}

const SPANS = [
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** Seconds as one counts down: "4 min". */
export function leftText(seconds: number): string {
  const [unit, length] = SPANS.find(([, length]) => seconds >= 1.5 * length) ?? ["second", 1];
  const n = Math.max(1, Math.round(seconds / length));
  return new Intl.NumberFormat(spoken(), { style: "unit", unit, unitDisplay: "short" }).format(n);
}

/** How far all of them are, how fast it goes, and how long it takes. */
export function Total({
  sent: { sent, size, done, n, under },
  files,
}: {
  sent: Sent;
  files: readonly Attached[];
}) {
  const { panel } = useView();
  const open = useStore((state) => state.link.state === "open");
  const silent = useStore((state) => state.silent);
  if (!under) return null;
  const speed = panel.uploads.now?.speed ?? null;
  const far =
    n > 1
      ? t("{done} of {n} files · {sent} of {size}", { done, n, sent: sizeText(sent), size: sizeText(size) })
      : t("{sent} of {size}", { sent: sizeText(sent), size: sizeText(size) });
  const how = silent
    ? t("Waiting for the kernel…")
    : !open
      ? t("Waiting for the connection…")
      : speed
        ? t("{speed}/s · {time} left", { speed: sizeText(speed), time: leftText((size - sent) / speed) })
        : "";
  return (
    <p class="cc-tray-total">
      <span>{far}</span> <span>{how}</span>
      {n > 1 && (
        <span
          class="cc-tray-bar"
          role="progressbar"
          aria-label={tn(files.length, "Upload of the file", "Upload of {n} files")}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round((100 * sent) / Math.max(1, size))}
        >
          <span style={{ width: `${(100 * sent) / Math.max(1, size)}%` }} />
        </span>
      )}
    </p>
  );
}
