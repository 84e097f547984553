import { t } from "../../i18n";
import type { Forwarded as Origin } from "../../protocol";
import { titleOf } from "../../state/selectors";
import { brief, full } from "../../time";
import { Icon } from "../icons";
import { Text } from "../Text";
import { useStore, useView } from "../view";
import { openMessage } from "./open";

/** A message that was brought here from elsewhere: its words as they were, who said them, where and when. */
export function Forwarded({ origin }: { origin: Origin }) {
  const view = useView();
  const author = useStore((state) => state.members.get(origin.author));
  // Where one may not look, the room has no name.
  const room = useStore((state) => state.rooms.get(origin.room));
  const title = useStore((state) => (room ? titleOf(state, room) : ""));
  const name = author ? author.name || author.handle : t("Somebody");
  const place = room ? (room.kind === "direct" ? title : `#${title}`) : t("a room that you are not in");
  return (
    <blockquote class="cc-forwarded">
      <p class="cc-forwarded-head">
        <Icon name="forward" size={14} />
        <span class="cc-author" dir="auto" data-member={author?.id}>
          {name}
        </span>
        <span class="cc-faint" dir="auto">
          {place}
        </span>
        {room ? (
          <button
            type="button"
            class="cc-link-button"
            aria-label={t("Go to the forwarded message")}
            title={full(origin.time)}
            onClick={() => void openMessage(view, origin.room, origin.id)}
          >
            <time>{brief(origin.time)}</time>
          </button>
        ) : (
          <time class="cc-faint" title={full(origin.time)}>
            {brief(origin.time)}
          </time>
        )}
      </p>
      <Text key={origin.text} text={origin.text} />
    </blockquote>
  );
}
