import { loadEmoji } from "../emoji/load";
import type { Table } from "../emoji/table";
import { spoken } from "../i18n";
import { type Part, part } from "../lazy";
import { action, type Names } from "../markdown";
import { finish, render, type Tools } from "../markdown/markdown";
import type { Panel } from "../panel";
import { namesFor } from "./textNames";

export { onTextClick, onTextKey } from "./textActs";

/** What makes a text complete, each when the first text in sight wants it. */
const parts: { [K in keyof Tools]: Part<NonNullable<Tools[K]>> } = {
  colour: part(() => import("../markdown/highlight").then(({ colour }) => colour)),
  math: part(() => import("../markdown/math").then(({ typeset }) => typeset)),
  emoji: part((): Promise<Table> => loadEmoji("en")),
};
const tools = (): Tools => ({ colour: parts.colour.now, math: parts.math.now, emoji: parts.emoji.now });

/** Rendered texts, so that drawing a room again does not parse it again. */
const CACHE_SIZE = 1_000;
const cache = new WeakMap<Panel, { names: Names; language: string; texts: Map<string, DocumentFragment> }>();

function rendered(panel: Panel, text: string, author: string): { made: Node; wants: Set<keyof Tools> } {
  const names = namesFor(panel);
  let mine = cache.get(panel);
  if (!mine || mine.names !== names || mine.language !== spoken()) {
    mine = { names, language: spoken(), texts: new Map() };
    cache.set(panel, mine);
  }
  const key = action(text) === null ? text : `${author}\n${text}`;
  let fragment = mine.texts.get(key);
  if (!fragment) {
    fragment = render(text, names, author);
    if (mine.texts.size >= CACHE_SIZE) mine.texts.delete(mine.texts.keys().next().value as string);
    mine.texts.set(key, fragment);
  }
  const wants = finish(fragment, tools());
  return { made: fragment.cloneNode(true), wants };
}

/**
 * Draw a text into its element. What it wants beside the parser is brought once it is in sight, and completes it in
 * its place; `changed` is called then, too. The answer ends that.
 */
export function draw(
  element: HTMLElement,
  panel: Panel,
  text: string,
  author: string,
  changed: () => void,
): () => void {
  const { made, wants } = rendered(panel, text, author);
  element.replaceChildren(made);
  changed();
  if (wants.size === 0) return () => {};
  let ended = false;
  const complete = () => {
    if (ended) return;
    finish(element, tools());
    changed();
  };
  const end = whenInSight(element, () => {
    for (const want of wants)
      parts[want].load().then(complete, () => {
        // It stays as it is written: nothing of it is lost.
      });
  });
  return () => {
    ended = true;
    end();
  };
}

/** Calls once when an element comes near to the sight. */
function whenInSight(element: Element, seen: () => void): () => void {
  if (typeof IntersectionObserver === "undefined") {
    seen();
    return () => {};
  }
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      seen();
    },
    { rootMargin: "200px" },
  );
  observer.observe(element);
  return () => observer.disconnect();
}
