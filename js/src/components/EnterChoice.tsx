import { Choice } from "./Choice";
import { useStore, useView } from "./view";

/** What Enter does in the text box; kept by the hub, so it holds in every panel. */
export function EnterChoice() {
  const { panel } = useView();
  const enter = useStore((state) => state.preferences.enter);
  const other = enter === "send" ? "adds a line" : "sends the message";
  return (
    <Choice
      title="In the text box"
      value={enter}
      options={[
        { value: "send", label: "Enter sends the message" },
        { value: "line", label: "Enter adds a line" },
      ]}
      hint={`Ctrl+Enter (⌘ on a Mac) ${other}. Shift+Enter always adds a line.`}
      onChoose={(enter) => panel.setPreferences({ enter })}
    />
  );
}
