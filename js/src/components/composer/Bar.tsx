import type { RefObject } from "preact";
import { useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import { carryOut, selectedIn } from "../enter";
import { Icon, type IconName } from "../icons";
import { memo } from "../memo";
import { SHAPES, type Shape, withCtrl } from "./keys";

interface Props {
  area: RefObject<HTMLTextAreaElement | null>;
  /** With the shapes, or only with what is not about shape. */
  shapes: boolean;
  preview: boolean;
  onPreview: () => void;
  onPoll: () => void;
}

const names = (): Record<Shape["name"], string> => ({
  bold: t("Bold"),
  italic: t("Italic"),
  strike: t("Strikethrough"),
  code: t("Code"),
  link: t("Link"),
  numbers: t("Numbered list"),
  bullets: t("Bulleted list"),
  quote: t("Quote"),
  block: t("Code block"),
});

/** The buttons that shape what is written; Tab reaches one, the arrows the others. */
const Bar = memo(({ area, shapes, preview, onPreview, onPoll }: Props) => {
  const [at, setAt] = useState("preview");
  const bar = useRef<HTMLDivElement>(null);
  const called = names();
  const step = (event: KeyboardEvent) => {
    const all = [...(bar.current?.querySelectorAll<HTMLElement>("button:not(:disabled)") ?? [])];
    const now = all.indexOf(event.target as HTMLElement);
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1 + all.length, Home: 0, End: all.length - 1 }[
      event.key
    ];
    if (next === undefined || now < 0) return;
    event.preventDefault();
    all[next % all.length]?.focus();
  };
  const button = (name: string, icon: IconName, label: string, title: string, act: () => void, more = {}) => (
    <button
      key={name}
      type="button"
      class="cc-icon-button"
      aria-label={label}
      title={title}
      tabIndex={at === name ? 0 : -1}
      onFocus={() => setAt(name)}
      onClick={act}
      {...more}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <div
      ref={bar}
      class="cc-bar"
      role="toolbar"
      aria-label={t("Formatting")}
      onKeyDown={step}
      // The text keeps the focus, and what is selected in it.
      onMouseDown={(event) => event.preventDefault()}
    >
      {shapes &&
        SHAPES.map(({ name, key, edit }) =>
          button(
            name,
            name,
            called[name],
            key ? `${called[name]} (${withCtrl(key.said)})` : called[name],
            () => {
              if (area.current) carryOut(area.current, edit(selectedIn(area.current)));
            },
            { disabled: preview },
          ),
        )}
      {shapes && <span class="cc-bar-gap" />}
      {button("poll", "poll", t("Poll"), t("Ask with choices"), onPoll)}
      {button("preview", "eye", t("Preview"), t("See how it will look"), onPreview, {
        "aria-pressed": preview,
      })}
    </div>
  );
});

export default Bar;
