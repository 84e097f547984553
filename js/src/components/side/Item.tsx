import { t, tn } from "../../i18n";
import type { Room } from "../../protocol";
import { brief, full } from "../../time";
import { Avatar } from "../Avatar";
import { Icon } from "../icons";
import { memo } from "../memo";
import { StatusSign } from "../StatusSign";
import { useView } from "../view";
import { useFacts } from "./facts";

/** What stands beside the name, for those who hear it. */
function describe(room: Room, muted: boolean, status: string | undefined): string | undefined {
  const said: string[] = [];
  if (room.unread > 0) {
    const unread = tn(room.unread, "1 unread message", "{n} unread messages");
    said.push(room.mentions > 0 ? t("{unread}, you are mentioned", { unread }) : unread);
  }
  if (muted) said.push(t("muted"));
  if (status) said.push(status);
  return said.length > 0 ? said.join(", ") : undefined;
}

interface Props {
  room: Room;
  current: boolean;
  star: boolean;
  /** With a second line and the time. */
  detailed: boolean;
  /** The one that Tab comes to. */
  stop: boolean;
}

/** One conversation of the list. */
export const Item = memo(({ room, current, star, detailed, stop }: Props) => {
  const { openRoom } = useView();
  const { title, other, online, status, muted, line, kind } = useFacts(room, current, detailed);
  const badge = room.unread > 0 && (
    <span class="cc-badge" data-mention={room.mentions > 0 || undefined} aria-hidden="true">
      {room.unread > 99 ? "99+" : room.unread}
    </span>
  );
  const size = detailed ? 34 : 22;
  return (
    <li aria-label={title} class="cc-line" data-room={room.id} data-star={star || undefined}>
      <button
        type="button"
        class="cc-item"
        aria-description={describe(room, muted, status?.text)}
        aria-current={current || undefined}
        aria-keyshortcuts={star ? "Shift+F10 Alt+ArrowUp Alt+ArrowDown" : "Shift+F10"}
        tabIndex={stop ? 0 : -1}
        data-key={room.id}
        data-unread={(room.unread > 0 && (!muted || room.mentions > 0)) || undefined}
        data-muted={muted || undefined}
        data-detailed={detailed || undefined}
        onClick={() => openRoom(room.id)}
      >
        {other ? (
          <Avatar member={other} size={size} online={online} />
        ) : (
          <span class="cc-sign" style={{ "--cc-size": `${size}px` }} aria-hidden="true">
            <Icon name={room.kind === "private" ? "lock" : "hash"} size={detailed ? 17 : 14} />
          </span>
        )}
        <span class="cc-item-text">
          <span class="cc-item-row">
            <span class="cc-item-title">
              <span dir="auto">{title}</span>
              {status && <StatusSign status={status} text={!detailed} silent />}
            </span>
            {muted && <Icon name="muted" size={14} />}
            {detailed && room.last && (
              <time title={full(room.last.time)} aria-hidden="true">
                {brief(room.last.time)}
              </time>
            )}
            {!detailed && kind === "draft" && <Icon name="pencil" size={14} />}
            {!detailed && badge}
          </span>
          {detailed && (
            <span class="cc-item-row" aria-hidden="true">
              <span class="cc-item-line" data-kind={kind}>
                {kind === "draft" && <em>{t("Draft:")} </em>}
                <span dir="auto">{line}</span>
              </span>
              {badge}
            </span>
          )}
        </span>
      </button>
      {/* For the mouse; Shift+F10, the menu key and a long press do the same. */}
      <button type="button" class="cc-icon-button cc-line-more" aria-hidden="true" tabIndex={-1} data-more>
        <Icon name="more" size={16} />
      </button>
    </li>
  );
});
