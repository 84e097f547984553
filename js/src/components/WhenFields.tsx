import type { RefObject } from "preact";
import { t } from "../i18n";
import { type DateAndTime, fieldsOf } from "../when";

interface Props {
  value: DateAndTime;
  onChange: (value: DateAndTime) => void;
  /** The date takes the focus when the dialog opens. */
  first?: boolean;
  date?: RefObject<HTMLInputElement | null>;
  time?: RefObject<HTMLInputElement | null>;
}

/** A day from today on, and a time of it. */
export const WhenFields = ({ value, onChange, first = false, date, time }: Props) => (
  <div class="cc-when">
    <label class="cc-field">
      <span>{t("Date")}</span>
      <input
        {...(date && { ref: date })}
        class="cc-input"
        type="date"
        data-first={first || undefined}
        required
        min={fieldsOf(new Date()).date}
        value={value.date}
        onInput={(event) => onChange({ ...value, date: event.currentTarget.value })}
      />
    </label>
    <label class="cc-field">
      <span>{t("Time")}</span>
      <input
        {...(time && { ref: time })}
        class="cc-input"
        type="time"
        required
        value={value.time}
        onInput={(event) => onChange({ ...value, time: event.currentTarget.value })}
      />
    </label>
  </div>
);
