import { useRef } from "preact/hooks";
import { sizeText } from "../../files/sizes";
import { t, tn } from "../../i18n";
import type { Message } from "../../protocol";
import { Icon, SignButton } from "../icons";
import { lostLine, zippingOf } from "../shared/zipping";
import { useView } from "../view";
import { archiveOf, saveAll } from "./all";
import { useOf } from "./use";

/** Saves all files of a message as one archive, and says how far it is. */
export function AllFiles({ message, tab }: { message: Message; tab: number }) {
  const view = useView();
  const { panel } = view;
  const zipping = zippingOf(panel);
  const progress = useOf(zipping.store, (now) => archiveOf(panel, message.id, now));
  const { files } = message;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const problems = progress?.problem ? [progress.problem] : (progress?.lost.map(lostLine) ?? []);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      {progress?.state === "running" ? (
        <div class="cc-progress cc-files-coming">
          <progress
            max={Math.max(1, progress.size)}
            value={progress.loaded}
            aria-label={t("Download of all files")}
          />
          <span class="cc-progress-words">
            {t("{loaded} of {size}", { loaded: sizeText(progress.loaded), size: sizeText(progress.size) })}
          </span>
          <SignButton
            label={t("Cancel the download of all files")}
            tab={tab}
            onClick={() => {
              button.current?.focus({ preventScroll: true });
              zipping.cancel();
            }}
          >
            <Icon name="close" size={14} />
          </SignButton>
        </div>
      ) : (
        problems.length > 0 && (
          <div class="cc-file-failed" role="alert">
            {problems.map((problem) => (
              <span key={problem} class="cc-danger-text">
                {problem}
              </span>
            ))}
          </div>
        )
      )}
      <button
        ref={button}
        type="button"
        class="cc-link-button cc-file-all"
        tabIndex={tab}
        onClick={() => void saveAll(view, message).catch(view.complain)}
      >
        {tn(files.length, "Download 1 file, {size}", "Download all {n} files, {size}", {
          size: sizeText(bytes),
        })}
      </button>
    </>
  );
}
