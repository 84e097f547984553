import { useMemo, useRef } from "preact/hooks";

/** From so near to the edge a finger draws the left in. */
const EDGE = 24;
const FAR = 56;

interface Handlers {
  onTouchStart?: (event: TouchEvent & { currentTarget: HTMLElement }) => void;
  onTouchMove?: (event: TouchEvent) => void;
}

/** A finger from the left edge to the right. */
export function useSwipe(wanted: boolean, onSwipe: () => void): Handlers {
  const start = useRef<{ x: number; y: number } | null>(null);
  const act = useRef(onSwipe);
  act.current = onSwipe;
  return useMemo(() => {
    if (!wanted) return {};
    return {
      onTouchStart: (event) => {
        const [touch] = event.touches;
        const { left } = event.currentTarget.getBoundingClientRect();
        start.current = touch && touch.clientX - left < EDGE ? { x: touch.clientX, y: touch.clientY } : null;
      },
      onTouchMove: (event) => {
        const [touch] = event.touches;
        const from = start.current;
        if (!touch || !from) return;
        const x = touch.clientX - from.x;
        if (x < FAR || Math.abs(touch.clientY - from.y) > x) return;
        start.current = null;
        act.current();
      },
    };
  }, [wanted]);
}
