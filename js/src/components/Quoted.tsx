import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import type { Id } from "../protocol";
import { nameOf } from "../state/selectors";
import { lineOf } from "./message/line";
import { openMessage } from "./message/open";
import { useStore, useView } from "./view";

/** The message that another one answers, in one line; a click goes there. */
export function Quoted({ id, room }: { id: Id; room: Id }) {
  const view = useView();
  const { panel } = view;
  const found = useStore((state) => panel.find(state, room, id));
  const name = useStore((state) => (found ? nameOf(state, found.author) : ""));
  useEffect(() => {
    if (!found) panel.fetchQuoted(room, id);
  }, [panel, room, id, found]);
  return (
    <button type="button" class="cc-quoted" dir="auto" onClick={() => void openMessage(view, room, id)}>
      {found ? (
        <>
          <strong>{name}</strong> {found.text === null ? t("This message was deleted.") : lineOf(found)}
        </>
      ) : (
        t("An earlier message")
      )}
    </button>
  );
}
