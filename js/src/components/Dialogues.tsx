import { lazy } from "../lazy";
import { usePlace, useStore, useView } from "./view";

const Browse = lazy(() => import("./Browse"));
const Keys = lazy(() => import("./Keys"));
const FileDialogue = lazy(() => import("./files/FileDialogue"));
const Forward = lazy(() => import("./Forward"));
const Jump = lazy(() => import("./Jump"));
const NewConversation = lazy(() => import("./NewConversation"));
const NewRoom = lazy(() => import("./NewRoom"));
const PollMaker = lazy(() => import("./PollMaker"));
const Reminder = lazy(() => import("./Reminder"));
const RoomSettings = lazy(() => import("./RoomSettings"));
const Settings = lazy(() => import("./Settings"));
const Status = lazy(() => import("./Status"));
const Versions = lazy(() => import("./Versions"));

/** The dialog that is open, if one is. */
export function Dialogues() {
  const { go } = useView();
  const { place } = usePlace();
  const room = useStore((state) => (place.room === null ? undefined : state.rooms.get(place.room)));
  const close = () => go({ dialogue: null, subject: null });
  switch (place.dialogue) {
    case "settings":
      return <Settings onClose={close} />;
    case "keys":
      return <Keys onClose={close} />;
    case "new-room":
      return <NewRoom onClose={close} />;
    case "new-conversation":
      return <NewConversation onClose={close} />;
    case "browse":
      return <Browse onClose={close} />;
    case "room-settings":
      return room ? <RoomSettings room={room} onClose={close} /> : null;
    case "poll":
      return room?.joined ? <PollMaker room={room} onClose={close} /> : null;
    case "status":
      return <Status onClose={close} />;
    case "forward":
      return place.subject && <Forward message={place.subject} onClose={close} />;
    case "versions":
      return place.subject && <Versions message={place.subject} onClose={close} />;
    case "file":
      return place.subject && <FileDialogue message={place.subject} number={place.page} onClose={close} />;
    case "reminder":
      return <Reminder message={place.subject} onClose={close} />;
    case "jump":
      return room ? <Jump room={room} onClose={close} /> : null;
    default:
      return null;
  }
}
