import { useMemo } from "preact/hooks";
import { t } from "../i18n";
import { toJoin } from "../state/selectors";
import { useStore, useView } from "./view";

/** What one can do without a conversation. */
export function Ways() {
  const { panel, go } = useView();
  const rooms = useStore((state) => state.rooms);
  const joinable = useMemo(() => toJoin(panel.state).length > 0, [rooms]);
  const way = (text: string, dialogue: "browse" | "new-room" | "new-conversation", first: boolean) => (
    <button
      key={dialogue}
      type="button"
      class={first ? "cc-button cc-primary" : "cc-button"}
      onClick={() => go({ dialogue })}
    >
      {text}
    </button>
  );
  return (
    <div class="cc-ways">
      {joinable && way(t("Browse rooms"), "browse", true)}
      {way(t("New room"), "new-room", !joinable)}
      {way(t("New conversation"), "new-conversation", false)}
    </div>
  );
}
