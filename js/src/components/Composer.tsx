import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import { commandIn, unslashed } from "../commands";
import { spoken, t } from "../i18n";
import { spelled } from "../keys";
import { lazy } from "../lazy";
import type { Id, Room } from "../protocol";
import { nameOf, titleOf } from "../state/selectors";
import { whenSaid } from "../when";
import type { Attach } from "./attach/Attaching";
import type { Completing } from "./completion";
import { useDraft } from "./composer/draft";
import { Growing } from "./composer/Growing";
import { lengthOf } from "./composer/length";
import { Said, type Saying } from "./composer/Said";
import { SendLater } from "./composer/SendLater";
import { shaping, useShape } from "./composer/shaping";
import { enterDoes, insertAt, isComposing } from "./enter";
import { Icon, IconButton } from "./icons";
import { lineOf } from "./message/line";
import { Text } from "./Text";
import { usePlace, useStore, useView } from "./view";

const Bar = lazy(() => import("./composer/Bar"), <div class="cc-bar" />);
const BoxSheet = lazy(() => import("./composer/BoxSheet"));
const PollMaker = lazy(() => import("./PollMaker"));

type Sheet = { type: "emoji" | "settings"; anchor: HTMLElement } | { type: "poll"; question: string } | null;

/** The text box of a room, or of a thread. */
export function Composer({ room, thread }: { room: Room; thread: Id | null }) {
  const view = useView();
  const { id, panel, go, tell } = view;
  const { place, size } = usePlace();
  const area = useRef<HTMLTextAreaElement>(null);
  const [said, say] = useState<Saying | null>(null);
  const quoting = thread === null && place.quoting?.room === room.id ? place.quoting : null;
  const draft = useDraft(area, room, thread, quoting?.id ?? null, say);
  const { text, write } = draft;
  const shape = useShape();
  const [sheet, setSheet] = useState<Sheet>(null);
  const [preview, setPreview] = useState(false);
  const [broadcast, setBroadcast] = useState(false);
  const title = useStore((state) => titleOf(state, room));
  const enter = useStore((state) => state.preferences.enter);
  const bar = useStore((state) => state.preferences.bar);
  const limit = useStore((state) => state.limits?.text ?? 40_000);
  const names = useRef<Completing>(null);
  const attach = useRef<Attach>(null);
  /** The paper clip was pressed before its part was there. */
  const early = useRef(false);
  const files = useStore((state) => state.trays.get(draft.key));
  const length = lengthOf(text, limit);
  const over = length > limit;
  const boxId = `${id}-${draft.key.replace(/[:/]/g, "-")}`;
  const where = room.kind === "direct" ? title : `#${title}`;

  useLayoutEffect(() => {
    if (quoting || thread !== null) area.current?.focus();
  }, [quoting, thread]);

  const onPreview = useCallback(() => setPreview((now) => !now), []);
  const onPoll = useCallback(() => setSheet({ type: "poll", question: "" }), []);
  useLayoutEffect(() => {
    if (!preview && document.activeElement?.closest(".cc-bar")) area.current?.focus();
  }, [preview]);

  if (room.archived)
    return <div class="cc-join">{t("This room is archived: it can be read, and nothing can be added.")}</div>;

  const empty = () => {
    // At once: what is typed before the next drawing is the beginning of the next message.
    if (area.current) area.current.value = "";
    write("");
    names.current?.close();
    say(null);
    setPreview(false);
    if (quoting) go({ quoting: null });
    area.current?.focus();
  };
  const target = () => ({
    room: room.id,
    reply_to: thread ?? quoting?.id ?? null,
    quote: quoting !== null,
    broadcast: thread !== null && broadcast,
  });
  /** What lies there now, drawn or not. */
  const tray = () => panel.state.trays.get(draft.key);
  const post = (text: string) => {
    const files = tray();
    panel.outbox.add({ ...target(), text, thread, ...(files && { files }) });
    setBroadcast(false);
    empty();
  };
  const send = () => {
    // What stands in the field, not what was drawn last: keys may be quicker than drawing.
    const text = area.current?.value.trim() ?? "";
    if ((!text && !tray()) || lengthOf(text, limit) > limit) return;
    const was = area.current?.value;
    if (!commandIn(text)) return post(unslashed(text));
    const done = () => {
      if (area.current?.value === was) empty();
    };
    const poll = (question: string) => setSheet({ type: "poll", question });
    shaping.load().then(
      ({ runCommand }) => runCommand(text, { view, room, say, post, poll, done }),
      (error: Error) => say({ tone: "problem", text: error.message }),
    );
  };
  const sendLater = async (at: Date) => {
    const text = area.current?.value.trim() ?? "";
    const files = tray();
    if (!text && !files) return;
    const was = area.current?.value;
    const micros = at.getTime() * 1_000;
    const words = { ...target(), text: unslashed(text), ...(files && { files: [...files] }) };
    try {
      const uploads = files && (await panel.uploads.load());
      if (files && uploads) {
        if (files.some((file) => panel.state.uploads.get(file)?.state !== "done"))
          say({ tone: "note", text: t("It is scheduled as soon as its files are uploaded.") });
        await uploads.ready(files);
      }
      await panel.ask({ type: "schedule", ...words, at: micros });
      uploads?.forget(files ?? []);
      if (area.current?.value === was) empty();
      const action = { label: t("Show"), act: () => go({ sheet: "drafts", screen: "room" }) };
      tell({ text: t("It will be sent {when}.", { when: whenSaid(micros) }), action });
    } catch (error) {
      say({ tone: "problem", text: (error as Error).message });
    }
  };
  const editLast = (): boolean => {
    const { me } = panel.state;
    const last = panel
      .timeline(room.id, thread)
      ?.held.findLast(({ message }) => message.author === me && message.kind === "text" && !message.deleted);
    if (last) go({ editing: last.message.id });
    return last !== undefined;
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }) => {
    const { currentTarget: area } = event;
    if (names.current?.onKeyDown(event) || shape?.shapeKey(event)) return;
    const bare = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
    if (event.key === "ArrowUp" && bare && !area.value && !isComposing(event) && editLast())
      event.preventDefault();
    if (event.key === "Escape" && !isComposing(event) && (said || quoting)) {
      event.stopPropagation();
      if (said) say(null);
      else go({ quoting: null });
    }
    if (event.key !== "Enter" || isComposing(event)) return;
    const does = enterDoes(event, enter);
    if (does === "send") {
      event.preventDefault();
      send();
    } else if (shape?.continueLine(area)) event.preventDefault();
    else if (does === "line") {
      event.preventDefault();
      insertAt(area, "\n");
    }
  };
  const onInput = (event: Event & { currentTarget: HTMLTextAreaElement }) => {
    const { value } = event.currentTarget;
    write(value);
    if (said && said.tone !== "note") say(null);
    if (value && !value.startsWith("/")) panel.typing(room.id, thread);
    names.current?.look();
  };
  const toggle = (type: "emoji" | "settings", anchor: HTMLElement) =>
    setSheet(sheet?.type === type ? null : { type, anchor });
  const nothing = !text.trim() && !files;
  const rows = bar || size === "narrow" ? 2 : 1;

  return (
    <div class="cc-composer">
      {quoting && (
        <div class="cc-quoting">
          <span>
            <strong>{nameOf(panel.state, quoting.author)}</strong> {lineOf(quoting)}
          </span>
          <IconButton
            icon="close"
            label={t("Do not quote")}
            size={14}
            onClick={() => go({ quoting: null })}
          />
        </div>
      )}
      {said && (
        <Said
          saying={said}
          onClose={() => {
            say(null);
            area.current?.focus();
          }}
        />
      )}
      <div class="cc-box" data-over={over || undefined} data-rows={files ? 2 : rows}>
        {shape && (
          <shape.Attaching
            key={draft.key}
            room={room.id}
            place={draft.key}
            {...{ where, area, attach, early, say }}
          />
        )}
        <Growing
          area={area}
          value={text}
          hide={preview}
          aria-label={thread ? t("Reply") : t("Message")}
          placeholder={thread ? t("Reply in thread") : t("Message {where}", { where })}
          aria-autocomplete="list"
          onInput={onInput}
          onKeyDown={onKeyDown}
          onKeyUp={() => names.current?.look()}
          onClick={() => names.current?.look()}
          onBlur={() => names.current?.close()}
          onPaste={(event) => {
            if (attach.current?.paste(event)) event.preventDefault();
            else shape?.paste(event, say);
          }}
        />
        {preview && (
          <section class="cc-box-preview" aria-label={t("Preview")}>
            {text.trim() ? (
              <Text key={text} text={unslashed(text.trim())} />
            ) : (
              <p class="cc-hint">{t("Nothing is written yet.")}</p>
            )}
          </section>
        )}
        {shape && <shape.Completion area={area} room={room.id} id={boxId} names={names} />}
        <div class="cc-box-foot">
          <Bar area={area} shapes={bar} preview={preview} onPreview={onPreview} onPoll={onPoll} />
          <div class="cc-box-tools">
            <IconButton
              icon="clip"
              label={t("Attach files")}
              onClick={() => {
                if (attach.current) attach.current.pick();
                else early.current = true;
              }}
            />
            <IconButton
              icon="smile"
              label={t("Emoji")}
              expanded={sheet?.type === "emoji"}
              onClick={(event) => toggle("emoji", event.currentTarget)}
            />
            <IconButton
              icon="gear"
              label={t("Text box settings")}
              expanded={sheet?.type === "settings"}
              onClick={(event) => toggle("settings", event.currentTarget)}
            />
            <button
              type="button"
              class="cc-send"
              aria-label={t("Send")}
              title={
                enter === "send"
                  ? t("Send (Enter)")
                  : t("Send ({key})", { key: spelled("Mod+Enter").join("+") })
              }
              disabled={nothing || over}
              onClick={send}
            >
              <Icon name="send" />
            </button>
            <SendLater
              disabled={nothing || over}
              onChoose={(at) => void sendLater(at)}
              onShow={() => go({ sheet: "drafts", screen: "room" })}
            />
          </div>
        </div>
      </div>
      {thread !== null && (
        <label class="cc-check cc-broadcast">
          <input
            type="checkbox"
            checked={broadcast}
            onChange={(event) => setBroadcast(event.currentTarget.checked)}
          />
          {t("Also send to {where}", { where })}
        </label>
      )}
      {shape && <shape.Usage text={text} />}
      {length > limit * 0.9 && (
        <p class={over ? "cc-problem" : "cc-hint"} role="status">
          {over
            ? t("{n} of {limit} characters. Make it shorter, or send it in parts.", counted(length, limit))
            : t("{n} of {limit} characters", counted(length, limit))}
        </p>
      )}
      {sheet && sheet.type !== "poll" && (
        <BoxSheet
          {...sheet}
          key={sheet.type}
          onPick={(emoji) => {
            setSheet(null);
            setPreview(false);
            if (area.current) insertAt(area.current, emoji);
          }}
          onClose={() => setSheet(null)}
        />
      )}
      {sheet?.type === "poll" && (
        <PollMaker
          room={room}
          thread={thread}
          question={sheet.question}
          onMade={() => {
            if (commandIn(text)) empty();
          }}
          onClose={() => setSheet(null)}
        />
      )}
    </div>
  );
}

const counted = (n: number, limit: number) => {
  const format = new Intl.NumberFormat(spoken());
  return { n: format.format(n), limit: format.format(limit) };
};
