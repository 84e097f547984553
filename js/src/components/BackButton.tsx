import { t, tn } from "../i18n";
import { unreadTotals } from "../state/selectors";
import { Icon } from "./icons";
import { usePlace, useStore, useView } from "./view";

/** In a narrow view: what brings the list of conversations, and whether something new waits there. */
export function BackButton() {
  const { go } = useView();
  const { place, size, layout } = usePlace();
  const elsewhere = useStore((state) => {
    const open = place.room === null ? undefined : state.rooms.get(place.room);
    const counted = open && !state.muted.has(open.id) ? open.unread : 0;
    return unreadTotals(state).unread - counted;
  });
  if (size !== "narrow" || layout === "compact") return null;
  const label = place.search ? t("Back to the results") : t("Back to the conversations");
  return (
    <button
      type="button"
      class="cc-icon-button cc-back"
      aria-label={label}
      aria-description={
        elsewhere > 0
          ? tn(elsewhere, "1 unread message elsewhere", "{n} unread messages elsewhere")
          : undefined
      }
      title={label}
      onClick={() => go({ screen: "list" })}
    >
      <Icon name={place.search ? "back" : "menu"} />
      {elsewhere > 0 && <span class="cc-back-dot" aria-hidden="true" />}
    </button>
  );
}
