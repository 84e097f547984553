import { t } from "../i18n";
import { toJoin } from "../state/selectors";
import { Icon } from "./icons";
import { usePlace, useStore, useView } from "./view";
import { Ways } from "./Ways";

/** In the conversation's place, where there is none. */
export default function Nothing({ waiting }: { waiting: boolean }) {
  const { go } = useView();
  const { size, layout } = usePlace();
  const joinable = useStore((state) => toJoin(state).length > 0);
  if (waiting) return <div class="cc-empty">{t("Opening…")}</div>;
  return (
    <div class="cc-empty">
      <Icon name="chat" size={36} />
      <h2>{joinable ? t("Find your room") : t("Nothing here yet")}</h2>
      <p>
        {joinable
          ? t("Look into a room before you join it, make one for a subject, or write to one person.")
          : t("Make a room for a subject, or write to one person.")}
      </p>
      <Ways />
      {size === "narrow" && layout === "full" && (
        <button type="button" class="cc-link-button" onClick={() => go({ screen: "list" })}>
          {t("Back to the conversations")}
        </button>
      )}
    </div>
  );
}
