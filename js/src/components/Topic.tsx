import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { lazy } from "../lazy";
import type { Room } from "../protocol";
import { useStore } from "./view";

const TopicField = lazy(() => import("./TopicField"));

/** What a room is for; changed where it stands by who may. */
export function Topic({ room }: { room: Room }) {
  const may = useStore((state) => {
    const role = state.members.get(state.me)?.role;
    return role !== undefined && role !== "guest" && (room.joined || room.created_by === state.me);
  });
  const [changing, setChanging] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const back = useRef(false);
  useEffect(() => {
    if (changing) return;
    if (back.current) button.current?.focus();
    back.current = false;
  }, [changing]);

  if (!may || room.archived)
    return room.topic ? (
      <p class="cc-topic" title={room.topic} dir="auto">
        {room.topic}
      </p>
    ) : null;
  if (changing)
    return (
      <TopicField
        room={room}
        onDone={(returns) => {
          back.current = returns;
          setChanging(false);
        }}
      />
    );
  return (
    <button
      ref={button}
      type="button"
      class={room.topic ? "cc-topic" : "cc-topic cc-topic-none"}
      title={room.topic ? t("{topic} (change it)", { topic: room.topic }) : t("Say what the room is for")}
      dir="auto"
      onClick={() => setChanging(true)}
    >
      {room.topic || t("Add a topic")}
    </button>
  );
}
