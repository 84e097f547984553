import { useEffect, useRef } from "preact/hooks";
import { lazy } from "../lazy";
import type { Room } from "../protocol";
import { Composer } from "./Composer";
import { Header } from "./Header";
import { JoinBar } from "./JoinBar";
import { Log } from "./Log";
import { usePlace, useStore, useView } from "./view";

const Cards = lazy(() => import("./message/Cards"));
const Members = lazy(() => import("./Members"));
const Thread = lazy(() => import("./Thread"));
const Nothing = lazy(() => import("./Nothing"));
const TypingLine = lazy(() => import("./message/TypingLine"));
const Pins = lazy(() => import("./Pins"));
const Shared = lazy(() => import("./shared/Shared"));
const SHEETS = {
  threads: lazy(() => import("./sheets/Threads")),
  saved: lazy(() => import("./sheets/Saved")),
  drafts: lazy(() => import("./sheets/Drafts")),
};

/** The right: one room, or a sheet in its place. */
export function Conversation() {
  const { place } = usePlace();
  const all = useRef<HTMLDivElement>(null);
  const room = useStore((state) => (place.room === null ? undefined : state.rooms.get(place.room)));
  const synced = useStore((state) => state.synced);
  const Sheet = place.sheet === null ? null : SHEETS[place.sheet];
  return (
    <div ref={all} class="cc-right">
      {Sheet ? (
        synced && <Sheet />
      ) : (
        <div class="cc-main" data-side={room ? place.side?.type : undefined}>
          {room ? <Open key={room.id} room={room} /> : synced && <Nothing waiting={place.room !== null} />}
        </div>
      )}
      <Cards within={all} />
    </div>
  );
}

function Open({ room }: { room: Room }) {
  const { panel, id } = useView();
  const { place, size } = usePlace();
  useEffect(() => {
    panel.show(id, room.id);
    return () => panel.hide(id, room.id);
  }, [panel, id, room.id]);
  useEffect(() => {
    // Opened, it is there at once.
    const timer = setTimeout(() => void Shared.preload().catch(() => undefined), 2_000);
    return () => clearTimeout(timer);
  }, []);
  const { side } = place;
  const covered = side !== null && size === "narrow";
  return (
    <>
      {!covered && (
        <div class="cc-room">
          <Header room={room} />
          <Log room={room} thread={null} />
          <TypingLine room={room.id} thread={null} />
          {room.joined ? <Composer room={room} thread={null} /> : <JoinBar room={room} />}
        </div>
      )}
      {side?.type === "thread" && <Thread key={side.root} room={room} root={side.root} />}
      {side?.type === "members" && <Members room={room} />}
      {side?.type === "pins" && <Pins room={room} />}
      {side?.type === "files" && <Shared room={room} />}
    </>
  );
}
