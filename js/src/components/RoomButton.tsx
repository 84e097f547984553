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
    aria-label={`Look into ${room.name}`}
    aria-current={current || undefined}
    title={room.topic}
    onClick={onClick}
  >
    <span class="cc-sign" style={{ "--cc-size": "34px" }} aria-hidden="true">
      <Icon name="hash" size={17} />
    </span>
    <span class="cc-item-text">
      <span class="cc-item-row">
        <span class="cc-item-title">{room.name}</span>
        <span class="cc-item-count">{room.n_members === 1 ? "1 member" : `${room.n_members} members`}</span>
      </span>
      {room.topic && <span class="cc-item-line">{room.topic}</span>}
    </span>
  </button>
);
