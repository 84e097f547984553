import { useEffect } from "preact/hooks";
import type { Id, Room } from "../protocol";
import { titleOf } from "../state/selectors";
import { Composer } from "./Composer";
import { JoinBar } from "./JoinBar";
import { Log } from "./Log";
import { SideHead } from "./SideHead";
import { useStore, useView } from "./view";

/** A thread, beside its room. */
export function Thread({ room, root }: { room: Room; root: Id }) {
  const { panel, id } = useView();
  const title = useStore((state) => titleOf(state, room));
  useEffect(() => {
    panel.show(id, room.id, root);
    return () => panel.hide(id, room.id, root);
  }, [panel, id, room.id, root]);
  return (
    <aside class="cc-aside" aria-label="Thread">
      <SideHead title="Thread" about={room.kind === "direct" ? title : `#${title}`} />
      <Log room={room} thread={root} />
      {room.joined ? <Composer room={room} thread={root} /> : <JoinBar room={room} />}
    </aside>
  );
}
