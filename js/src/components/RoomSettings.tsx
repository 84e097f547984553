import { useState } from "preact/hooks";
import type { Room } from "../protocol";
import { Dialog } from "./Dialog";
import { tidyName } from "./roomName";
import { useView } from "./view";

/** A room's name and topic, and putting it away. */
export function RoomSettings({ room, onClose }: { room: Room; onClose: () => void }) {
  const { panel } = useView();
  const [name, setName] = useState(room.name);
  const [topic, setTopic] = useState(room.topic);
  const [problem, setProblem] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const run = async (work: () => Promise<unknown>) => {
    setSaving(true);
    setProblem(null);
    try {
      await work();
      onClose();
    } catch (problem) {
      setProblem((problem as Error).message);
      setSaving(false);
    }
  };
  const save = () =>
    run(async () => {
      if (name && name !== room.name) await panel.ask({ type: "rename", room: room.id, name });
      if (topic.trim() !== room.topic)
        await panel.ask({ type: "set_topic", room: room.id, topic: topic.trim() });
    });
  return (
    <Dialog title="Room settings" onClose={onClose} onSubmit={save}>
      <div class="cc-dialog-body">
        <label class="cc-field">
          <span>Name</span>
          <input
            class="cc-input"
            type="text"
            data-first
            autocomplete="off"
            value={name}
            onInput={(event) => {
              const tidy = tidyName(event.currentTarget.value);
              event.currentTarget.value = tidy;
              setName(tidy);
            }}
          />
        </label>
        <label class="cc-field">
          <span>Topic</span>
          <input
            class="cc-input"
            type="text"
            autocomplete="off"
            maxLength={500}
            value={topic}
            onInput={(event) => setTopic(event.currentTarget.value)}
          />
        </label>
        {problem && (
          <p class="cc-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
      <footer class="cc-dialog-foot">
        <button
          type="button"
          class="cc-button cc-danger-text"
          disabled={saving}
          onClick={() =>
            run(() => panel.ask({ type: room.archived ? "unarchive" : "archive", room: room.id }))
          }
        >
          {room.archived ? "Take out of the archive" : "Archive"}
        </button>
        <span class="cc-stretch" />
        <button type="button" class="cc-button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" class="cc-button cc-primary" disabled={!name || saving}>
          Save
        </button>
      </footer>
    </Dialog>
  );
}
