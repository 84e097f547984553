import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import type { Room } from "../protocol";
import { useView } from "./view";

/** As long as the hub takes it. */
const LONGEST = 500;

/** The field that a room's topic is changed in; `onDone` with true where the focus is to go back. */
export default function TopicField({ room, onDone }: { room: Room; onDone: (back: boolean) => void }) {
  const { panel, complain } = useView();
  const [text, setText] = useState(room.topic);
  const [saving, setSaving] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const save = async (back: boolean) => {
    const topic = input.current?.value.replace(/\s+/g, " ").trim() ?? "";
    if (topic === room.topic) return onDone(back);
    setSaving(true);
    try {
      await panel.ask({ type: "set_topic", room: room.id, topic });
      onDone(back);
    } catch (problem) {
      // What was typed stays in the field.
      complain(problem);
      input.current?.focus();
      setSaving(false);
    }
  };
  return (
    <input
      ref={input}
      type="text"
      class="cc-topic-field"
      aria-label={t("Topic")}
      placeholder={t("What the room is for")}
      maxLength={LONGEST}
      dir="auto"
      autocomplete="off"
      readOnly={saving}
      value={text}
      onInput={(event) => setText(event.currentTarget.value)}
      onBlur={() => !saving && void save(false)}
      onKeyDown={(event) => {
        if (event.isComposing) return;
        if (event.key === "Enter") {
          event.preventDefault();
          void save(true);
        }
        if (event.key === "Escape") {
          event.stopPropagation();
          // So that leaving the field changes nothing.
          if (input.current) input.current.value = room.topic;
          onDone(true);
        }
      }}
    />
  );
}
