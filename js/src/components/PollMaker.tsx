import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import type { Id, Room } from "../protocol";
import { titleOf } from "../state/selectors";
import { Dialog } from "./Dialog";
import { IconButton } from "./icons";
import { useStore, useView } from "./view";

interface Props {
  room: Room;
  thread?: Id | null;
  question?: string;
  onMade?: () => void;
  onClose: () => void;
}

/** Characters of a question, and of a choice. */
const MOST = { question: 500, choice: 200 };

/** A question with choices, being made. */
export default function PollMaker({ room, thread = null, question: first = "", onMade, onClose }: Props) {
  const { panel } = useView();
  const most = useStore((state) => state.limits?.poll_options ?? 10);
  const title = useStore((state) => titleOf(state, room));
  const [question, setQuestion] = useState(first);
  const [choices, setChoices] = useState([
    { key: 0, text: "" },
    { key: 1, text: "" },
  ]);
  const [multiple, setMultiple] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const keys = useRef(1);
  const nothing = () => {
    keys.current += 1;
    return { key: keys.current, text: "" };
  };
  const list = useRef<HTMLOListElement>(null);
  const focus = useRef<number | null>(null);

  useEffect(() => {
    if (focus.current === null) return;
    list.current?.querySelectorAll<HTMLElement>("input")[focus.current]?.focus();
    focus.current = null;
  });

  const set = (key: number, text: string) => {
    const next = choices.map((choice) => (choice.key === key ? { key, text } : choice));
    // The next empty line is there before it is needed.
    if (next.length < most && next.every((choice) => choice.text.trim())) next.push(nothing());
    setChoices(next);
    setProblem(null);
  };
  const submit = async () => {
    const options = choices.map(({ text }) => text.trim()).filter(Boolean);
    const twice = options.find((option, at) => options.indexOf(option) !== at);
    if (!question.trim()) return setProblem(t("Write the question."));
    if (options.length < 2) return setProblem(t("Write at least two choices."));
    if (twice !== undefined) return setProblem(t("“{choice}” stands there twice.", { choice: twice }));
    if (sending) return;
    setSending(true);
    try {
      const asked = { question: question.trim(), options, multiple, reply_to: thread };
      await panel.ask({ type: "create_poll", room: room.id, ...asked });
      onMade?.();
      onClose();
    } catch (error) {
      setProblem((error as Error).message);
      setSending(false);
    }
  };
  return (
    <Dialog title={t("New poll")} onClose={onClose} onSubmit={() => void submit()}>
      <div class="cc-dialog-body">
        <label class="cc-field">
          <span>{t("Question")}</span>
          <input
            class="cc-input"
            type="text"
            dir="auto"
            data-first
            autocomplete="off"
            maxLength={MOST.question}
            value={question}
            onInput={(event) => {
              setQuestion(event.currentTarget.value);
              setProblem(null);
            }}
          />
        </label>
        <div class="cc-field">
          <span id="cc-poll-choices">{t("Choices")}</span>
          <ol ref={list} class="cc-poll-maker" aria-labelledby="cc-poll-choices">
            {choices.map(({ key, text }, at) => (
              <li key={key}>
                <input
                  class="cc-input"
                  type="text"
                  dir="auto"
                  autocomplete="off"
                  aria-label={t("Choice {n}", { n: at + 1 })}
                  placeholder={t("Choice {n}", { n: at + 1 })}
                  maxLength={MOST.choice}
                  value={text}
                  onInput={(event) => set(key, event.currentTarget.value)}
                  onKeyDown={(event) => {
                    // Enter goes to the next choice; the poll is made where all are written.
                    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
                    if (at === choices.length - 1 || (text.trim() === "" && choices.length > 2)) return;
                    event.preventDefault();
                    list.current?.querySelectorAll<HTMLElement>("input")[at + 1]?.focus();
                  }}
                />
                {choices.length > 2 && text && (
                  <IconButton
                    icon="close"
                    size={14}
                    label={t("Remove choice {n}", { n: at + 1 })}
                    onClick={() => {
                      focus.current = Math.max(0, at - 1);
                      const left = choices.filter((choice) => choice.key !== key);
                      if (left.every((choice) => choice.text.trim())) left.push(nothing());
                      setChoices(left);
                    }}
                  />
                )}
              </li>
            ))}
          </ol>
        </div>
        <label class="cc-check">
          <input
            type="checkbox"
            checked={multiple}
            onChange={(event) => setMultiple(event.currentTarget.checked)}
          />
          {t("One may choose several")}
        </label>
        {problem && (
          <p class="cc-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
      <footer class="cc-dialog-foot">
        <span class="cc-hint cc-stretch">
          {room.kind === "direct" ? t("For {who} and you", { who: title }) : t("In #{room}", { room: title })}
        </span>
        <button type="button" class="cc-button" onClick={onClose}>
          {t("Cancel")}
        </button>
        <button type="submit" class="cc-button cc-primary" disabled={sending}>
          {t("Ask")}
        </button>
      </footer>
    </Dialog>
  );
}
