import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef } from "preact/hooks";
import { Frequent } from "../emoji/frequent";
import { t } from "../i18n";
import { part, usePart } from "../lazy";
import type { Id } from "../protocol";
import { type Choice, choices, type Started, started } from "../state/complete";
import { Avatar } from "./Avatar";
import { emojiFinder, loadEmoji } from "./composer/emoji";
import { insertAt, isComposing } from "./enter";
import { Icon } from "./icons";
import { useView } from "./view";

const commandWords = part(() => import("../commandWords"));

interface Open {
  word: Started;
  choices: Choice[];
  active: number;
}

const LISTS = () => ({ "@": t("People"), "#": t("Rooms"), ":": t("Emoji"), "/": t("Commands") });

/** What a text box tells its completion. */
export interface Completing {
  look(): void;
  close(): void;
  /** Whether the key was ours. */
  onKeyDown(event: KeyboardEvent): boolean;
}

interface Props {
  area: RefObject<HTMLTextAreaElement | null>;
  room: Id;
  id: string;
  names: RefObject<Completing | null>;
}

/** Names that are completed while one types: members after "@", rooms after "#", emoji after ":", commands after "/". */
export function Completion({ area, room, id, names }: Props) {
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
    const find = word?.sign === ":" ? emojiFinder(panel) : undefined;
    const commands = word?.sign === "/" ? commandWords.now?.commands() : undefined;
    const missing =
      word?.sign === ":" && !find ? loadEmoji : word?.sign === "/" && !commands && commandWords.load;
    if (missing)
      (missing() as Promise<unknown>).then(look, () => {
        // Without the table none are offered.
      });
    const found =
      word && word.at !== closed.current ? choices(panel.state, room, word, { find, commands }) : [];
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
    if (word.sign === ":") new Frequent(panel.memory.lasting).use(choice.name);
    insertAt(field, `${word.sign === ":" ? "" : word.sign}${choice.name}${gap}`);
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const now = open.current;
    if (!now || isComposing(event)) return false;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const { length } = now.choices;
    const chosen = now.choices[now.active];
    if (event.key === "ArrowDown") set({ ...now, active: (now.active + 1) % length });
    else if (event.key === "ArrowUp") set({ ...now, active: (now.active + length - 1) % length });
    else if (event.key === "Escape") {
      closed.current = now.word.at;
      set(null);
    } else if (event.key === "Enter" && now.word.sign === "/" && chosen?.name === now.word.word) return false;
    else if ((event.key === "Enter" || event.key === "Tab") && chosen) pick(chosen);
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
  const close = () => {
    closed.current = -1;
    set(null);
  };
  useLayoutEffect(() => {
    names.current = { look, close, onKeyDown };
    const field = area.current;
    if (now) {
      field?.setAttribute("aria-controls", `${id}-options`);
      field?.setAttribute("aria-activedescendant", option(now.active));
    } else {
      field?.removeAttribute("aria-controls");
      field?.removeAttribute("aria-activedescendant");
    }
  });
  useEffect(() => {
    // What was typed before this came.
    if (area.current?.ownerDocument.activeElement === area.current) look();
    return () => {
      names.current = null;
    };
  }, []);
  return (
    now && (
      <div
        ref={list}
        class="cc-popover cc-options"
        role="listbox"
        id={`${id}-options`}
        aria-label={LISTS()[now.word.sign]}
        // The text box keeps the focus.
        onMouseDown={(event) => event.preventDefault()}
      >
        {now.choices.map((choice, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the text box
          <div
            key={choice.id}
            id={option(at)}
            data-sign={now.word.sign}
            role="option"
            tabIndex={-1}
            class="cc-option"
            aria-selected={at === now.active}
            onClick={() => pick(choice)}
          >
            {now.word.sign === "@" ? (
              <Avatar member={panel.state.members.get(choice.id)} size={24} />
            ) : now.word.sign !== "#" ? null : (
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
    )
  );
}

/** What a command wants, while its arguments are written. */
export function Usage({ text }: { text: string }) {
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
