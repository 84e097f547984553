import { useEffect } from "preact/hooks";
import { part, usePart } from "../../lazy";

/** What completes names, shapes a text by keys, and is pasted: it comes with the first text box, a moment after it. */
export const shaping = part(() => import("./shape"));

export function useShaping(): void {
  useEffect(() => {
    shaping.load().catch(() => {
      // Without it one writes the marks by hand.
    });
  }, []);
}

/** The same, for who draws of it. */
export const useShape = () => usePart(shaping);
