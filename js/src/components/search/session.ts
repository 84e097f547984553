import type { Panel } from "../../panel";
import type { Id } from "../../protocol";
import { wants } from "../../state/selectors";
import { commandsOf } from "../switch/commands";
import { type Known, knownIn } from "../switch/entries";
import type { Ask, View } from "../view";
import { Finder, type Sort, type Wanted } from "./finder";
import { filterAt, type Piece, pieces } from "./query";

const PAGE = 30;

/** What one view looks for, and where one is in what was found: kept while one looks at a message. */
export class Session {
  text = "";
  cursor = 0;
  /** In this room alone. */
  here: Id | null = null;
  sort: Sort = "relevance";
  /** The option that was chosen by hand. */
  at: string | null = null;
  /** The message that was opened last. */
  opened: Id | null = null;
  scroll = 0;
  /** What it was opened for, once that was heeded. */
  ask: Ask | null = null;
  /** Where the values of a filter were closed by hand. */
  shut = -1;
  readonly finder: Finder;
  private going: { known: Known[]; wanting: Set<Id> } | null = null;

  constructor(private readonly panel: Panel) {
    this.finder = new Finder((wanted, cursor) =>
      panel.ask({
        type: "search",
        query: wanted.text,
        room: wanted.room,
        sort: wanted.sort,
        limit: PAGE,
        utc_offset: -new Date().getTimezoneOffset(),
        ...(cursor !== null && { cursor }),
      }),
    );
  }

  /** Where one may go, as it was when the search opened: news must not move what one is about to choose. */
  get places(): { known: Known[]; wanting: Set<Id> } {
    const { state } = this.panel;
    this.going ??= {
      known: knownIn(state, commandsOf()),
      wanting: new Set([...state.rooms.values()].filter((room) => wants(state, room)).map(({ id }) => id)),
    };
    return this.going;
  }

  /** The filter that is being typed. */
  get started(): Piece | null {
    const found = filterAt(this.text, this.cursor);
    return found?.from === this.shut ? null : found;
  }

  /** What the hub is asked; null where there is nothing to ask. */
  wanted(typing: Piece | null): Wanted | null {
    if (/^\s*>/.test(this.text)) return null;
    const { text } = this;
    const left = pieces(text)
      .filter(({ name, value, from }) => name !== null && (value === "" || from === typing?.from))
      .reduceRight((text, { from, to }) => text.slice(0, from) + text.slice(to), text)
      .trim();
    return left ? { text: left, room: this.here, sort: this.sort } : null;
  }

  /** Nothing is looked for any more. */
  end(): void {
    this.text = "";
    this.cursor = 0;
    this.here = null;
    this.sort = "relevance";
    this.at = null;
    this.opened = null;
    this.scroll = 0;
    this.shut = -1;
    this.going = null;
    this.finder.look(null);
  }
}

const sessions = new WeakMap<Panel, Map<string, Session>>();

/** The search of a view. */
export function sessionOf({ panel, id }: View): Session {
  const views = sessions.get(panel) ?? new Map<string, Session>();
  sessions.set(panel, views);
  const found = views.get(id) ?? new Session(panel);
  views.set(id, found);
  return found;
}
