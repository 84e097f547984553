import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import type { Size } from "./view";

export const sizeOf = (width: number): Size => (width < 600 ? "narrow" : width < 980 ? "medium" : "wide");

/** Whether what stands beside a conversation covers it: there is no room for both. */
export const covers = (width: number): boolean => width < 820;

/** The width of an element, rounded so that a drag draws little. */
export function useSize(ref: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(1_000);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || typeof ResizeObserver === "undefined") return;
    const measure = () => {
      // Hidden (a tab that is not in front): what it was holds.
      if (element.clientWidth > 0) setWidth(Math.round(element.clientWidth / 20) * 20);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}
