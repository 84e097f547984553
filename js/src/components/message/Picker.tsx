import { t } from "../../i18n";
import { lazy } from "../../lazy";
import type { Message } from "../../protocol";
import { Popover } from "../Popover";
import { useView } from "../view";

const Palette = lazy(() => import("../Palette"));

/** Emoji to react with. */
export default function Picker({
  message,
  anchor,
  onClose,
}: {
  message: Message;
  anchor: HTMLElement;
  onClose: () => void;
}) {
  const { panel, complain } = useView();
  const react = (emoji: string) => {
    onClose();
    panel.ask({ type: "react", id: message.id, emoji }).catch(complain);
  };
  return (
    <Popover anchor={anchor} label={t("Reactions")} onClose={onClose}>
      <Palette onPick={react} />
    </Popover>
  );
}
