import { t } from "../../i18n";
import { EnterChoice } from "../EnterChoice";
import { useStore, useView } from "../view";

/** What the gear of the text box opens. */
export function BoxSettings() {
  const { panel } = useView();
  const bar = useStore((state) => state.preferences.bar);
  return (
    <div class="cc-box-settings">
      <EnterChoice />
      <label class="cc-check">
        <input
          type="checkbox"
          checked={bar}
          onChange={(event) => panel.setPreferences({ bar: event.currentTarget.checked })}
        />
        {t("Formatting bar")}
      </label>
    </div>
  );
}
