import { useState } from "preact/hooks";
import type { Member } from "../protocol";
import { Dialog } from "./Dialog";
import { MemberPicker } from "./MemberPicker";
import { useStore, useView } from "./view";

/** Opens the conversation with one person. */
export function NewConversation({ onClose }: { onClose: () => void }) {
  const { panel, openRoom } = useView();
  const me = useStore((state) => state.me);
  const [problem, setProblem] = useState<string | null>(null);
  const open = async (member: Member) => {
    setProblem(null);
    try {
      const ack = await panel.ask({ type: "open_direct", member: member.id });
      onClose();
      if (ack.id) openRoom(ack.id);
    } catch (problem) {
      setProblem((problem as Error).message);
    }
  };
  return (
    <Dialog title="New conversation" onClose={onClose}>
      <div class="cc-dialog-body">
        <MemberPicker leaveOut={[me]} onPick={open} first />
        {problem && (
          <p class="cc-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
    </Dialog>
  );
}
