import { QUICK } from "../../emoji";
import { Frequent } from "../../emoji/frequent";
import type { Panel } from "../../panel";

/** The emoji that somebody uses most in this browser, filled up with those that everybody does. */
export function frequent(panel: Panel, n: number): string[] {
  const own = new Frequent(panel.memory.lasting).list(n);
  return [...new Set([...own, ...QUICK])].slice(0, n);
}

/** One reacted with this. */
export const usedToReact = (panel: Panel, emoji: string): void =>
  new Frequent(panel.memory.lasting).use(emoji);
