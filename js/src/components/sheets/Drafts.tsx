import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { lazy } from "../../lazy";
import { plain } from "../../markdown";
import type { Draft, Id, Micros, Req, Scheduled } from "../../protocol";
import { titleOf } from "../../state/selectors";
import type { Outgoing, State } from "../../state/state";
import { brief } from "../../time";
import { whenSaid } from "../../when";
import { placeOf } from "../composer/draft";
import { Icon } from "../icons";
import { useStore, useView } from "../view";
import { Page } from "./Page";

const Schedule = lazy(() => import("../Schedule"));

/** What one has begun to write, what the hub will send later, and what could not be sent. */
export default function Drafts() {
  const { panel, go, openRoom, complain, tell } = useView();
  const state = useStore((state) => state);
  const [changing, setChanging] = useState<Scheduled | null>(null);
  const drafts = [...state.drafts.values()]
    .filter(({ text, room }) => text.trim() && state.rooms.has(room))
    .sort((a, b) => b.time - a.time);
  const scheduled = [...state.scheduled.values()].sort((a, b) => a.at - b.at);
  const waiting = scheduled.filter(({ problem }) => problem === null);
  const refused = scheduled.filter(({ problem }) => problem !== null);
  const failed = state.outgoing.filter((item) => item.state === "failed");

  const open = (room: Id, thread: Id | null) => {
    openRoom(room);
    if (thread) go({ side: { type: "thread", root: thread } });
  };
  const drop = ({ room, thread, text, reply_to }: Draft) => {
    const key = placeOf(room, thread);
    panel.drafts.set(key, "");
    tell({
      text: t("Draft deleted."),
      action: { label: t("Undo"), act: () => panel.drafts.set(key, text, reply_to) },
    });
  };
  const unschedule = (id: Id) => panel.ask({ type: "unschedule", id });
  /** Its files, to be used once more: they have to be asked for while it still stands there. */
  const filesAgain = async ({ room, files }: Scheduled): Promise<Req[]> =>
    files.length > 0 ? (await panel.uploads.load()).again(room, files) : [];
  const schedule = async (item: Scheduled, at: Micros, files: Req[]) => {
    await panel.ask({ type: "schedule", ...fieldsOf(item), at, ...(files.length > 0 && { files }) });
    panel.uploads.now?.forget(files);
  };
  const sendNow = async (item: Scheduled) => {
    try {
      const files = await filesAgain(item);
      await unschedule(item.id);
      const { room, text, reply_to, quote, broadcast } = item;
      panel.outbox.add({ room, text, reply_to, quote, broadcast, thread: quote ? null : reply_to, files });
    } catch (error) {
      complain(error);
    }
  };
  /** It can be taken back, so that nothing is lost. */
  const takeBack = async (item: Scheduled) => {
    try {
      const files = await filesAgain(item);
      await unschedule(item.id);
      tell({
        text: t("It will not be sent."),
        action: { label: t("Undo"), act: () => void schedule(item, item.at, files).catch(complain) },
        gone: () => panel.uploads.now?.remove(...files),
      });
    } catch (error) {
      complain(error);
    }
  };
  const move = async (item: Scheduled, at: Date) => {
    setChanging(null);
    try {
      // First the new one: whatever fails between the two, the message is not lost.
      await schedule(item, at.getTime() * 1_000, await filesAgain(item));
      await unschedule(item.id);
    } catch (error) {
      complain(error);
    }
  };

  return (
    <>
      <Page title={t("Drafts and scheduled")}>
        {drafts.length + scheduled.length + failed.length === 0 && (
          <div class="cc-empty">
            <Icon name="pencil" size={32} />
            <h2>{t("Nothing waits here")}</h2>
            <p>
              {t(
                "What you begin to write is kept here, in every browser of yours. With the small arrow at Send a message goes out later.",
              )}
            </p>
          </div>
        )}
        {(failed.length > 0 || refused.length > 0) && (
          <Section title={t("Not sent")}>
            {failed.map((item) => (
              <Line
                key={item.req}
                where={whereOf(state, item.room, item.thread)}
                when={brief(item.time)}
                text={item.text}
                files={item.files}
                problem={item.problem}
              >
                <Button label={t("Send again")} act={() => panel.outbox.retry(item.req)} />
                <Button label={t("Open")} act={() => open(item.room, item.thread)} />
                <Button label={t("Delete")} act={() => discard(item)} />
              </Line>
            ))}
            {refused.map((item) => (
              <Line
                key={item.id}
                where={whereOf(state, item.room, threadOf(item))}
                when={whenSaid(item.at)}
                text={item.text}
                files={item.files}
                problem={item.problem}
              >
                <Button label={t("Send now")} act={() => void sendNow(item)} />
                <Button label={t("Change time")} act={() => setChanging(item)} />
                <Button label={t("Delete")} act={() => void takeBack(item)} />
              </Line>
            ))}
          </Section>
        )}
        {waiting.length > 0 && (
          <Section title={t("Scheduled")}>
            {waiting.map((item) => (
              <Line
                key={item.id}
                where={whereOf(state, item.room, threadOf(item))}
                when={whenSaid(item.at)}
                text={item.text}
                files={item.files}
              >
                <Button label={t("Send now")} act={() => void sendNow(item)} />
                <Button label={t("Change time")} act={() => setChanging(item)} />
                <Button label={t("Open")} act={() => open(item.room, threadOf(item))} />
                <Button label={t("Delete")} act={() => void takeBack(item)} />
              </Line>
            ))}
          </Section>
        )}
        {drafts.length > 0 && (
          <Section title={t("Drafts")}>
            {drafts.map((draft) => (
              <Line
                key={placeOf(draft.room, draft.thread)}
                where={whereOf(state, draft.room, draft.thread)}
                when={brief(draft.time)}
                text={draft.text}
              >
                <Button label={t("Open")} act={() => open(draft.room, draft.thread)} />
                <Button label={t("Delete")} act={() => drop(draft)} />
              </Line>
            ))}
          </Section>
        )}
      </Page>
      {changing && (
        <Schedule
          title={t("Change time")}
          label={t("Schedule")}
          at={new Date(Math.max(changing.at / 1_000, Date.now() + 60_000))}
          onChoose={(at: Date) => void move(changing, at)}
          onClose={() => setChanging(null)}
        />
      )}
    </>
  );

  function discard({ req, room, text, thread, reply_to, quote, broadcast, ...item }: Outgoing) {
    const files = item.files.map(({ upload }) => upload);
    panel.outbox.drop(req);
    tell({
      text: t("Message deleted."),
      action: {
        label: t("Undo"),
        act: () => void panel.outbox.add({ room, text, thread, reply_to, quote, broadcast, files }),
      },
      gone: () => panel.uploads.now?.remove(...files),
    });
  }
}

const fieldsOf = ({ room, text, reply_to, quote, broadcast }: Scheduled) => ({
  ...{ room, text, reply_to, quote, broadcast },
});

const threadOf = ({ reply_to, quote }: Scheduled): Id | null => (quote ? null : reply_to);

function whereOf(state: State, id: Id, thread: Id | null): string {
  const room = state.rooms.get(id);
  if (!room) return t("A room that is gone");
  const name = room.kind === "direct" ? titleOf(state, room) : `#${room.name}`;
  return thread ? t("{where}, in a thread", { where: name }) : name;
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="cc-drafts" aria-label={title}>
      <h3>{title}</h3>
      <ul>{children}</ul>
    </section>
  );
}

interface LineProps {
  where: string;
  when: string;
  text: string;
  files?: readonly { name: string }[];
  problem?: string | null;
  children: ComponentChildren;
}

const Line = ({ where, when, text, files = [], problem, children }: LineProps) => (
  <li class="cc-draft" aria-label={where}>
    <div class="cc-draft-head">
      <strong>{where}</strong>
      <span class="cc-faint">{when}</span>
    </div>
    {(text || files.length === 0) && <p dir="auto">{plain(text)}</p>}
    {files.length > 0 && (
      <p dir="auto">
        <span aria-hidden="true">📎 </span>
        <span class="cc-unseen">{t("Files:")} </span>
        {files.map(({ name }) => name).join(", ")}
      </p>
    )}
    {problem && <p class="cc-problem">{problem}</p>}
    <div class="cc-row">{children}</div>
  </li>
);

const Button = ({ label, act }: { label: string; act: () => void }) => (
  <button type="button" class="cc-link-button" onClick={act}>
    {label}
  </button>
);
