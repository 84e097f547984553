import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { lazy } from "../../lazy";
import { nextMorning } from "../../when";
import { Popover } from "../Popover";

const Schedule = lazy(() => import("../Schedule"));

interface Props {
  anchor: HTMLElement;
  disabled: boolean;
  onChoose: (at: Date) => void;
  /** Look at what waits. */
  onShow: () => void;
  onClose: () => void;
}

/** When a message can be sent. */
export default function LaterMenu({ anchor, disabled, onChoose, onShow, onClose }: Props) {
  const [asking, setAsking] = useState(false);
  const item = (label: string, act: () => void, off = disabled) => (
    <button type="button" role="menuitem" class="cc-menu-item" disabled={off} onClick={act}>
      {label}
    </button>
  );
  const choose = (at: Date) => {
    onClose();
    onChoose(at);
  };
  if (asking)
    return <Schedule title={t("Send later")} label={t("Schedule")} onChoose={choose} onClose={onClose} />;
  return (
    <Popover anchor={anchor} label={t("Send later")} role="menu" onClose={onClose}>
      {item(t("In 1 hour"), () => choose(new Date(Date.now() + 3_600_000)))}
      {item(t("Tomorrow at 9:00"), () => choose(nextMorning("tomorrow")))}
      {item(t("Monday at 9:00"), () => choose(nextMorning(1)))}
      {item(t("Date and time…"), () => setAsking(true))}
      {item(
        t("Drafts and scheduled"),
        () => {
          onClose();
          onShow();
        },
        false,
      )}
    </Popover>
  );
}
