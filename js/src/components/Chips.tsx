import { t } from "../i18n";
import type { Id, Member } from "../protocol";
import { Icon } from "./icons";
import { useStore } from "./view";

/** Those who are picked; a click leaves one out. */
export function Chips({
  picked,
  onLeaveOut,
}: {
  picked: readonly Id[];
  onLeaveOut: (member: Member) => void;
}) {
  const members = useStore((state) => state.members);
  if (picked.length === 0) return null;
  return (
    <div class="cc-row">
      {picked.map((id) => {
        const member = members.get(id);
        if (!member) return null;
        const name = member.name || member.handle;
        return (
          <button
            key={id}
            type="button"
            class="cc-pill"
            aria-label={t("Leave out {name}", { name })}
            onClick={() => onLeaveOut(member)}
          >
            <span dir="auto">{name}</span> <Icon name="close" size={12} />
          </button>
        );
      })}
    </div>
  );
}
