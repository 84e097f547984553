import { t } from "../../i18n";
import { Choice } from "../Choice";
import { EnterChoice } from "../EnterChoice";
import { useStore, useView } from "../view";

/** The hand without a tone, and with each. */
const HANDS = ["✋", "✋🏻", "✋🏼", "✋🏽", "✋🏾", "✋🏿"];

/** How one writes. */
export function TextBox() {
  const { panel } = useView();
  const { bar, skin } = useStore((state) => state.preferences);
  const names = [
    t("Yellow"),
    t("Light skin"),
    t("Medium light skin"),
    t("Medium skin"),
    t("Medium dark skin"),
    t("Dark skin"),
  ];
  return (
    <>
      <EnterChoice />
      <label class="cc-check">
        <input
          type="checkbox"
          checked={bar}
          onChange={(event) => panel.setPreferences({ bar: event.currentTarget.checked })}
        />
        {t("Show the formatting bar")}
      </label>
      <Choice
        title={t("Skin tone of emoji")}
        value={String(skin)}
        options={HANDS.map((hand, tone) => ({ value: String(tone), label: `${hand} ${names[tone]}` }))}
        onChoose={(tone) => panel.setPreferences({ skin: Number(tone) })}
      />
    </>
  );
}
