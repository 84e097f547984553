import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import type { Id, Saved as Kept, Message } from "../../protocol";
import { nameOf, titleOf } from "../../state/selectors";
import { brief, full } from "../../time";
import { whenSaid } from "../../when";
import { Icon, IconButton } from "../icons";
import { lineOf } from "../message/line";
import { openMessage } from "../message/open";
import { useStore, useView } from "../view";
import { Page } from "./Page";

/** What one put aside: what is due first, then what one will be reminded of, then the rest. */
export default function Saved() {
  const { panel, go } = useView();
  const saved = useStore((state) => state.saved);
  const [messages, setMessages] = useState<ReadonlyMap<Id, Message> | null>(null);
  const [problem, setProblem] = useState("");
  const reminders = useStore((state) => state.reminders);
  // Here they are looked at.
  useEffect(() => {
    for (const id of reminders) panel.seenReminder(id);
  }, [panel, reminders]);
  const known = [...saved.keys()].join();
  useEffect(() => {
    let here = true;
    panel.ask({ type: "saved_messages" }).then(
      (listing) => here && setMessages(new Map(listing.messages.map((message) => [message.id, message]))),
      (error: Error) => here && setProblem(error.message),
    );
    return () => {
      here = false;
    };
  }, [panel, known]);
  const all = [...saved.values()].sort(byUrgency);
  return (
    <Page
      title={t("Saved")}
      tools={
        <button type="button" class="cc-button" onClick={() => go({ dialogue: "reminder", subject: null })}>
          <Icon name="plus" size={15} /> {t("New reminder")}
        </button>
      }
    >
      {problem && (
        <p class="cc-problem" role="alert">
          {problem}
        </p>
      )}
      {all.length === 0 && (
        <div class="cc-empty">
          <Icon name="bookmark" size={32} />
          <h2>{t("Nothing is saved")}</h2>
          <p>{t("“Save for later” in the menu of a message keeps it here, with a reminder if you like.")}</p>
        </div>
      )}
      <ul class="cc-saved" aria-label={t("Saved")}>
        {all.map((one) => (
          <One key={one.id} saved={one} message={messages?.get(one.id)} loaded={messages !== null} />
        ))}
      </ul>
    </Page>
  );
}

const isDue = ({ remind_at, reminded_at }: Kept): boolean =>
  (reminded_at !== null && remind_at === null) || (remind_at !== null && remind_at <= Date.now() * 1_000);

const rank = (saved: Kept): number => (isDue(saved) ? 0 : saved.remind_at !== null ? 1 : 2);

function byUrgency(a: Kept, b: Kept): number {
  const apart = rank(a) - rank(b);
  if (apart !== 0) return apart;
  return rank(a) === 1 ? (a.remind_at ?? 0) - (b.remind_at ?? 0) : b.time - a.time;
}

interface Props {
  saved: Kept;
  message: Message | undefined;
  loaded: boolean;
}

function One({ saved, message, loaded }: Props) {
  const view = useView();
  const { panel, go, tell, complain } = view;
  const room = useStore((state) => (saved.room === null ? undefined : state.rooms.get(saved.room)));
  const title = useStore((state) => (room ? titleOf(state, room) : ""));
  const due = isDue(saved);
  const remove = () => {
    panel.unsave(saved.id).catch(complain);
    if (saved.room === null) return;
    tell({
      text: t("Removed from saved."),
      action: {
        label: t("Undo"),
        act: () =>
          void panel.save(saved.id, { note: saved.note, remind_at: saved.remind_at }).catch(complain),
      },
    });
  };
  return (
    <li class="cc-saved-one" data-due={due || undefined}>
      <div class="cc-item-text">
        <p class="cc-thread-head">
          {message ? (
            <>
              <span class="cc-item-title" dir="auto">
                {nameOf(panel.state, message.author)}
              </span>
              <span class="cc-faint" dir="auto">
                {room?.kind === "direct" ? title : `#${title}`}
              </span>
              <time class="cc-faint">{brief(message.time)}</time>
            </>
          ) : (
            <span class="cc-item-title">
              {saved.room === null ? t("Note") : loaded ? t("You may not see this message any more") : ""}
            </span>
          )}
        </p>
        {message && (
          <button
            type="button"
            class="cc-saved-text"
            dir="auto"
            onClick={() => void openMessage(view, message.room, message.id, message.thread)}
          >
            {message.text === null ? t("This message was deleted.") : lineOf(message, 280)}
          </button>
        )}
        {saved.note && (
          <p class="cc-saved-note" dir="auto">
            {saved.note}
          </p>
        )}
        {(due || saved.remind_at !== null) && (
          <p class={due ? "cc-due" : "cc-faint"} title={full(saved.remind_at ?? saved.reminded_at ?? 0)}>
            <Icon name="clock" size={13} />
            {due || saved.remind_at === null
              ? t("Due since {time}", { time: brief(saved.reminded_at ?? saved.remind_at ?? 0) })
              : t("Reminder {when}", { when: whenSaid(saved.remind_at) })}
          </p>
        )}
      </div>
      {message && (
        <IconButton
          icon="clock"
          label={t("Remind me")}
          size={16}
          onClick={() => go({ dialogue: "reminder", subject: message })}
        />
      )}
      <IconButton icon="check" label={t("Done, remove it")} size={16} onClick={remove} />
    </li>
  );
}
