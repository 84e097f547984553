import { t } from "../i18n";
import { Dialog } from "./Dialog";
import { Keyboard } from "./settings/Keyboard";

/** The sheet of keys. */
export default function Keys({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("Keyboard")} onClose={onClose} wide>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <section class="cc-dialog-body cc-key-sheet" tabIndex={0} data-first aria-label={t("What the keys do")}>
        <Keyboard />
      </section>
    </Dialog>
  );
}
