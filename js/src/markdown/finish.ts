import type { Table } from "../emoji/table";
import { prose, replaceIn } from "./walk";

/** What makes a text complete and comes later than its parser; undefined where it is not there yet. */
export interface Tools {
  colour: typeof import("./highlight").colour | undefined;
  math: typeof import("./math").typeset | undefined;
  emoji: Pick<Table, "byName"> | undefined;
}

const NAME = /:([a-z0-9_+-]{1,50}):/g;

/** Complete a text with what is there; the answer is what it wants beside. What is done once is not done again. */
export function finish(root: ParentNode & Node, tools: Tools): Set<keyof Tools> {
  const wants = new Set<keyof Tools>();
  for (const code of root.querySelectorAll<HTMLElement>("pre > code[class^='language-']")) {
    if (!tools.colour) wants.add("colour");
    else {
      const language = code.className.slice("language-".length);
      code.removeAttribute("class");
      const coloured = tools.colour(code.textContent ?? "", language);
      if (coloured) code.replaceChildren(coloured);
    }
  }
  for (const code of root.querySelectorAll<HTMLElement>("code.cc-math, code.cc-math-block")) {
    if (!tools.math) wants.add("math");
    else {
      const made = tools.math(code.textContent ?? "", code.className === "cc-math-block");
      if (made) code.replaceWith(made);
      else code.removeAttribute("class");
    }
  }
  const named = prose(root).filter(({ data }) => /:[a-z0-9_+-]+:/.test(data));
  if (named.length > 0) {
    const { emoji } = tools;
    if (!emoji) wants.add("emoji");
    else
      replaceIn(named, NAME, (match) => {
        const made = emoji.byName(match[1] ?? "");
        return made ? { made, length: match[0].length } : null;
      });
  }
  return wants;
}
