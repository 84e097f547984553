import { t, tn } from "../i18n";
import type { Room } from "../protocol";
import { Icon } from "./icons";

/** A public room with what everybody is told of it; a click looks into it. */
export const RoomButton = ({
  room,
  current,
  onClick,
}: {
  room: Room;
  current?: boolean;
  onClick: () => void;
}) => (
  <button
    type="button"
    class="cc-item"
    data-detailed
    aria-description={[tn(room.n_members, "1 member", "{n} members"), room.topic].filter(Boolean).join(", ")}
    aria-current={current || undefined}
    title={room.topic}
    onClick={onClick}
  >
    <span class="cc-sign" style={{ "--cc-size": "34px" }} aria-hidden="true">
      <Icon name="hash" size={17} />
    </span>
    <span class="cc-unseen">{t("Look into {name}", { name: room.name })}</span>
    <span class="cc-item-text" aria-hidden="true">
      <span class="cc-item-row">
        <span class="cc-item-title">{room.name}</span>
        <span class="cc-item-count">{tn(room.n_members, "1 member", "{n} members")}</span>
      </span>
      {room.topic && <span class="cc-item-line">{room.topic}</span>}
    </span>
  </button>
);
