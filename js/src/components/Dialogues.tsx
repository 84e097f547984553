import { Browse } from "./Browse";
import { NewConversation } from "./NewConversation";
import { NewRoom } from "./NewRoom";
import { RoomSettings } from "./RoomSettings";
import { Settings } from "./Settings";
import { usePlace, useStore, useView } from "./view";

/** The dialog that is open, if one is. */
export function Dialogues() {
  const { go } = useView();
  const { place } = usePlace();
  const room = useStore((state) => (place.room === null ? undefined : state.rooms.get(place.room)));
  const close = () => go({ dialogue: null });
  switch (place.dialogue) {
    case "settings":
      return <Settings onClose={close} />;
    case "new-room":
      return <NewRoom onClose={close} />;
    case "new-conversation":
      return <NewConversation onClose={close} />;
    case "browse":
      return <Browse onClose={close} />;
    case "room-settings":
      return room ? <RoomSettings room={room} onClose={close} /> : null;
    default:
      return null;
  }
}
