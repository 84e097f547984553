import { type Download, downloadsOf } from "../../files/download";
import { sizeText } from "../../files/sizes";
import { visible } from "../../files/words";
import { t } from "../../i18n";
import { Icon, Sign, SignButton } from "../icons";
import { useView } from "../view";
import { save } from "./acts";
import type { Entry } from "./entries";
import { goHome } from "./home";

export const DownloadSign = ({ size = 18 }: { size?: number }) => (
  <Sign path="M10 3.5v9M6 9l4 4 4-4M4 16.5h12" size={size} />
);

/** How far a download is, or why it failed. */
export function Progress({ entry, download, tab }: { entry: Entry; download: Download; tab: number }) {
  const view = useView();
  const downloads = downloadsOf(view.panel);
  const name = visible(entry.file.name);
  const cancel = ({ currentTarget }: { currentTarget: Element }) => {
    goHome(currentTarget);
    downloads.cancel(entry.id);
  };
  if (download.state === "failed")
    return (
      <div class="cc-progress" role="alert">
        <span class="cc-progress-words cc-danger-text">{download.problem}</span>
        <button
          type="button"
          class="cc-button cc-quiet"
          tabIndex={tab}
          onClick={({ currentTarget }) => {
            goHome(currentTarget);
            void save(view, entry);
          }}
        >
          {t("Try again")}
        </button>
        <SignButton label={t("Do not download {name}", { name })} tab={tab} onClick={cancel}>
          <Icon name="close" size={14} />
        </SignButton>
      </div>
    );
  const { loaded, size } = download;
  return (
    <div class="cc-progress">
      <progress max={Math.max(1, size)} value={loaded} aria-label={t("Download of {name}", { name })} />
      <span class="cc-progress-words">
        {t("{loaded} of {size}", { loaded: sizeText(loaded), size: sizeText(size) })}
      </span>
      <SignButton label={t("Cancel the download of {name}", { name })} tab={tab} onClick={cancel}>
        <Icon name="close" size={14} />
      </SignButton>
    </div>
  );
}
