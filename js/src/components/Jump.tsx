import { useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import type { Room } from "../protocol";
import { fieldsOf } from "../when";
import { Dialog } from "./Dialog";
import { useView } from "./view";

const DAY = 86_400_000;
/** Before all that was ever said. */
const EVER = 1;

/** To a day of the room's history. */
export default function Jump({ room, onClose }: { room: Room; onClose: () => void }) {
  const { panel, go } = useView();
  const [date, setDate] = useState(() => fieldsOf(new Date()).date);
  const field = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState("");
  const [going, setGoing] = useState(false);

  const jump = async (at: number) => {
    if (going) return;
    setGoing(true);
    setProblem("");
    try {
      const found = await panel.jumpTo(room.id, at);
      const failed = panel.timeline(room.id, null)?.problem;
      if (failed) throw new Error(failed);
      onClose();
      if (found) go({ target: { id: found.id, thread: null }, screen: "room", sheet: null });
    } catch (error) {
      setProblem((error as Error).message);
      setGoing(false);
    }
  };
  const ago = (days: number) => startOf(new Date(Date.now() - days * DAY));
  const choices: [string, number][] = [
    [t("Today"), ago(0)],
    [t("Yesterday"), ago(1)],
    [t("A week ago"), ago(7)],
    [t("A month ago"), ago(30)],
    [t("First message"), EVER],
  ];
  const submit = () => {
    const date = field.current?.value ?? "";
    const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
    const chosen = new Date(year, month - 1, day);
    if (!date || Number.isNaN(chosen.getTime())) setProblem(t("Choose a date."));
    else void jump(startOf(chosen));
  };
  return (
    <Dialog title={t("Jump to date")} small onClose={onClose} onSubmit={submit}>
      <div class="cc-dialog-body">
        <label class="cc-field">
          <span>{t("Date")}</span>
          <input
            ref={field}
            class="cc-input"
            type="date"
            data-first
            max={fieldsOf(new Date()).date}
            value={date}
            onInput={(event) => setDate(event.currentTarget.value)}
          />
        </label>
        <div class="cc-row">
          {choices.map(([label, at]) => (
            <button
              key={label}
              type="button"
              class="cc-button"
              disabled={going}
              onClick={() => void jump(at)}
            >
              {label}
            </button>
          ))}
        </div>
        {problem && (
          <p class="cc-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
      <footer class="cc-dialog-foot">
        <button type="button" class="cc-button" onClick={onClose}>
          {t("Cancel")}
        </button>
        <button type="submit" class="cc-button cc-primary" disabled={going}>
          {t("Jump")}
        </button>
      </footer>
    </Dialog>
  );
}

/** The beginning of a day where the reader is, in microseconds. */
const startOf = (day: Date): number =>
  new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime() * 1_000;
