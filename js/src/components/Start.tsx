import { useMemo } from "preact/hooks";
import { t } from "../i18n";
import { toJoin } from "../state/selectors";
import { RoomButton } from "./RoomButton";
import { usePlace, useStore, useView } from "./view";
import { Ways } from "./Ways";

/** More rooms than these are found with "Browse rooms". */
const SHOWN = 20;

/** On the left, for somebody who has no conversation yet: the rooms to look into. */
export default function Start() {
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
          <h3>{t("Rooms you can join")}</h3>
          <ul class="cc-list" aria-label={t("Rooms you can join")}>
            {open.map((room) => (
              <li key={room.id} aria-label={room.name}>
                <RoomButton room={room} current={place.room === room.id} onClick={() => openRoom(room.id)} />
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p class="cc-hint">{t("No conversation yet. Make the first room, or write to somebody.")}</p>
      )}
      {size === "narrow" && <Ways />}
    </div>
  );
}
