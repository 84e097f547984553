import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import { commandIn, unslashed } from "../commands";
import { spoken, t } from "../i18n";
import { spelled } from "../keys";
import { lazy, usePart } from "../lazy";
import { plain } from "../markdown";
import type { Id, Room } from "../protocol";
import { nameOf, titleOf } from "../state/selectors";
import { whenSaid } from "../when";
import { commandWords, useCompletion } from "./completion";
import { BoxSettings } from "./composer/BoxSettings";
import { useDraft } from "./composer/draft";
import { Growing } from "./composer/Growing";
import { lengthOf } from "./composer/length";
import { runCommand } from "./composer/running";
import { Said, type Saying } from "./composer/Said";
import { SendLater } from "./composer/SendLater";
import { shaping, useShaping } from "./composer/shaping";
import { enterDoes, insertAt, isComposing } from "./enter";
import { Icon, IconButton } from "./icons";
import { Popover } from "./Popover";
import { Text } from "./Text";
import { usePlace, useStore, useView } from "./view";

const Bar = lazy(() => import("./composer/Bar"), <div class="cc-bar" />);
const Palette = lazy(() => import("./Palette"));
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
  useShaping();
  const [sheet, setSheet] = useState<Sheet>(null);
  const [preview, setPreview] = useState(false);
  const [broadcast, setBroadcast] = useState(false);
  const title = useStore((state) => titleOf(state, room));
  const enter = useStore((state) => state.preferences.enter);
  const bar = useStore((state) => state.preferences.bar);
  const limit = useStore((state) => state.limits?.text ?? 40_000);
  const names = useCompletion(area, room.id, `${id}-${draft.key.replace(/[:/]/g, "-")}`);
  const length = lengthOf(text, limit);
  const over = length > limit;
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
    names.close();
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
  const post = (text: string) => {
    panel.outbox.add({ ...target(), text, thread });
    setBroadcast(false);
    empty();
  };
  const send = () => {
    // What stands in the field, not what was drawn last: keys may be quicker than drawing.
    const text = area.current?.value.trim() ?? "";
    if (!text || lengthOf(text, limit) > limit) return;
    const was = area.current?.value;
    const ours = runCommand(text, {
      view,
      room,
      say,
      post,
      poll: (question) => setSheet({ type: "poll", question }),
      done: () => {
        if (area.current?.value === was) empty();
      },
    });
    if (!ours) post(unslashed(text));
  };
  const sendLater = async (at: Date) => {
    const text = area.current?.value.trim() ?? "";
    if (!text) return;
    const was = area.current?.value;
    const micros = at.getTime() * 1_000;
    try {
      await panel.ask({ type: "schedule", ...target(), text: unslashed(text), at: micros });
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
    if (names.onKeyDown(event) || shaping.now?.shapeKey(event)) return;
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
    } else if (shaping.now?.continueLine(area)) event.preventDefault();
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
    names.look();
  };
  const toggle = (type: "emoji" | "settings", anchor: HTMLElement) =>
    setSheet(sheet?.type === type ? null : { type, anchor });
  const rows = bar || size === "narrow" ? 2 : 1;

  return (
    <div class="cc-composer">
      {quoting && (
        <div class="cc-quoting">
          <span>
            <strong>{nameOf(panel.state, quoting.author)}</strong> {plain(quoting.text ?? "")}
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
      <div class="cc-box" data-over={over || undefined} data-rows={rows}>
        <Growing
          area={area}
          value={text}
          hide={preview}
          aria-label={thread ? t("Reply") : t("Message")}
          placeholder={thread ? t("Reply in thread") : t("Message {where}", { where })}
          {...names.aria}
          onInput={onInput}
          onKeyDown={onKeyDown}
          onKeyUp={names.look}
          onClick={names.look}
          onBlur={names.close}
          onPaste={(event) => shaping.now?.paste(event, say)}
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
        {names.list}
        <div class="cc-box-foot">
          <Bar area={area} shapes={bar} preview={preview} onPreview={onPreview} onPoll={onPoll} />
          <div class="cc-box-tools">
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
              disabled={!text.trim() || over}
              onClick={send}
            >
              <Icon name="send" />
            </button>
            <SendLater
              disabled={!text.trim() || over}
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
      <Usage text={text} />
      {length > limit * 0.9 && (
        <p class={over ? "cc-problem" : "cc-hint"} role="status">
          {over
            ? t("{n} of {limit} characters. Make it shorter, or send it in parts.", counted(length, limit))
            : t("{n} of {limit} characters", counted(length, limit))}
        </p>
      )}
      {sheet?.type === "emoji" && (
        <Popover anchor={sheet.anchor} label={t("Emoji")} onClose={() => setSheet(null)}>
          <Palette
            onPick={(emoji: string) => {
              setSheet(null);
              setPreview(false);
              if (area.current) insertAt(area.current, emoji);
            }}
          />
        </Popover>
      )}
      {sheet?.type === "settings" && (
        <Popover anchor={sheet.anchor} label={t("Text box settings")} onClose={() => setSheet(null)}>
          <BoxSettings />
        </Popover>
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

/** What a command wants, while its arguments are written. */
function Usage({ text }: { text: string }) {
  const words = usePart(commandWords, text.startsWith("/"));
  if (!text.startsWith("/")) return null;
  const name = /^\/(\p{L}[\p{L}\p{N}-]*)\s/u.exec(text)?.[1]?.toLowerCase();
  const command = words?.commands().find((command) => command.name === name);
  if (!command) return null;
  return (
    <p class="cc-hint cc-usage">
      <code>
        /{command.name} {command.args}
      </code>{" "}
      {command.about}
    </p>
  );
}
