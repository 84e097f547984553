import { sizeText } from "../../files/sizes";
import { t, tn } from "../../i18n";
import { number } from "../../time";
import { useOf } from "../files/use";
import { Icon, IconButton } from "../icons";
import { useView } from "../view";
import { bytesOf, type Chosen, MOST } from "./choosing";
import { lostLine, type Progress, zippingOf } from "./zipping";

interface Props {
  chosen: Chosen;
  /** What the archive is called. */
  name: () => string;
  onClear: () => void;
}

/** What is chosen and what one may do with it, and how far an archive is. */
export function ChosenBar({ chosen, name, onClear }: Props) {
  const { panel } = useView();
  const zipping = zippingOf(panel);
  const progress = useOf(zipping.store, (now) => now);
  if (chosen.size === 0 && !progress) return null;
  const save = () => {
    zipping.clear();
    void zipping.save([...chosen.values()], name());
  };
  return (
    <div class="cc-shared-foot">
      {progress && <Archive progress={progress} />}
      {chosen.size > 0 && progress?.state !== "running" && (
        <div class="cc-shared-chosen">
          <p>
            {tn(chosen.size, "1 file chosen", "{all} files chosen", { all: number(chosen.size) })}
            <span class="cc-faint"> · {sizeText(bytesOf(chosen))}</span>
            {chosen.size >= MOST && <span class="cc-faint"> · {t("no more at a time")}</span>}
          </p>
          <IconButton icon="close" label={t("Choose none")} onClick={onClear} />
          <button type="button" class="cc-button cc-primary" onClick={save}>
            <Icon name="down" size={15} /> {t("Download as zip")}
          </button>
        </div>
      )}
    </div>
  );
}

function Archive({ progress }: { progress: Progress }) {
  const { panel } = useView();
  const zipping = zippingOf(panel);
  const { state, files, begun, loaded, size, lost, problem } = progress;
  const running = state === "running";
  const whole = size > 0 ? Math.min(1, loaded / size) : begun / files;
  return (
    <div class="cc-shared-archive">
      <div class="cc-shared-chosen">
        <p role="status">
          {running && t("File {n} of {all}", { n: Math.max(1, begun), all: files })}
          {state === "done" &&
            tn(files - lost.length, "1 file is in the archive.", "{n} files are in the archive.")}
        </p>
        {running && (
          <span class="cc-faint">
            {t("{some} of {all}", { some: sizeText(loaded), all: sizeText(size) })}
          </span>
        )}
        <button
          type="button"
          class="cc-button cc-quiet"
          onClick={() => (running ? zipping.cancel() : zipping.clear())}
        >
          {running ? t("Cancel") : t("Close")}
        </button>
      </div>
      {running && (
        <div
          class="cc-shared-bar"
          role="progressbar"
          aria-label={t("Download as zip")}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(100 * whole)}
        >
          <span style={{ width: `${100 * whole}%` }} />
        </div>
      )}
      {state === "failed" && (
        <p class="cc-problem" role="alert">
          {t("The archive could not be saved: {problem}", { problem })}
        </p>
      )}
      {lost.length > 0 && (
        <ul class="cc-shared-lost" aria-label={t("Not downloaded")}>
          {lost.slice(0, 20).map((one) => (
            <li key={one.id} class="cc-problem" dir="auto">
              {lostLine(one)}
            </li>
          ))}
          {lost.length > 20 && (
            <li class="cc-problem">{tn(lost.length - 20, "and 1 more", "and {n} more")}</li>
          )}
        </ul>
      )}
    </div>
  );
}
