import { useMemo } from "preact/hooks";
import { toJoin } from "../state/selectors";
import { RoomButton } from "./RoomButton";
import { usePlace, useStore, useView } from "./view";

/** More rooms than these are found with "Browse rooms". */
const SHOWN = 20;

/** On the left, for somebody who has no conversation yet: the rooms to look into. */
export function Start() {
  const { panel, openRoom } = useView();
  const { place, size } = usePlace();
  const rooms = useStore((state) => state.rooms);
  const open = useMemo(
    () =>
      toJoin(panel.state)
        .sort((a, b) => b.n_members - a.n_members)
        .slice(0, SHOWN),
    [rooms],
  );
  return (
    <div class="cc-start">
      {open.length > 0 ? (
        <>
          <h3>Rooms you can join</h3>
          <ul class="cc-list" aria-label="Rooms you can join">
            {open.map((room) => (
              <li key={room.id} aria-label={room.name}>
                <RoomButton room={room} current={place.room === room.id} onClick={() => openRoom(room.id)} />
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p class="cc-hint">No conversation yet. Make the first room, or write to somebody.</p>
      )}
      {size === "narrow" && <Ways />}
    </div>
  );
}

/** What one can do without a conversation. */
export function Ways() {
  const { panel, go } = useView();
  const rooms = useStore((state) => state.rooms);
  const joinable = useMemo(() => toJoin(panel.state).length > 0, [rooms]);
  const way = (text: string, dialogue: "browse" | "new-room" | "new-conversation", first: boolean) => (
    <button
      key={dialogue}
      type="button"
      class={first ? "cc-button cc-primary" : "cc-button"}
      onClick={() => go({ dialogue })}
    >
      {text}
    </button>
  );
  return (
    <div class="cc-ways">
      {joinable && way("Browse rooms", "browse", true)}
      {way("New room", "new-room", !joinable)}
      {way("New conversation", "new-conversation", false)}
    </div>
  );
}
