import { t } from "../../i18n";
import type { Room } from "../../protocol";
import { nameOf, titleOf } from "../../state/selectors";
import { useStore } from "../view";

/** Above the first message of a room. */
export function Beginning({ room }: { room: Room }) {
  const title = useStore((state) => titleOf(state, room));
  const maker = useStore((state) => (room.created_by ? nameOf(state, room.created_by) : null));
  const about = room.topic || t("Say what it is for, or ask the first question.");
  const made =
    room.kind === "private"
      ? maker
        ? t("{name} made this private room.", { name: maker })
        : t("This is a private room.")
      : maker
        ? t("{name} made this public room.", { name: maker })
        : t("This is a public room.");
  return (
    <div class="cc-beginning">
      <p class="cc-beginning-title" dir="auto">
        {room.kind === "direct" ? title : `# ${title}`}
      </p>
      {room.kind === "direct" ? (
        <p>
          {t("This is the beginning of your conversation with {name}. Only the two of you can read it.", {
            name: title,
          })}
        </p>
      ) : (
        <p dir="auto">
          {made} {about}
        </p>
      )}
    </div>
  );
}
