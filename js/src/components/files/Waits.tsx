import { sizeText } from "../../files/sizes";
import { t } from "../../i18n";
import { goHome } from "./home";

/** What is in a file is on its way. */
export const Opening = () => (
  <p class="cc-file-waiting" role="status">
    {t("Opening…")}
  </p>
);

/** A file is on its way to the page. */
export const Coming = ({ loaded, size, name }: { loaded: number; size: number; name: string }) => (
  <div class="cc-progress">
    <progress max={Math.max(1, size)} value={loaded} aria-label={t("Loading {name}", { name })} />
    <span class="cc-progress-words">
      {t("{loaded} of {size}", { loaded: sizeText(loaded), size: sizeText(size) })}
    </span>
  </div>
);

/** It did not come. */
export const Failed = ({ problem, retry }: { problem: string; retry: () => void }) => (
  <div class="cc-file-failed" role="alert">
    <span>{problem}</span>
    <button
      type="button"
      class="cc-button cc-quiet"
      onClick={({ currentTarget }) => {
        goHome(currentTarget);
        retry();
      }}
    >
      {t("Try again")}
    </button>
  </div>
);
