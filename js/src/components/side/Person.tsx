import type { Member } from "../../protocol";
import { directWith, statusOf } from "../../state/selectors";
import { Avatar } from "../Avatar";
import { memo } from "../memo";
import { StatusSign } from "../StatusSign";
import { useStore, useView, type View } from "../view";

/** The conversation with a member, made where there is none. */
export async function openDirect({ panel, openRoom, complain }: View, member: Member): Promise<void> {
  try {
    const known = directWith(panel.state, member.id);
    const id = known?.id ?? (await panel.ask({ type: "open_direct", member: member.id })).id;
    if (id) openRoom(id);
  } catch (problem) {
    complain(problem);
  }
}

/** Somebody whom one has not written to yet. */
export const Person = memo(({ member, stop }: { member: Member; stop: boolean }) => {
  const view = useView();
  const online = useStore((state) => state.online.has(member.id));
  const status = useStore((state) => statusOf(state, member));
  const title = member.name || member.handle;
  return (
    <li aria-label={title} class="cc-line">
      <button
        type="button"
        class="cc-item"
        aria-description={status?.text}
        tabIndex={stop ? 0 : -1}
        data-key={`member:${member.id}`}
        onClick={() => void openDirect(view, member)}
      >
        <Avatar member={member} size={22} online={online} />
        <span class="cc-item-text">
          <span class="cc-item-title">
            <span dir="auto">{title}</span>
            {status && <StatusSign status={status} text silent />}
          </span>
        </span>
      </button>
    </li>
  );
});
