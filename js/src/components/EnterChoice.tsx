import { t } from "../i18n";
import { Choice } from "./Choice";
import { useStore, useView } from "./view";

/** What Enter does in the text box; kept by the hub, so it holds in every panel. */
export function EnterChoice() {
  const { panel } = useView();
  const enter = useStore((state) => state.preferences.enter);
  return (
    <Choice
      title={t("In the text box")}
      value={enter}
      options={[
        { value: "send", label: t("Enter sends the message") },
        { value: "line", label: t("Enter adds a line") },
      ]}
      hint={
        enter === "send"
          ? t("Ctrl+Enter (⌘ on a Mac) adds a line. Shift+Enter always adds a line.")
          : t("Ctrl+Enter (⌘ on a Mac) sends the message. Shift+Enter always adds a line.")
      }
      onChoose={(enter) => panel.setPreferences({ enter })}
    />
  );
}
