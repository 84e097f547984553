import { useMemo, useState } from "preact/hooks";
import { t } from "../i18n";
import type { Id, Member } from "../protocol";
import { statusOf } from "../state/selectors";
import { Avatar } from "./Avatar";
import { Chips } from "./Chips";
import { StatusSign } from "./StatusSign";
import { fold } from "./switch/folded";
import { score } from "./switch/score";
import { useStore, useView } from "./view";

interface Props {
  leaveOut: readonly Id[];
  onPick: (member: Member) => void;
  /** Those that are picked, where several may be: picking one of them again leaves it out. */
  picked?: readonly Id[];
  first?: boolean;
}

/** Shown at once; the field finds the rest. */
const SHOWN = 50;

/** Finds members by name or handle. */
export function MemberPicker({ leaveOut, onPick, picked, first }: Props) {
  const { panel } = useView();
  const members = useStore((state) => state.members);
  const online = useStore((state) => state.online);
  const [words, setWords] = useState("");
  const names = useMemo(
    () =>
      [...members.values()]
        .map((member) => ({ member, name: member.name || member.handle }))
        .sort((a, b) => a.name.localeCompare(b.name))
        .map(({ member, name }) => ({ member, name: fold(name), handle: fold(member.handle) })),
    [members],
  );
  const found = useMemo(() => {
    const wanted = fold(words.trim().replace(/^@/, ""));
    return names
      .filter(({ member }) => !leaveOut.includes(member.id))
      .map((one) => ({ ...one, points: Math.max(score(wanted, one.name), score(wanted, one.handle)) }))
      .filter(({ points }) => points > 0)
      .sort((a, b) => b.points - a.points)
      .slice(0, SHOWN)
      .map(({ member }) => member);
  }, [names, leaveOut, words]);
  const pick = (member: Member) => {
    onPick(member);
    setWords("");
  };
  return (
    <div class="cc-picker">
      {picked && <Chips picked={picked} onLeaveOut={onPick} />}
      <input
        class="cc-input"
        type="text"
        aria-label={t("Find a person")}
        placeholder={t("Find by name or handle")}
        autocomplete="off"
        spellcheck={false}
        data-first={first || undefined}
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          const last = members.get(picked?.at(-1) ?? "");
          if (event.key === "Backspace" && !words && last) onPick(last);
          // Without words, Enter is the dialog's.
          if (event.key !== "Enter" || !words.trim()) return;
          event.preventDefault();
          if (found[0]) pick(found[0]);
        }}
      />
      <ul class="cc-people" aria-label={t("People")}>
        {found.map((member) => {
          const status = statusOf(panel.state, member);
          return (
            <li key={member.id}>
              <button
                type="button"
                class="cc-item"
                aria-description={`@${member.handle}`}
                aria-pressed={picked ? picked.includes(member.id) : undefined}
                onClick={() => pick(member)}
              >
                <Avatar member={member} size={26} online={online.has(member.id)} />
                <span class="cc-item-text">
                  <span class="cc-item-title">
                    <span dir="auto">{member.name || member.handle}</span>
                    {status && <StatusSign status={status} silent />}
                  </span>
                </span>
                <span class="cc-faint" aria-hidden="true">
                  @{member.handle}
                </span>
              </button>
            </li>
          );
        })}
        {found.length === 0 && (
          <li class="cc-hint">
            {words
              ? t("Nobody is called so. They appear here once they have connected.")
              : t("There is nobody else yet.")}
          </li>
        )}
      </ul>
    </div>
  );
}
