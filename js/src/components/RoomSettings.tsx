import { useState } from "preact/hooks";
import { t } from "../i18n";
import type { Room } from "../protocol";
import { Dialog } from "./Dialog";
import { NameField } from "./NameField";
import { roomCalled } from "./roomName";
import { useStore, useView } from "./view";

/** A room's name and topic, and putting it away. */
export default function RoomSettings({ room, onClose }: { room: Room; onClose: () => void }) {
  const { panel } = useView();
  const [name, setName] = useState(room.name);
  const [topic, setTopic] = useState(room.topic);
  const [problem, setProblem] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const taken = useStore((state) => {
    const there = roomCalled(state.rooms, name);
    return there !== undefined && there.id !== room.id;
  });
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
  const save = () => {
    if (!name || taken || saving) return;
    void run(async () => {
      if (name !== room.name) await panel.ask({ type: "rename", room: room.id, name });
      if (topic.trim() !== room.topic)
        await panel.ask({ type: "set_topic", room: room.id, topic: topic.trim() });
    });
  };
  return (
    <Dialog title={t("Room settings")} onClose={onClose} onSubmit={save}>
      <div class="cc-dialog-body">
        <NameField label={t("Name")} name={name} onName={setName} own={room.name} first onClose={onClose} />
        <label class="cc-field">
          <span>{t("Topic")}</span>
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
            void run(() => panel.ask({ type: room.archived ? "unarchive" : "archive", room: room.id }))
          }
        >
          {room.archived ? t("Take out of the archive") : t("Archive")}
        </button>
        <span class="cc-stretch" />
        <button type="button" class="cc-button" onClick={onClose}>
          {t("Cancel")}
        </button>
        <button type="submit" class="cc-button cc-primary" disabled={!name || taken || saving}>
          {t("Save")}
        </button>
      </footer>
    </Dialog>
  );
}
