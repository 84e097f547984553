import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Mentioned, render } from "../markdown";
import type { Panel } from "../panel";
import { memo } from "./memo";
import { useView } from "./view";

/** Rendered texts, so that drawing a room again does not parse it again. */
const CACHE_SIZE = 1_000;
const cache = new WeakMap<Panel, { members: number; texts: Map<string, DocumentFragment> }>();

function rendered(panel: Panel, text: string): Node {
  const { members, me } = panel.state;
  let mine = cache.get(panel);
  if (!mine || mine.members !== members.size) {
    mine = { members: members.size, texts: new Map() };
    cache.set(panel, mine);
  }
  let fragment = mine.texts.get(text);
  if (!fragment) {
    fragment = render(text, mentions(panel, me));
    if (mine.texts.size >= CACHE_SIZE) mine.texts.delete(mine.texts.keys().next().value as string);
    mine.texts.set(text, fragment);
  }
  return fragment.cloneNode(true);
}

function mentions(panel: Panel, me: string): Mentioned {
  return (handle) => {
    for (const member of panel.state.members.values())
      if (member.handle.toLowerCase() === handle.toLowerCase())
        return { name: member.name || member.handle, me: member.id === me };
    return null;
  };
}

/** A text of this many lines or characters is folded at first. */
const LONG = { lines: 40, characters: 3_500 };

/** The text of a message. */
export const Text = memo(({ text }: { text: string }) => {
  const { panel } = useView();
  const element = useRef<HTMLDivElement>(null);
  const long = text.length > LONG.characters || text.split("\n", LONG.lines + 1).length > LONG.lines;
  const [folded, setFolded] = useState(long);
  useLayoutEffect(() => {
    // Of a long text only what is seen is parsed: it may be long to keep browsers busy.
    element.current?.replaceChildren(rendered(panel, folded ? text.slice(0, LONG.characters) : text));
  }, [panel, text, folded]);
  return (
    <>
      <div ref={element} class={folded ? "cc-text cc-folded" : "cc-text"} />
      {long && (
        <button type="button" class="cc-link-button" onClick={() => setFolded(!folded)}>
          {folded ? "Show all" : "Show less"}
        </button>
      )}
    </>
  );
});
