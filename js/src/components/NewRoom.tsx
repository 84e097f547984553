import { useState } from "preact/hooks";
import { t } from "../i18n";
import type { Id } from "../protocol";
import { Choice } from "./Choice";
import { Dialog } from "./Dialog";
import { MemberPicker } from "./MemberPicker";
import { NameField } from "./NameField";
import { roomCalled } from "./roomName";
import { useStore, useView } from "./view";

/** Makes a room. */
export default function NewRoom({ onClose }: { onClose: () => void }) {
  const { panel, openRoom } = useView();
  const me = useStore((state) => state.me);
  const [name, setName] = useState("");
  const taken = useStore((state) => roomCalled(state.rooms, name) !== undefined);
  const [topic, setTopic] = useState("");
  const [kind, setKind] = useState<"public" | "private">("public");
  const [picked, setPicked] = useState<Id[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [making, setMaking] = useState(false);
  const make = async () => {
    if (!name || taken || making) return;
    setMaking(true);
    setProblem(null);
    try {
      const ack = await panel.ask({ type: "create_room", name, topic: topic.trim(), kind, members: picked });
      onClose();
      if (ack.id) openRoom(ack.id);
    } catch (problem) {
      setProblem((problem as Error).message);
      setMaking(false);
    }
  };
  return (
    <Dialog title={t("New room")} onClose={onClose} onSubmit={make}>
      <div class="cc-dialog-body">
        <NameField
          label={t("Name")}
          name={name}
          onName={setName}
          placeholder={t("pipeline")}
          first
          onClose={onClose}
        />
        <label class="cc-field">
          <span>{t("Topic")}</span>
          <input
            class="cc-input"
            type="text"
            autocomplete="off"
            placeholder={t("What it is for")}
            maxLength={500}
            value={topic}
            onInput={(event) => setTopic(event.currentTarget.value)}
          />
        </label>
        <Choice
          title={t("Who may come in")}
          value={kind}
          options={[
            { value: "public", label: t("Public: any member may join") },
            { value: "private", label: t("Private: those who are added") },
          ]}
          onChoose={setKind}
        />
        <div class="cc-field">
          <span>{picked.length > 0 ? t("Members ({n})", { n: picked.length }) : t("Members")}</span>
          <MemberPicker
            leaveOut={[me]}
            picked={picked}
            onPick={({ id }) =>
              setPicked(picked.includes(id) ? picked.filter((other) => other !== id) : [...picked, id])
            }
          />
        </div>
        {problem && (
          <p class="cc-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
      <footer class="cc-dialog-foot">
        <button type="button" class="cc-button" onClick={onClose}>
          {t("Cancel")}
        </button>
        <button type="submit" class="cc-button cc-primary" disabled={!name || taken || making}>
          {making ? t("Making…") : t("Create room")}
        </button>
      </footer>
    </Dialog>
  );
}
