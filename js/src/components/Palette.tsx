import { useMemo, useState } from "preact/hooks";
import { PALETTE, QUICK } from "../emoji";

/** Emoji to pick from; the field finds them by their names. */
export function Palette({ onPick }: { onPick: (emoji: string) => void }) {
  const [words, setWords] = useState("");
  const found = useMemo(() => {
    const wanted = words.trim().toLowerCase();
    return wanted ? PALETTE.filter(({ name }) => name.includes(wanted)) : PALETTE;
  }, [words]);
  return (
    <div class="cc-palette">
      <input
        class="cc-input"
        type="text"
        aria-label="Find an emoji"
        placeholder="Find an emoji"
        autocomplete="off"
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.isComposing && found[0]) {
            event.preventDefault();
            onPick(found[0].emoji);
          }
        }}
      />
      {!words && (
        <div class="cc-palette-row">
          {QUICK.map(({ emoji, name }) => (
            <button key={emoji} type="button" aria-label={name} title={name} onClick={() => onPick(emoji)}>
              {emoji}
            </button>
          ))}
        </div>
      )}
      <div class="cc-palette-grid">
        {found.map(({ emoji, name }) =>
          words || !QUICK.some((quick) => quick.emoji === emoji) ? (
            <button key={emoji} type="button" aria-label={name} title={name} onClick={() => onPick(emoji)}>
              {emoji}
            </button>
          ) : null,
        )}
        {found.length === 0 && <p class="cc-hint">None is called so.</p>}
      </div>
    </div>
  );
}
