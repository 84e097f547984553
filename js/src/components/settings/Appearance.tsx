import { t } from "../../i18n";
import { Choice } from "../Choice";
import { languages, ownName } from "../language";
import { Select } from "../Select";
import { useStore, useView } from "../view";
import { You } from "./You";

/** How the panel looks, speaks and writes times. */
export function Appearance() {
  const { panel } = useView();
  const { theme, density, language, clock, week, unread_first } = useStore((state) => state.preferences);
  const known = languages();
  return (
    <>
      <You />
      <Choice
        title={t("Colours")}
        value={theme}
        options={[
          { value: "system", label: t("As the page around") },
          { value: "light", label: t("Light") },
          { value: "dark", label: t("Dark") },
        ]}
        row
        onChoose={(theme) => panel.setPreferences({ theme })}
      />
      <Choice
        title={t("Density")}
        value={density}
        options={[
          { value: "comfortable", label: t("Comfortable") },
          { value: "compact", label: t("Compact") },
        ]}
        row
        onChoose={(density) => panel.setPreferences({ density })}
      />
      <Select
        title={t("Language")}
        value={language}
        options={[
          { value: "auto", label: t("As the browser") },
          ...known.map((code) => ({ value: code, label: ownName(code) })),
          // Chosen elsewhere, by a panel that knew it.
          ...(language === "auto" || known.includes(language)
            ? []
            : [{ value: language, label: ownName(language) }]),
        ]}
        onChoose={(language) => panel.setPreferences({ language })}
      />
      <Select
        title={t("Time of day")}
        value={clock}
        options={[
          { value: "auto", label: t("As the language does") },
          { value: "12", label: t("12 hours (3:30 pm)") },
          { value: "24", label: t("24 hours (15:30)") },
        ]}
        onChoose={(clock) => panel.setPreferences({ clock })}
      />
      <Select
        title={t("First day of the week")}
        value={week}
        options={[
          { value: "auto", label: t("As the language does") },
          { value: "monday", label: t("Monday") },
          { value: "sunday", label: t("Sunday") },
          { value: "saturday", label: t("Saturday") },
        ]}
        onChoose={(week) => panel.setPreferences({ week })}
      />
      <label class="cc-check">
        <input
          type="checkbox"
          checked={unread_first}
          data-keep="unread-first"
          onChange={(event) => panel.setPreferences({ unread_first: event.currentTarget.checked })}
        />
        {t("Conversations with something unread stand first")}
      </label>
    </>
  );
}
