import { useState } from "preact/hooks";
import { t } from "../i18n";
import type { Room } from "../protocol";
import { useView } from "./view";

/** In place of the text box, in a public room that one has not joined. */
export function JoinBar({ room }: { room: Room }) {
  const { panel, complain } = useView();
  const [joining, setJoining] = useState(false);
  const join = async () => {
    setJoining(true);
    try {
      await panel.ask({ type: "join", room: room.id });
    } catch (problem) {
      complain(problem);
    }
    setJoining(false);
  };
  return (
    <div class="cc-join">
      <span>{t("You are not in this room yet.")}</span>
      <button type="button" class="cc-button cc-primary" disabled={joining || room.archived} onClick={join}>
        {joining ? t("Joining…") : t("Join #{room}", { room: room.name })}
      </button>
    </div>
  );
}
