import { useEffect } from "preact/hooks";
import { plain } from "../markdown";
import type { Id } from "../protocol";
import { nameOf } from "../state/selectors";
import { useStore, useView } from "./view";

/** The message that another one answers, in one line; a click goes there. */
export function Quoted({ id, room }: { id: Id; room: Id }) {
  const { panel, go } = useView();
  const found = useStore((state) => panel.find(state, room, id));
  const name = useStore((state) => (found ? nameOf(state, found.author) : ""));
  useEffect(() => {
    if (!found) panel.fetchQuoted(room, id);
  }, [panel, room, id, found]);
  return (
    <button
      type="button"
      class="cc-quoted"
      onClick={() => go({ target: { id, thread: null }, screen: "room" })}
    >
      {found ? (
        <>
          <strong>{name}</strong> {found.text === null ? "This message was deleted." : plain(found.text)}
        </>
      ) : (
        "An earlier message"
      )}
    </button>
  );
}
