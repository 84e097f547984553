import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Message } from "../protocol";
import { enterDoes, grow, insertAt } from "./enter";
import { useStore, useView } from "./view";

/** A message's text, being changed where it stands. */
export function EditBox({ message }: { message: Message }) {
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
  useLayoutEffect(() => grow(area.current), [text]);

  const close = () => {
    panel.drafts.set(draft, "");
    go({ editing: null });
  };
  const save = async () => {
    const next = area.current?.value.trim();
    if (!next || saving) return;
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
  return (
    <div class="cc-edit">
      <textarea
        ref={area}
        class="cc-area"
        rows={1}
        aria-label="Edit message"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          panel.drafts.set(draft, event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") return close();
          const does = enterDoes(event, enter);
          if (!does) return;
          event.preventDefault();
          if (does === "send") void save();
          else insertAt(event.currentTarget, "\n");
        }}
      />
      <div class="cc-row">
        <button type="button" class="cc-button cc-primary" disabled={!text.trim() || saving} onClick={save}>
          {saving ? "Saving…" : "Save"}
        </button>
        <button type="button" class="cc-button" onClick={close}>
          Cancel
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
