import { t } from "../../i18n";
import { statusOf } from "../../state/selectors";
import { StatusSign } from "../StatusSign";
import { useStore, useView } from "../view";

/** Who one is here, and what one says of oneself; a click changes that. */
export function Me() {
  const { go } = useView();
  const me = useStore((state) => state.members.get(state.me));
  const status = useStore((state) => {
    const me = state.members.get(state.me);
    return me ? statusOf(state, me) : null;
  });
  if (!me) return <span class="cc-me" />;
  const name = me.name || me.handle;
  return (
    <button
      type="button"
      class="cc-me"
      aria-description={[name, status?.emoji, status?.text].filter(Boolean).join(" ")}
      title={t("@{handle}: set your status", { handle: me.handle })}
      onClick={() => go({ dialogue: "status" })}
    >
      <span dir="auto" aria-hidden="true">
        {name}
      </span>
      {status && <StatusSign status={status} silent />}
      <span class="cc-unseen">{t("Your status")}</span>
    </button>
  );
}
