import { t } from "../i18n";
import { roomCalled, tidyName } from "./roomName";
import { useStore, useView } from "./view";

interface Props {
  label: string;
  name: string;
  onName: (name: string) => void;
  first?: boolean;
  placeholder?: string;
  /** The room that may have this name: the one that is renamed. */
  own?: string;
  onClose: () => void;
}

/** A room's name, tidied and looked up while one types: one that exists leads there. */
export function NameField({ label, name, onName, first, placeholder, own, onClose }: Props) {
  const { openRoom } = useView();
  const rooms = useStore((state) => state.rooms);
  const there = roomCalled(rooms, name);
  const taken = there && there.name !== own ? there : undefined;
  return (
    <div class="cc-field">
      <label class="cc-field">
        <span>{label}</span>
        <input
          class="cc-input"
          type="text"
          data-first={first || undefined}
          autocomplete="off"
          spellcheck={false}
          placeholder={placeholder}
          aria-invalid={taken !== undefined}
          value={name}
          onInput={(event) => {
            const field = event.currentTarget;
            const tidy = tidyName(field.value);
            if (tidy !== field.value) {
              // Where the cursor stands, seen from the end: signs before it may have gone.
              const rest = field.value.length - (field.selectionEnd ?? field.value.length);
              field.value = tidy;
              const at = Math.max(0, tidy.length - rest);
              field.setSelectionRange(at, at);
            }
            onName(tidy);
          }}
        />
      </label>
      {taken && (
        <p class="cc-problem cc-row" role="alert">
          <span>{t("There is a room #{name} already.", { name: taken.name })}</span>
          <button
            type="button"
            class="cc-button"
            onClick={() => {
              onClose();
              openRoom(taken.id);
            }}
          >
            {t("Open #{name}", { name: taken.name })}
          </button>
        </p>
      )}
    </div>
  );
}
