import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { lazy } from "../../lazy";
import { Icon } from "../icons";

const LaterMenu = lazy(() => import("./LaterMenu"));

interface Props {
  disabled: boolean;
  onChoose: (at: Date) => void;
  /** Look at what waits. */
  onShow: () => void;
}

/** The small menu at the Send button. */
export function SendLater({ disabled, onChoose, onShow }: Props) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = () => setAnchor(null);
  return (
    <>
      <button
        type="button"
        class="cc-icon-button cc-later"
        aria-label={t("Send later")}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        title={t("Send later")}
        onClick={(event) => setAnchor(anchor ? null : event.currentTarget)}
      >
        <Icon name="chevron" size={14} />
      </button>
      {anchor && <LaterMenu {...{ anchor, disabled, onChoose, onShow }} onClose={close} />}
    </>
  );
}
