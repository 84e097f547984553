import { useEffect, useRef, useState } from "preact/hooks";

/** So long one rests on something before it is shown, and so long it stays when one leaves it. */
export const REST = 450;
export const GRACE = 200;

/** What is pointed at, after a moment: by the mouse, or by the focus of the keyboard. */
export function usePointed(rest = REST) {
  const [at, setAt] = useState<HTMLElement | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const stop = () => {
    if (timer.current) clearTimeout(timer.current);
    timer.current = null;
  };
  const after = (delay: number, next: HTMLElement | null) => {
    stop();
    timer.current = setTimeout(() => setAt(next), delay);
  };
  useEffect(() => stop, []);
  // What it belongs to may go while it shows.
  useEffect(() => {
    if (!at) return;
    const look = setInterval(() => !at.isConnected && setAt(null), 500);
    return () => clearInterval(look);
  }, [at]);
  return {
    at,
    point: (element: HTMLElement) => after(at ? 60 : rest, element),
    leave: () => after(GRACE, null),
    hold: stop,
    close: () => {
      stop();
      setAt(null);
    },
  };
}
