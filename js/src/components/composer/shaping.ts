import { useEffect } from "preact/hooks";
import { part } from "../../lazy";

/** What shapes a text by keys, and what is pasted: it comes with the first text box, a moment after it. */
export const shaping = part(() => import("./shape"));

export function useShaping(): void {
  useEffect(() => {
    shaping.load().catch(() => {
      // Without it one writes the marks by hand.
    });
  }, []);
}
