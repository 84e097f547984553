import { useState } from "preact/hooks";
import { t } from "../i18n";
import { fieldsOf, nextMorning, whenSaid } from "../when";
import { Dialog } from "./Dialog";
import { WhenFields } from "./WhenFields";

interface Props {
  title: string;
  /** Of the button that takes the time. */
  label: string;
  /** What stands there first. */
  at?: Date | undefined;
  onChoose: (at: Date) => void;
  onClose: () => void;
}

/** As far ahead as the hub takes it. */
const FURTHEST = 2 * 366 * 86_400_000;

/** A date and a time to come. */
export default function Schedule({ title, label, at, onChoose, onClose }: Props) {
  const [fields, setFields] = useState(() => fieldsOf(at ?? nextMorning("tomorrow")));
  const chosen = new Date(`${fields.date}T${fields.time}`);
  const ahead = chosen.getTime() - Date.now();
  const problem = Number.isNaN(ahead)
    ? t("Choose a date and a time.")
    : ahead <= 0
      ? t("That time has passed.")
      : ahead > FURTHEST
        ? t("That is more than two years ahead.")
        : null;
  const submit = () => {
    if (!(new Date(`${fields.date}T${fields.time}`).getTime() <= Date.now()) && !problem) onChoose(chosen);
  };
  return (
    <Dialog title={title} small onClose={onClose} onSubmit={submit}>
      <div class="cc-dialog-body">
        <WhenFields value={fields} onChange={setFields} first />
        <p class={problem ? "cc-problem" : "cc-hint"} role="status">
          {problem ?? t("It will be sent {when}.", { when: whenSaid(chosen.getTime() * 1_000) })}
        </p>
        <p class="cc-hint">{t("The hub sends it, also when nobody is there.")}</p>
      </div>
      <footer class="cc-dialog-foot">
        <button type="button" class="cc-button" onClick={onClose}>
          {t("Cancel")}
        </button>
        <button type="submit" class="cc-button cc-primary" disabled={problem !== null}>
          {label}
        </button>
      </footer>
    </Dialog>
  );
}
