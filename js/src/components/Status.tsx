import { useState } from "preact/hooks";
import { t } from "../i18n";
import { statusOf } from "../state/selectors";
import { Dialog } from "./Dialog";
import { Icon } from "./icons";
import { Palette } from "./Palette";
import { Popover } from "./Popover";
import { Select } from "./Select";
import { untilOf } from "./StatusSign";
import { endOf, type Span } from "./status/span";
import { useStore, useView } from "./view";

interface Preset {
  emoji: string;
  text: string;
  span: Span;
}

const presets = (): Preset[] => [
  { emoji: "🗓️", text: t("In a meeting"), span: "hour" },
  { emoji: "🥪", text: t("At lunch"), span: "half-hour" },
  { emoji: "🎧", text: t("Focusing"), span: "hour" },
  { emoji: "🏡", text: t("Working from home"), span: "today" },
  { emoji: "🤒", text: t("Ill"), span: "today" },
  { emoji: "🌴", text: t("On holiday"), span: "never" },
];

/** What one says of oneself, and for how long. */
export default function Status({ onClose }: { onClose: () => void }) {
  const { panel } = useView();
  const now = useStore((state) => {
    const me = state.members.get(state.me);
    return me ? statusOf(state, me) : null;
  });
  const [emoji, setEmoji] = useState(now?.emoji ?? "");
  const [text, setText] = useState(now?.text ?? "");
  const [span, setSpan] = useState<Span>(now ? "as-is" : "today");
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);

  const save = async (emoji: string, text: string) => {
    if (saving) return;
    setSaving(true);
    setProblem(null);
    const empty = !emoji && !text.trim();
    const until = empty ? null : span === "as-is" ? (now?.until ?? null) : endOf(span);
    try {
      await panel.ask({ type: "set_status", emoji, text: text.trim(), until });
      onClose();
    } catch (problem) {
      setProblem((problem as Error).message);
      setSaving(false);
    }
  };
  const spans: { value: Span; label: string }[] = [
    { value: "half-hour", label: t("For 30 minutes") },
    { value: "hour", label: t("For 1 hour") },
    { value: "today", label: t("Today") },
    { value: "never", label: t("Until I change it") },
  ];
  if (now) spans.unshift({ value: "as-is", label: now.until === null ? t("As it is") : untilOf(now) });

  return (
    <Dialog title={t("Your status")} onClose={onClose} onSubmit={() => void save(emoji, text)}>
      <div class="cc-dialog-body">
        <div class="cc-row cc-nowrap">
          <button
            type="button"
            class="cc-button cc-status-choose"
            aria-label={emoji ? t("Emoji: {emoji}", { emoji }) : t("Choose an emoji")}
            aria-expanded={anchor !== null}
            onClick={(event) => setAnchor(anchor ? null : event.currentTarget)}
          >
            {emoji || <Icon name="smile" />}
          </button>
          <input
            class="cc-input"
            type="text"
            data-first
            aria-label={t("Status")}
            placeholder={t("What are you up to?")}
            autocomplete="off"
            maxLength={100}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </div>
        <ul class="cc-presets" aria-label={t("Suggestions")}>
          {presets().map((preset) => (
            <li key={preset.text}>
              <button
                type="button"
                class="cc-menu-item"
                onClick={() => {
                  setEmoji(preset.emoji);
                  setText(preset.text);
                  setSpan(preset.span);
                }}
              >
                <span class="cc-status-emoji" aria-hidden="true">
                  {preset.emoji}
                </span>
                {preset.text}
                <span class="cc-stretch" />
                <span class="cc-faint">{spans.find(({ value }) => value === preset.span)?.label}</span>
              </button>
            </li>
          ))}
        </ul>
        <Select title={t("How long")} value={span} options={spans} onChoose={setSpan} />
        {problem && (
          <p class="cc-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
      <footer class="cc-dialog-foot">
        {now && (
          <button
            type="button"
            class="cc-button cc-danger-text"
            disabled={saving}
            onClick={() => void save("", "")}
          >
            {t("Clear status")}
          </button>
        )}
        <span class="cc-stretch" />
        <button type="button" class="cc-button" onClick={onClose}>
          {t("Cancel")}
        </button>
        <button
          type="submit"
          class="cc-button cc-primary"
          disabled={saving || (!emoji && !text.trim() && now === null)}
        >
          {t("Save")}
        </button>
      </footer>
      {anchor && (
        <Popover anchor={anchor} label={t("Emoji")} onClose={() => setAnchor(null)}>
          <Palette
            onPick={(emoji) => {
              setEmoji(emoji);
              setAnchor(null);
            }}
          />
        </Popover>
      )}
    </Dialog>
  );
}
