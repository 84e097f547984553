import type { RefObject } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

/** How a picture lies on its stage: larger by `scale` than where it fits, and moved by so many pixels. */
export interface Lie {
  scale: number;
  x: number;
  y: number;
}

export const FIT: Lie = { scale: 1, x: 0, y: 0 };
export const STEP = 1.5;
const MOST = 16;

interface Size {
  width: number;
  height: number;
}

/** As large as it is, or as the stage lets it be. */
export function fitted(picture: Size, stage: Size): Size {
  const scale = Math.min(1, stage.width / picture.width, stage.height / picture.height);
  return { width: picture.width * scale, height: picture.height * scale };
}

/** Larger or smaller, while the point under the pointer stays there (from the middle of the stage). */
export function zoomed(lie: Lie, factor: number, point: { x: number; y: number } = { x: 0, y: 0 }): Lie {
  const scale = Math.min(MOST, Math.max(1, lie.scale * factor));
  const by = scale / lie.scale;
  return { scale, x: point.x - (point.x - lie.x) * by, y: point.y - (point.y - lie.y) * by };
}

/** Not further than its edges: what fits stands in the middle. */
export function held(lie: Lie, fit: Size, stage: Size): Lie {
  const across = Math.max(0, (fit.width * lie.scale - stage.width) / 2);
  const down = Math.max(0, (fit.height * lie.scale - stage.height) / 2);
  const within = (value: number, most: number) => Math.min(most, Math.max(-most, value)) + 0;
  return { scale: lie.scale, x: within(lie.x, across), y: within(lie.y, down) };
}

interface Touch {
  x: number;
  y: number;
}

const apart = (a: Touch, b: Touch): number => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
const between = (a: Touch, b: Touch): Touch => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** Zoom with the wheel, two fingers, a double click; move with the pointer. */
export function useZoom(stage: RefObject<HTMLElement | null>, picture: Size, key: string) {
  const [lie, setLie] = useState(FIT);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const touches = useRef(new Map<number, Touch>());
  const latest = useRef({ picture, size });
  latest.current = { picture, size };

  useEffect(() => setLie(FIT), [key]);
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [key]);

  const change = useCallback((next: (lie: Lie) => Lie) => {
    setLie((lie) => {
      const { picture, size } = latest.current;
      return held(next(lie), fitted(picture, size), size);
    });
  }, []);
  const zoom = useCallback(
    (factor: number, point?: Touch) => change((lie) => zoomed(lie, factor, point)),
    [change],
  );
  const fit = useCallback(() => setLie(FIT), []);
  const move = useCallback(
    (x: number, y: number) => change((lie) => ({ ...lie, x: lie.x + x, y: lie.y + y })),
    [change],
  );

  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const at = (event: { clientX: number; clientY: number }): Touch => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
    };
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      event.stopPropagation();
      const lines = event.deltaMode === 1 ? 16 : 1;
      // A trackpad's pinch comes as a wheel with Ctrl, in small steps.
      zoom(Math.exp((-event.deltaY * lines * (event.ctrlKey ? 5 : 1)) / 500), at(event));
    };
    const down = (event: PointerEvent) => {
      if (event.button !== 0 || (event.target as Element).closest("button")) return;
      touches.current.set(event.pointerId, at(event));
      element.setPointerCapture?.(event.pointerId);
    };
    const moved = (event: PointerEvent) => {
      const before = touches.current.get(event.pointerId);
      if (!before) return;
      const now = at(event);
      const other = [...touches.current].find(([id]) => id !== event.pointerId)?.[1];
      touches.current.set(event.pointerId, now);
      if (other) {
        const middle = between(now, other);
        const was = between(before, other);
        change((lie) => {
          const next = zoomed(lie, apart(now, other) / apart(before, other), was);
          return { ...next, x: next.x + middle.x - was.x, y: next.y + middle.y - was.y };
        });
      } else move(now.x - before.x, now.y - before.y);
    };
    const up = (event: PointerEvent) => void touches.current.delete(event.pointerId);
    const twice = (event: MouseEvent) => {
      if ((event.target as Element).closest("button")) return;
      const point = at(event);
      change((lie) => (lie.scale > 1 ? FIT : zoomed(lie, 3, point)));
    };
    element.addEventListener("wheel", wheel, { passive: false });
    element.addEventListener("pointerdown", down);
    element.addEventListener("pointermove", moved);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", up);
    element.addEventListener("dblclick", twice);
    return () => {
      element.removeEventListener("wheel", wheel);
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointermove", moved);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", up);
      element.removeEventListener("dblclick", twice);
      touches.current.clear();
    };
  }, [key, zoom, move, change]);

  return { lie, zoom, fit, move, size: fitted(picture, size) };
}
