import { useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import type { Message } from "../protocol";
import { nameOf } from "../state/selectors";
import { type DateAndTime, fieldsOf, nextMorning, whenSaid } from "../when";
import { Dialog } from "./Dialog";
import { lineOf } from "./message/line";
import { useStore, useView } from "./view";
import { WhenFields } from "./WhenFields";

const MINUTE = 60_000;
const MONDAY = 1;
/** As long as the hub takes a note. */
const LONGEST = 1_000;

/** Saves a message (or only a note) with a time when one wants to be reminded of it. */
export default function Reminder({ message, onClose }: { message: Message | null; onClose: () => void }) {
  const { panel, tell } = useView();
  const kept = useStore((state) => (message ? state.saved.get(message.id) : undefined));
  const [note, setNote] = useState(kept?.note ?? "");
  const [own, setOwn] = useState<DateAndTime | null>(null);
  const [problem, setProblem] = useState("");
  // What stands in the fields, not what was drawn last: keys may be quicker than drawing.
  const noted = useRef<HTMLInputElement>(null);
  const date = useRef<HTMLInputElement>(null);
  const time = useRef<HTMLInputElement>(null);

  const remind = (at: Date) => {
    if (Number.isNaN(at.getTime())) return setProblem(t("Choose a date and a time."));
    if (at.getTime() <= Date.now()) return setProblem(t("That time has passed."));
    const note = noted.current?.value.trim() ?? "";
    if (message === null && !note) return setProblem(t("Write what you want to be reminded of."));
    const remind_at = at.getTime() * 1_000;
    const said = { text: t("You will be reminded {when}.", { when: whenSaid(remind_at) }), stay: 4_000 };
    panel.save(message, { note, remind_at }).then(
      () => {
        onClose();
        tell(said);
      },
      (error: Error) => setProblem(error.message),
    );
  };
  const later = (minutes: number) => new Date(Date.now() + minutes * MINUTE);
  const choices: [string, () => Date][] = [
    [t("In 20 minutes"), () => later(20)],
    [t("In 1 hour"), () => later(60)],
    [t("In 3 hours"), () => later(180)],
    [t("Tomorrow"), () => nextMorning("tomorrow")],
    [t("Next week"), () => nextMorning(MONDAY)],
  ];
  return (
    <Dialog
      title={t("Remind me")}
      small
      onClose={onClose}
      onSubmit={() => own && remind(new Date(`${date.current?.value}T${time.current?.value}`))}
    >
      <div class="cc-dialog-body">
        {message && (
          <p class="cc-about" dir="auto">
            <strong>{nameOf(panel.state, message.author)}</strong> {lineOf(message, 120)}
          </p>
        )}
        <label class="cc-field">
          <span>{message ? t("Note (seen by you alone)") : t("What to remind you of")}</span>
          <input
            ref={noted}
            class="cc-input"
            type="text"
            dir="auto"
            autocomplete="off"
            maxLength={LONGEST}
            value={note}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        </label>
        <fieldset class="cc-choices" aria-label={t("When")}>
          {choices.map(([label, at], first) => (
            <button
              key={label}
              type="button"
              class="cc-menu-item"
              aria-description={whenSaid(at().getTime() * 1_000)}
              data-first={first === 0 || undefined}
              onClick={() => remind(at())}
            >
              <span class="cc-stretch">{label}</span>
              <span class="cc-faint" aria-hidden="true">
                {whenSaid(at().getTime() * 1_000)}
              </span>
            </button>
          ))}
          <button
            type="button"
            class="cc-menu-item"
            aria-expanded={own !== null}
            onClick={() => setOwn(own ? null : fieldsOf(nextMorning("tomorrow")))}
          >
            {t("At another time…")}
          </button>
        </fieldset>
        {own && <WhenFields value={own} onChange={setOwn} date={date} time={time} />}
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
        {own && (
          <button type="submit" class="cc-button cc-primary">
            {t("Remind me then")}
          </button>
        )}
      </footer>
    </Dialog>
  );
}
