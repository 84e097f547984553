import { useMemo, useState } from "preact/hooks";
import type { Room } from "../protocol";
import { Dialog } from "./Dialog";
import { RoomButton } from "./RoomButton";
import { useStore, useView } from "./view";

/** The public rooms: look into them, join them. */
export function Browse({ onClose }: { onClose: () => void }) {
  const { panel, openRoom, complain, go } = useView();
  const rooms = useStore((state) => state.rooms);
  const [words, setWords] = useState("");
  const found = useMemo(() => {
    const wanted = words.trim().toLowerCase().replace(/^#/, "");
    return [...rooms.values()]
      .filter((room) => room.kind === "public" && `${room.name} ${room.topic}`.toLowerCase().includes(wanted))
      .sort((a, b) => Number(a.joined) - Number(b.joined) || a.name.localeCompare(b.name));
  }, [rooms, words]);
  const look = (room: Room) => {
    onClose();
    openRoom(room.id);
  };
  return (
    <Dialog title="Browse rooms" onClose={onClose}>
      <div class="cc-dialog-body">
        <input
          class="cc-input"
          type="text"
          data-first
          aria-label="Find a room"
          placeholder="Find by name or topic"
          autocomplete="off"
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
        <ul class="cc-rooms" aria-label="Public rooms">
          {found.map((room) => (
            <li key={room.id}>
              <RoomButton room={room} onClick={() => look(room)} />
              {room.joined ? (
                <span class="cc-faint">joined</span>
              ) : room.archived ? (
                <span class="cc-faint">archived</span>
              ) : (
                <button
                  type="button"
                  class="cc-button"
                  aria-label={`Join ${room.name}`}
                  onClick={() => panel.ask({ type: "join", room: room.id }).then(() => look(room), complain)}
                >
                  Join
                </button>
              )}
            </li>
          ))}
          {found.length === 0 && (
            <li class="cc-hint">
              {words ? "No public room is called so." : "There is no public room yet."}{" "}
              <button type="button" class="cc-link-button" onClick={() => go({ dialogue: "new-room" })}>
                Make one
              </button>
            </li>
          )}
        </ul>
      </div>
    </Dialog>
  );
}
