import { useState } from "preact/hooks";
import { t } from "../i18n";
import type { Id } from "../protocol";
import { Dialog } from "./Dialog";
import { MemberPicker } from "./MemberPicker";
import { NameField } from "./NameField";
import { freeName, roomCalled, tidyName } from "./roomName";
import { useStore, useView } from "./view";

/** Opens the conversation with one person, or a private room with several. */
export default function NewConversation({ onClose }: { onClose: () => void }) {
  const { panel, openRoom } = useView();
  const me = useStore((state) => state.me);
  const [picked, setPicked] = useState<Id[]>([]);
  /** What the person made of the proposed name. */
  const [own, setOwn] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [opening, setOpening] = useState(false);
  const { members, rooms } = panel.state;
  const several = picked.length > 1;
  const handles = [me, ...picked].map((id) => members.get(id)?.handle ?? "");
  const name = several ? (own ?? freeName(rooms, tidyName(handles.join("-")))) : "";
  const taken = useStore((state) => several && roomCalled(state.rooms, name) !== undefined);
  const ready = picked.length > 0 && !opening && !taken && (!several || name !== "");

  const open = async () => {
    const [first] = picked;
    if (!ready || first === undefined) return;
    setOpening(true);
    setProblem(null);
    try {
      const ack = several
        ? await panel.ask({ type: "create_room", name, kind: "private", members: picked })
        : await panel.ask({ type: "open_direct", member: first });
      onClose();
      if (ack.id) openRoom(ack.id);
    } catch (problem) {
      setProblem((problem as Error).message);
      setOpening(false);
    }
  };
  return (
    <Dialog title={t("New conversation")} onClose={onClose} onSubmit={open}>
      <div class="cc-dialog-body">
        <MemberPicker
          leaveOut={[me]}
          picked={picked}
          first
          onPick={({ id }) =>
            setPicked(picked.includes(id) ? picked.filter((other) => other !== id) : [...picked, id])
          }
        />
        {several && (
          <NameField label={t("Name of the private room")} name={name} onName={setOwn} onClose={onClose} />
        )}
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
        <button type="submit" class="cc-button cc-primary" disabled={!ready}>
          {several ? t("Create private room") : t("Open conversation")}
        </button>
      </footer>
    </Dialog>
  );
}
