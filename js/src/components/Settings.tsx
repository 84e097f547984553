import { Choice } from "./Choice";
import { Dialog } from "./Dialog";
import { EnterChoice } from "./EnterChoice";
import { useStore, useView } from "./view";

/** What a person can choose; it follows them to every panel. */
export function Settings({ onClose }: { onClose: () => void }) {
  const { panel } = useView();
  const { view, theme } = useStore((state) => state.preferences);
  return (
    <Dialog title="Settings" onClose={onClose} onSubmit={onClose}>
      <div class="cc-dialog-body">
        <Choice
          title="Conversations"
          value={view}
          options={[
            { value: "recent", label: "By what is newest" },
            { value: "category", label: "By people and rooms" },
          ]}
          onChoose={(view) => panel.setPreferences({ view })}
        />
        <Choice
          title="Colours"
          value={theme}
          options={[
            { value: "system", label: "As the page around" },
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
          ]}
          onChoose={(theme) => panel.setPreferences({ theme })}
        />
        <EnterChoice />
      </div>
    </Dialog>
  );
}
