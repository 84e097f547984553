import { useMemo, useState } from "preact/hooks";
import { t } from "../i18n";
import type { Room } from "../protocol";
import { Preview } from "./browse/Preview";
import { Dialog } from "./Dialog";
import { IconButton } from "./icons";
import { RoomButton } from "./RoomButton";
import { Select } from "./Select";
import { fold } from "./switch/folded";
import { score } from "./switch/score";
import { useStore, useView } from "./view";

type Order = "members" | "name" | "newest";

const ORDERS: Record<Order, (a: Room, b: Room) => number> = {
  members: (a, b) => b.n_members - a.n_members || a.name.localeCompare(b.name),
  name: (a, b) => a.name.localeCompare(b.name),
  newest: (a, b) => b.created_at - a.created_at,
};
/** More are found with words. */
const SHOWN = 100;

/** The public rooms: look into them, join them. */
export default function Browse({ onClose }: { onClose: () => void }) {
  const { panel, openRoom, complain, go } = useView();
  const rooms = useStore((state) => state.rooms);
  const [words, setWords] = useState("");
  const [order, setOrder] = useState<Order>("members");
  const [previewed, setPreviewed] = useState<string | null>(null);
  const all = useMemo(() => {
    const wanted = fold(words.trim().replace(/^#/, ""));
    return [...rooms.values()]
      .filter((room) => room.kind === "public")
      .map((room) => {
        const points = Math.max(score(wanted, fold(room.name)), fold(room.topic).includes(wanted) ? 30 : 0);
        return { room, points };
      })
      .filter(({ points }) => points > 0)
      .sort(
        (a, b) =>
          (wanted ? b.points - a.points : 0) ||
          Number(a.room.joined) - Number(b.room.joined) ||
          ORDERS[order](a.room, b.room),
      )
      .map(({ room }) => room);
  }, [rooms, words, order]);
  const look = (room: Room) => {
    onClose();
    openRoom(room.id);
  };
  return (
    <Dialog title={t("Browse rooms")} onClose={onClose} wide>
      <div class="cc-dialog-body">
        <div class="cc-row cc-nowrap cc-browse-head">
          <input
            class="cc-input"
            type="text"
            data-first
            aria-label={t("Find a room")}
            placeholder={t("Find by name or topic")}
            autocomplete="off"
            spellcheck={false}
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
          <Select
            title={t("Order")}
            value={order}
            options={[
              { value: "members", label: t("Most members") },
              { value: "name", label: t("By name") },
              { value: "newest", label: t("Newest") },
            ]}
            onChoose={setOrder}
          />
        </div>
        <ul class="cc-rooms" aria-label={t("Public rooms")}>
          {all.slice(0, SHOWN).map((room) => (
            <li key={room.id}>
              <div class="cc-rooms-row">
                <RoomButton room={room} onClick={() => look(room)} />
                <IconButton
                  icon={previewed === room.id ? "open" : "closed"}
                  label={t("Preview {name}", { name: room.name })}
                  expanded={previewed === room.id}
                  onClick={() => setPreviewed(previewed === room.id ? null : room.id)}
                />
                {room.joined ? (
                  <span class="cc-faint">{t("joined")}</span>
                ) : room.archived ? (
                  <span class="cc-faint">{t("archived")}</span>
                ) : (
                  <button
                    type="button"
                    class="cc-button"
                    aria-label={t("Join {name}", { name: room.name })}
                    onClick={() =>
                      panel.ask({ type: "join", room: room.id }).then(() => look(room), complain)
                    }
                  >
                    {t("Join")}
                  </button>
                )}
              </div>
              {previewed === room.id && <Preview room={room} />}
            </li>
          ))}
          {all.length > SHOWN && (
            <li class="cc-hint">{t("{n} more: find them by name.", { n: all.length - SHOWN })}</li>
          )}
          {all.length === 0 && (
            <li class="cc-hint">
              {words ? t("No public room is called so.") : t("There is no public room yet.")}{" "}
              <button type="button" class="cc-link-button" onClick={() => go({ dialogue: "new-room" })}>
                {t("Make one")}
              </button>
            </li>
          )}
        </ul>
      </div>
    </Dialog>
  );
}
