import { useState } from "preact/hooks";
import type { Id } from "../protocol";
import { Choice } from "./Choice";
import { Dialog } from "./Dialog";
import { MemberPicker } from "./MemberPicker";
import { tidyName } from "./roomName";
import { useStore, useView } from "./view";

/** Makes a room. */
export function NewRoom({ onClose }: { onClose: () => void }) {
  const { panel, openRoom } = useView();
  const me = useStore((state) => state.me);
  const members = useStore((state) => state.members);
  const [name, setName] = useState("");
  const [topic, setTopic] = useState("");
  const [kind, setKind] = useState<"public" | "private">("public");
  const [picked, setPicked] = useState<Id[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [making, setMaking] = useState(false);
  const make = async () => {
    if (!name || making) return;
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
    <Dialog title="New room" onClose={onClose} onSubmit={make}>
      <div class="cc-dialog-body">
        <label class="cc-field">
          <span>Name</span>
          <input
            class="cc-input"
            type="text"
            data-first
            autocomplete="off"
            placeholder="pipeline"
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
            placeholder="What it is for"
            maxLength={500}
            value={topic}
            onInput={(event) => setTopic(event.currentTarget.value)}
          />
        </label>
        <Choice
          title="Who may come in"
          value={kind}
          options={[
            { value: "public", label: "Public: any member may join" },
            { value: "private", label: "Private: those who are added" },
          ]}
          onChoose={setKind}
        />
        <div class="cc-field">
          <span>Members {picked.length > 0 && `(${picked.length})`}</span>
          {picked.length > 0 && (
            <div class="cc-row">
              {picked.map((id) => (
                <button
                  key={id}
                  type="button"
                  class="cc-pill"
                  aria-label={`Leave out ${members.get(id)?.name}`}
                  onClick={() => setPicked(picked.filter((other) => other !== id))}
                >
                  {members.get(id)?.name || members.get(id)?.handle} ×
                </button>
              ))}
            </div>
          )}
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
          Cancel
        </button>
        <button type="submit" class="cc-button cc-primary" disabled={!name || making}>
          {making ? "Making…" : "Create room"}
        </button>
      </footer>
    </Dialog>
  );
}
