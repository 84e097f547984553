import { t } from "../i18n";
import { Icon, type IconName } from "./icons";
import type { Act } from "./message/acts";

interface Props {
  acts: readonly Act[];
  onDone: () => void;
  /** Show who has seen it. */
  onSeen?: () => void;
}

interface Item {
  label: string;
  icon: IconName;
  key?: string | undefined;
  group: number;
  danger?: boolean | undefined;
  act: () => void;
}

/** All that one can do with a message, in a menu: the bar's too, for those who have no room for it. */
export function More({ acts, onDone, onSeen }: Props) {
  const items: Item[] = acts.map(({ label, icon, key, group, danger, act }) => ({
    ...{ label, icon, group, danger },
    key: key === "Delete" ? t("Del") : key?.toUpperCase(),
    act: () => {
      onDone();
      // After the menu is gone and the focus back on the message: dialogs give it back to where it was.
      queueMicrotask(act);
    },
  }));
  if (onSeen) {
    const at = items.findLastIndex(({ group }) => group === 2) + 1;
    items.splice(at, 0, { label: t("Seen by"), icon: "eye", group: 2, act: onSeen });
  }
  return (
    <>
      {items.map((item, at) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          class={item.danger ? "cc-menu-item cc-danger-text" : "cc-menu-item"}
          aria-keyshortcuts={item.key}
          data-parted={(at > 0 && items[at - 1]?.group !== item.group) || undefined}
          onClick={item.act}
        >
          <Icon name={item.icon} size={16} />
          <span class="cc-stretch">{item.label}</span>
          {item.key && (
            <span aria-hidden="true">
              <kbd>{item.key}</kbd>
            </span>
          )}
        </button>
      ))}
    </>
  );
}
