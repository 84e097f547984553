import type { RefObject } from "preact";
import { useEffect, useReducer, useRef } from "preact/hooks";
import type { Id } from "../protocol";
import { type Choice, choices, type Started, started } from "../state/complete";
import { Avatar } from "./Avatar";
import { insertAt } from "./enter";
import { Icon } from "./icons";
import { useView } from "./view";

interface Open {
  word: Started;
  choices: Choice[];
  active: number;
}

/** Names that are completed while one types: members after "@", rooms after "#". */
export function useCompletion(area: RefObject<HTMLTextAreaElement | null>, room: Id, id: string) {
  const { panel } = useView();
  const [, draw] = useReducer((n: number) => n + 1, 0);
  // Not in a state: keys may be quicker than drawing.
  const open = useRef<Open | null>(null);
  /** Where the list was closed by hand. */
  const closed = useRef(-1);
  const list = useRef<HTMLDivElement>(null);

  const set = (next: Open | null) => {
    if (next === open.current) return;
    open.current = next;
    draw(undefined);
  };
  const look = () => {
    const field = area.current;
    const word =
      field && field.selectionStart === field.selectionEnd
        ? started(field.value, field.selectionStart)
        : null;
    if (word?.at !== closed.current) closed.current = -1;
    const found = word && word.at !== closed.current ? choices(panel.state, room, word) : [];
    const before = open.current;
    if (!word || found.length === 0) return set(null);
    const same = before?.word.at === word.at && before.word.word === word.word;
    set(same ? before : { word, choices: found, active: 0 });
  };
  const pick = (choice: Choice) => {
    const field = area.current;
    const { word } = open.current ?? {};
    set(null);
    if (!field || !word) return;
    field.setSelectionRange(word.at, word.at + 1 + word.word.length);
    const gap = /^\s/.test(field.value.slice(field.selectionEnd)) ? "" : " ";
    insertAt(field, `${word.sign}${choice.name}${gap}`);
  };
  /** Whether the key was ours. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const now = open.current;
    if (!now || event.isComposing || event.keyCode === 229) return false;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const { length } = now.choices;
    const chosen = now.choices[now.active];
    if (event.key === "ArrowDown") set({ ...now, active: (now.active + 1) % length });
    else if (event.key === "ArrowUp") set({ ...now, active: (now.active + length - 1) % length });
    else if (event.key === "Escape") {
      closed.current = now.word.at;
      set(null);
    } else if ((event.key === "Enter" || event.key === "Tab") && chosen) pick(chosen);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  const now = open.current;
  useEffect(() => {
    list.current?.children[now?.active ?? 0]?.scrollIntoView?.({ block: "nearest" });
  }, [now]);
  const option = (at: number) => `${id}-option-${at}`;
  return {
    look,
    close: () => {
      closed.current = -1;
      set(null);
    },
    onKeyDown,
    aria: {
      "aria-autocomplete": "list",
      "aria-controls": now ? `${id}-options` : undefined,
      "aria-activedescendant": now ? option(now.active) : undefined,
    } as const,
    list: now && (
      <div
        ref={list}
        class="cc-popover cc-options"
        role="listbox"
        id={`${id}-options`}
        aria-label={now.word.sign === "@" ? "People" : "Rooms"}
        // The text box keeps the focus.
        onMouseDown={(event) => event.preventDefault()}
      >
        {now.choices.map((choice, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the text box
          <div
            key={choice.id}
            id={option(at)}
            role="option"
            tabIndex={-1}
            class="cc-option"
            aria-selected={at === now.active}
            onClick={() => pick(choice)}
          >
            {now.word.sign === "@" ? (
              <Avatar member={panel.state.members.get(choice.id)} size={24} />
            ) : (
              <span class="cc-sign" style={{ "--cc-size": "24px" }} aria-hidden="true">
                <Icon
                  name={panel.state.rooms.get(choice.id)?.kind === "private" ? "lock" : "hash"}
                  size={15}
                />
              </span>
            )}
            <span class="cc-option-title">{choice.title}</span>{" "}
            <span class="cc-option-about">{choice.about}</span>
          </div>
        ))}
      </div>
    ),
  };
}
