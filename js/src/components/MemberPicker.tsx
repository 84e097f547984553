import { useMemo, useState } from "preact/hooks";
import type { Id, Member } from "../protocol";
import { Avatar } from "./Avatar";
import { useStore } from "./view";

interface Props {
  leaveOut: readonly Id[];
  onPick: (member: Member) => void;
  /** Those that are picked, where several may be. */
  picked?: readonly Id[];
  first?: boolean;
}

/** Shown at once; the field finds the rest. */
const SHOWN = 50;

/** Finds members by name or handle. */
export function MemberPicker({ leaveOut, onPick, picked, first }: Props) {
  const members = useStore((state) => state.members);
  const online = useStore((state) => state.online);
  const [words, setWords] = useState("");
  const found = useMemo(() => {
    const wanted = words.trim().toLowerCase().replace(/^@/, "");
    return [...members.values()]
      .filter((member) => !leaveOut.includes(member.id))
      .filter(({ name, handle }) => `${name} ${handle}`.toLowerCase().includes(wanted))
      .sort((a, b) => (a.name || a.handle).localeCompare(b.name || b.handle))
      .slice(0, SHOWN);
  }, [members, leaveOut, words]);
  return (
    <div class="cc-picker">
      <input
        class="cc-input"
        type="text"
        aria-label="Find a person"
        placeholder="Find by name or handle"
        autocomplete="off"
        data-first={first || undefined}
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.isComposing) return;
          event.preventDefault();
          if (found[0] && words) {
            onPick(found[0]);
            setWords("");
          }
        }}
      />
      <ul class="cc-people" aria-label="People">
        {found.map((member) => (
          <li key={member.id}>
            <button
              type="button"
              class="cc-item"
              aria-label={member.name || member.handle}
              aria-pressed={picked ? picked.includes(member.id) : undefined}
              onClick={() => onPick(member)}
            >
              <Avatar member={member} size={26} online={online.has(member.id)} />
              <span class="cc-item-text">
                <span class="cc-item-title">{member.name || member.handle}</span>
              </span>
              <span class="cc-faint">@{member.handle}</span>
            </button>
          </li>
        ))}
        {found.length === 0 && (
          <li class="cc-hint">
            {words
              ? "Nobody is called so. They appear here once they have connected."
              : "There is nobody else yet."}
          </li>
        )}
      </ul>
    </div>
  );
}
