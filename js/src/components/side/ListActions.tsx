import { t } from "../../i18n";
import { unreadTotals } from "../../state/selectors";
import { Icon } from "../icons";
import { Popover } from "../Popover";
import { useStore, useView } from "../view";

/** What one can do with the whole list. */
export default function ListActions({ anchor, onClose }: { anchor: HTMLElement; onClose: () => void }) {
  const { panel, go, complain } = useView();
  const first = useStore((state) => state.preferences.unread_first);
  const unread = useStore((state) => unreadTotals(state).unread);
  return (
    <Popover anchor={anchor} label={t("List of conversations")} role="menu" onClose={onClose}>
      <button
        type="button"
        role="menuitem"
        class="cc-menu-item"
        disabled={unread === 0}
        onClick={() => {
          onClose();
          void panel.markAllRead().catch(complain);
        }}
      >
        <Icon name="check" size={16} />
        {t("Mark all as read")}
      </button>
      <button
        type="button"
        role="menuitemcheckbox"
        aria-checked={first}
        class="cc-menu-item"
        onClick={() => {
          onClose();
          panel.setPreferences({ unread_first: !first });
        }}
      >
        <span class="cc-tick">{first && <Icon name="check" size={16} />}</span>
        {t("Unread first")}
      </button>
      <button
        type="button"
        role="menuitem"
        class="cc-menu-item"
        onClick={() => {
          onClose();
          go({ dialogue: "browse" });
        }}
      >
        <Icon name="compass" size={16} />
        {t("Browse rooms")}
      </button>
    </Popover>
  );
}
