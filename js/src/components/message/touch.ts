import { useRef } from "preact/hooks";

const LONG = 480;
/** A finger that rests is never quite still. */
const STILL = 10;

/** A finger that rests on a message opens its menu. */
export function useLongPress() {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const from = useRef({ x: 0, y: 0 });
  const stop = () => {
    if (timer.current) clearTimeout(timer.current);
    timer.current = null;
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      stop();
      if (event.pointerType !== "touch") return;
      const target = event.target as HTMLElement;
      const article = target.closest<HTMLElement>("article");
      if (!article || target.closest("button, a, input, textarea, [role=link]")) return;
      from.current = { x: event.clientX, y: event.clientY };
      timer.current = setTimeout(() => {
        timer.current = null;
        article.querySelector<HTMLElement>(".cc-act-more")?.click();
      }, LONG);
    },
    onPointerMove: (event: PointerEvent) => {
      const { x, y } = from.current;
      if (timer.current && Math.hypot(event.clientX - x, event.clientY - y) > STILL) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
  };
}
