import { t, tn } from "../../i18n";
import { number } from "../../time";
import { Icon, type IconName } from "../icons";
import { type Sheet, usePlace, useStore, useView } from "../view";

interface EntryProps {
  sheet: NonNullable<Sheet>;
  icon: IconName;
  text: string;
  count: number;
  about: string | undefined;
  /** Something waits for one. */
  due?: boolean;
}

function Entry({ sheet, icon, text, count, about, due = false }: EntryProps) {
  const { go } = useView();
  const { place } = usePlace();
  return (
    <button
      type="button"
      class="cc-entry"
      aria-description={about}
      aria-current={place.sheet === sheet || undefined}
      onClick={() => go({ sheet, screen: "room", side: null })}
    >
      <Icon name={icon} size={15} />
      <span class="cc-entry-text">{text}</span>
      {count > 0 && (
        <span class="cc-entry-count" data-due={due || undefined} aria-hidden="true">
          {number(count)}
        </span>
      )}
    </button>
  );
}

/** What stands beside the conversations: threads, saved messages, drafts. */
export function Sheets() {
  const saved = useStore((state) => state.saved.size);
  const due = useStore((state) => state.reminders.length);
  const drafts = useStore((state) => [...state.drafts.values()].filter(({ text }) => text.trim()).length);
  const scheduled = useStore((state) => state.scheduled.size);
  const kept = drafts + scheduled;
  return (
    <div class="cc-entries">
      <Entry sheet="threads" icon="thread" text={t("Threads")} count={0} about={undefined} />
      <Entry
        sheet="saved"
        icon="bookmark"
        text={t("Saved")}
        count={due || saved}
        due={due > 0}
        about={
          due > 0
            ? tn(due, "1 reminder", "{n} reminders")
            : saved > 0
              ? tn(saved, "1 saved", "{n} saved")
              : undefined
        }
      />
      <Entry
        sheet="drafts"
        icon="pencil"
        text={t("Drafts")}
        count={kept}
        about={kept > 0 ? tn(kept, "1 not sent yet", "{n} not sent yet") : undefined}
      />
    </div>
  );
}
