import { useEffect } from "preact/hooks";
import type { Room } from "../protocol";
import { partner, titleOf, toJoin } from "../state/selectors";
import { Composer } from "./Composer";
import { Connection } from "./Connection";
import { Icon, IconButton } from "./icons";
import { JoinBar } from "./JoinBar";
import { Log } from "./Log";
import { Members } from "./Members";
import { Pins } from "./Pins";
import { Ways } from "./Start";
import { Thread } from "./Thread";
import { usePlace, useStore, useView } from "./view";

/** The right: one room. */
export function Conversation() {
  const { place } = usePlace();
  const room = useStore((state) => (place.room === null ? undefined : state.rooms.get(place.room)));
  const synced = useStore((state) => state.synced);
  if (!room) return <main class="cc-main">{synced && <Nothing waiting={place.room !== null} />}</main>;
  return <Open key={room.id} room={room} />;
}

function Nothing({ waiting }: { waiting: boolean }) {
  const { go } = useView();
  const { size } = usePlace();
  const joinable = useStore((state) => toJoin(state).length > 0);
  if (waiting) return <div class="cc-empty">Opening…</div>;
  return (
    <div class="cc-empty">
      <Icon name="chat" size={36} />
      <h2>{joinable ? "Find your room" : "Nothing here yet"}</h2>
      <p>
        {joinable
          ? "Look into a room before you join it, make one for a subject, or write to one person."
          : "Make a room for a subject, or write to one person."}
      </p>
      <Ways />
      {size === "narrow" && (
        <button type="button" class="cc-link-button" onClick={() => go({ screen: "list" })}>
          Back to the conversations
        </button>
      )}
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
  const { side } = place;
  const covered = side !== null && size === "narrow";
  return (
    <main class="cc-main" data-side={side ? side.type : undefined}>
      {!covered && (
        <div class="cc-room">
          <Header room={room} />
          <Log room={room} thread={null} />
          {room.joined ? <Composer room={room} thread={null} /> : <JoinBar room={room} />}
        </div>
      )}
      {side?.type === "thread" && <Thread key={side.root} room={room} root={side.root} />}
      {side?.type === "members" && <Members room={room} />}
      {side?.type === "pins" && <Pins room={room} />}
    </main>
  );
}

function Header({ room }: { room: Room }) {
  const { go } = useView();
  const { place, size } = usePlace();
  const title = useStore((state) => titleOf(state, room));
  const other = useStore((state) => (room.kind === "direct" ? partner(state, room) : undefined));
  const online = useStore((state) => other !== undefined && state.online.has(other.id));
  const about = other ? `@${other.handle}${other.bot ? " · bot" : online ? " · online" : ""}` : room.topic;
  const toggle = (type: "members" | "pins") => go({ side: place.side?.type === type ? null : { type } });
  return (
    <header class="cc-head">
      {size === "narrow" && (
        <IconButton icon="back" label="Back to the conversations" onClick={() => go({ screen: "list" })} />
      )}
      <div class="cc-head-text">
        <h2 class="cc-title" aria-label={title}>
          {room.kind !== "direct" && (
            <span class="cc-title-sign" aria-hidden="true">
              <Icon name={room.kind === "private" ? "lock" : "hash"} size={17} />
            </span>
          )}
          <span>{title}</span>
          {room.archived && <span class="cc-tag">archived</span>}
        </h2>
        {about && (
          <p class="cc-topic" title={about}>
            {about}
          </p>
        )}
      </div>
      {size === "narrow" && <Connection />}
      {room.pins.length > 0 && (
        <IconButton
          icon="pin"
          label="Pinned messages"
          expanded={place.side?.type === "pins"}
          onClick={() => toggle("pins")}
        />
      )}
      <button
        type="button"
        class="cc-icon-button cc-with-text"
        aria-label="Members"
        aria-description={room.n_members === 1 ? "1 member" : `${room.n_members} members`}
        aria-expanded={place.side?.type === "members"}
        title="Members"
        onClick={() => toggle("members")}
      >
        <Icon name="people" />
        <span aria-hidden="true">{room.n_members}</span>
      </button>
    </header>
  );
}
