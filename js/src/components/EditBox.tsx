import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import type { Message } from "../protocol";
import { Growing } from "./composer/Growing";
import { shaping, useShaping } from "./composer/shaping";
import { enterDoes, insertAt, isComposing } from "./enter";
import { useStore, useView } from "./view";

/** A message's text, being changed where it stands. */
export default function EditBox({ message }: { message: Message }) {
  const { panel, go } = useView();
  const draft = `edit:${message.id}`;
  const [text, setText] = useState(() => panel.drafts.get(draft) || (message.text ?? ""));
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const enter = useStore((state) => state.preferences.enter);

  useLayoutEffect(() => {
    const element = area.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);

  const close = () => {
    panel.drafts.set(draft, "");
    go({ editing: null });
  };
  const save = async () => {
    const next = area.current?.value.trim();
    if ((!next && message.files.length === 0) || next === undefined || saving) return;
    if (next === message.text) return close();
    setSaving(true);
    setProblem(null);
    try {
      await panel.ask({ type: "edit", id: message.id, text: next });
      close();
    } catch (problem) {
      setProblem((problem as Error).message);
      setSaving(false);
    }
  };
  useShaping();
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }) => {
    if (isComposing(event) || shaping.now?.shapeKey(event)) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    if (event.key !== "Enter") return;
    const does = enterDoes(event, enter);
    if (does === "send") {
      event.preventDefault();
      void save();
    } else if (shaping.now?.continueLine(event.currentTarget)) event.preventDefault();
    else if (does === "line") {
      event.preventDefault();
      insertAt(event.currentTarget, "\n");
    }
  };
  return (
    <div class="cc-edit">
      <Growing
        area={area}
        value={text}
        aria-label={t("Edit message")}
        onInput={(event) => {
          setText(event.currentTarget.value);
          panel.drafts.set(draft, event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
      />
      <div class="cc-row">
        <button
          type="button"
          class="cc-button cc-primary"
          disabled={(!text.trim() && message.files.length === 0) || saving}
          onClick={save}
        >
          {saving ? t("Saving…") : t("Save")}
        </button>
        <button type="button" class="cc-button" onClick={close}>
          {t("Cancel")}
        </button>
        {problem && (
          <span class="cc-problem" role="alert">
            {problem}
          </span>
        )}
      </div>
    </div>
  );
}
