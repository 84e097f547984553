import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { plain } from "../markdown";
import type { Id, Room } from "../protocol";
import { nameOf, titleOf } from "../state/selectors";
import { useCompletion } from "./completion";
import { EnterChoice } from "./EnterChoice";
import { enterDoes, grow, insertAt } from "./enter";
import { Icon, IconButton } from "./icons";
import { Palette } from "./Palette";
import { Popover } from "./Popover";
import { usePlace, useStore, useView } from "./view";

/** The text box of a room, or of a thread. */
export function Composer({ room, thread }: { room: Room; thread: Id | null }) {
  const { id, panel, go } = useView();
  const { place } = usePlace();
  const draft = thread ? `thread:${thread}` : `room:${room.id}`;
  const [text, setText] = useState(() => panel.drafts.get(draft));
  const [sheet, setSheet] = useState<{ type: "emoji" | "enter"; anchor: HTMLElement } | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const title = useStore((state) => titleOf(state, room));
  const enter = useStore((state) => state.preferences.enter);
  const limit = useStore((state) => state.limits?.text ?? 40_000);
  const me = useStore((state) => state.me);
  const names = useCompletion(area, room.id, `${id}-${draft.replace(":", "-")}`);
  const quoting = thread === null && place.quoting?.room === room.id ? place.quoting : null;
  const length = text.length > limit / 2 ? [...text].length : text.length;
  const over = length > limit;

  useLayoutEffect(() => grow(area.current), [text]);
  useLayoutEffect(() => {
    if (quoting || thread !== null) area.current?.focus();
  }, [quoting, thread]);

  if (room.archived)
    return <div class="cc-join">This room is archived: it can be read, and nothing can be added.</div>;

  const write = (text: string) => {
    setText(text);
    panel.drafts.set(draft, text);
  };
  const send = () => {
    // What stands in the field, not what was drawn last: keys may be quicker than drawing.
    const text = area.current?.value.trim() ?? "";
    if (!text || [...text].length > limit) return;
    const answers = thread ?? quoting?.id ?? null;
    panel.outbox.add({
      room: room.id,
      text,
      reply_to: answers,
      quote: quoting !== null,
      thread,
    });
    write("");
    names.close();
    if (quoting) go({ quoting: null });
    area.current?.focus();
  };
  const editLast = (): boolean => {
    const timeline = panel.timeline(room.id, thread);
    const last = timeline?.held.findLast(
      ({ message }) => message.author === me && message.kind === "text" && !message.deleted,
    );
    if (last) go({ editing: last.message.id });
    return last !== undefined;
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }) => {
    if (names.onKeyDown(event)) return;
    if (event.key === "ArrowUp" && !event.currentTarget.value && !event.isComposing && editLast())
      event.preventDefault();
    if (event.key === "Escape" && quoting) go({ quoting: null });
    const does = enterDoes(event, enter);
    if (!does) return;
    event.preventDefault();
    if (does === "send") send();
    else insertAt(event.currentTarget, "\n");
  };
  const toggle = (type: "emoji" | "enter", anchor: HTMLElement) =>
    setSheet(sheet?.type === type ? null : { type, anchor });

  return (
    <div class="cc-composer">
      {quoting && (
        <div class="cc-quoting">
          <span>
            <strong>{nameOf(panel.state, quoting.author)}</strong> {plain(quoting.text ?? "")}
          </span>
          <IconButton icon="close" label="Do not quote" size={14} onClick={() => go({ quoting: null })} />
        </div>
      )}
      <div class="cc-box" data-over={over || undefined}>
        <textarea
          ref={area}
          class="cc-area"
          rows={1}
          aria-label={thread ? "Reply" : "Message"}
          placeholder={thread ? "Reply in thread" : `Message ${room.kind === "direct" ? title : `#${title}`}`}
          {...names.aria}
          value={text}
          onInput={(event) => {
            write(event.currentTarget.value);
            names.look();
          }}
          onKeyDown={onKeyDown}
          onKeyUp={names.look}
          onClick={names.look}
          onBlur={names.close}
        />
        {names.list}
        <div class="cc-box-tools">
          <IconButton
            icon="smile"
            label="Emoji"
            expanded={sheet?.type === "emoji"}
            onClick={(event) => toggle("emoji", event.currentTarget)}
          />
          <IconButton
            icon="gear"
            label="Text box settings"
            expanded={sheet?.type === "enter"}
            onClick={(event) => toggle("enter", event.currentTarget)}
          />
          <button
            type="button"
            class="cc-send"
            aria-label="Send"
            title={enter === "send" ? "Send (Enter)" : "Send (Ctrl+Enter)"}
            disabled={!text.trim() || over}
            onClick={send}
          >
            <Icon name="send" />
          </button>
        </div>
      </div>
      {length > limit * 0.9 && (
        <p class={over ? "cc-problem" : "cc-hint"}>
          {length.toLocaleString("en")} of {limit.toLocaleString("en")} characters
          {over && ". Make it shorter, or send it in parts."}
        </p>
      )}
      {sheet?.type === "emoji" && (
        <Popover anchor={sheet.anchor} label="Emoji" onClose={() => setSheet(null)}>
          <Palette
            onPick={(emoji) => {
              setSheet(null);
              if (area.current) insertAt(area.current, emoji);
            }}
          />
        </Popover>
      )}
      {sheet?.type === "enter" && (
        <Popover anchor={sheet.anchor} label="Text box settings" onClose={() => setSheet(null)}>
          <EnterChoice />
        </Popover>
      )}
    </div>
  );
}
