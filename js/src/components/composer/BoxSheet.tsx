import { t } from "../../i18n";
import { lazy } from "../../lazy";
import { Popover } from "../Popover";
import { BoxSettings } from "./BoxSettings";

const Palette = lazy(() => import("../Palette"));

interface Props {
  type: "emoji" | "settings";
  anchor: HTMLElement;
  onPick: (emoji: string) => void;
  onClose: () => void;
}

/** What the buttons of the text box open. */
export default function BoxSheet({ type, anchor, onPick, onClose }: Props) {
  const emoji = type === "emoji";
  return (
    <Popover anchor={anchor} label={emoji ? t("Emoji") : t("Text box settings")} onClose={onClose}>
      {emoji ? <Palette onPick={onPick} /> : <BoxSettings />}
    </Popover>
  );
}
