import type { Id } from "../../protocol";
import { moved } from "./order";

/** So far a mouse moves before it drags, and a finger before it scrolls. */
const SLACK = 6;
/** So long a finger rests before it lifts. */
const REST = 420;

interface Ways {
  /** The stars that the list shows, as they stand now. */
  order: () => readonly Id[];
  onOrder: (order: Id[]) => void;
  /** A finger rested on an item and moved nothing. */
  onRest: (item: HTMLElement) => void;
}

/** Where an item goes in a list when it is dropped at a height, by the middles of the others. */
export function placeAt(y: number, middles: readonly number[]): number {
  return middles.filter((middle) => middle < y).length;
}

/**
 * Order the starred items of a list: a mouse drags, a finger rests and drags. Gives back how to stop.
 */
export function orderByDrag(list: HTMLElement, ways: Ways): () => void {
  let stop: (() => void) | null = null;

  const down = (event: PointerEvent) => {
    const item = (event.target as HTMLElement).closest<HTMLElement>(".cc-line[data-room]");
    if (!item || event.button !== 0 || (event.target as HTMLElement).closest("[data-more]")) return;
    stop?.();
    stop = begin(list, item, event, ways, () => {
      stop = null;
    });
  };
  // A finger that rests asks for the menu by our own clock.
  let finger = false;
  const kind = (event: PointerEvent) => {
    finger = event.pointerType === "touch";
  };
  const menu = (event: Event) => {
    if (finger) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };
  list.addEventListener("pointerdown", kind, true);
  list.addEventListener("pointerdown", down);
  list.addEventListener("contextmenu", menu, true);
  return () => {
    stop?.();
    list.removeEventListener("pointerdown", kind, true);
    list.removeEventListener("pointerdown", down);
    list.removeEventListener("contextmenu", menu, true);
  };
}

function begin(
  list: HTMLElement,
  item: HTMLElement,
  start: PointerEvent,
  ways: Ways,
  ended: () => void,
): () => void {
  const page = list.ownerDocument;
  const touch = start.pointerType === "touch";
  const star = item.dataset.star !== undefined;
  const id = item.dataset.room ?? "";
  let lifted = false;
  let dragged = false;
  let others: { element: HTMLElement; middle: number }[] = [];
  let to = 0;
  let from = 0;
  let middle = 0;

  const lift = () => {
    lifted = true;
    const { top, height } = item.getBoundingClientRect();
    middle = top + height / 2;
    item.dataset.lifted = "";
    const stars = [...list.querySelectorAll<HTMLElement>(".cc-line[data-star]")];
    from = stars.indexOf(item);
    to = from;
    others = stars
      .filter((element) => element !== item)
      .map((element) => {
        const { top, height } = element.getBoundingClientRect();
        return { element, middle: top + height / 2 };
      });
  };
  const timer = touch
    ? setTimeout(() => {
        if (star) lift();
        else {
          end();
          swallowClick(page);
          ways.onRest(item);
        }
      }, REST)
    : undefined;

  const move = (event: PointerEvent) => {
    if (event.pointerId !== start.pointerId) return;
    const x = event.clientX - start.clientX;
    const y = event.clientY - start.clientY;
    if (!lifted) {
      if (Math.hypot(x, y) < SLACK) return;
      if (touch || !star) return end();
      lift();
    }
    if (!dragged && Math.abs(y) < SLACK) return;
    dragged = true;
    event.preventDefault();
    item.style.transform = `translateY(${y}px)`;
    const height = item.offsetHeight + 1;
    // Its edge passes the middle of another one: a little before its own middle does.
    const edge = middle + y + Math.sign(y) * (height / 3);
    to = placeAt(
      edge,
      others.map(({ middle }) => middle),
    );
    others.forEach(({ element }, at) => {
      const shift = at >= to && at < from ? height : at < to && at >= from ? -height : 0;
      element.style.transform = shift ? `translateY(${shift}px)` : "";
    });
  };
  // Only so a browser keeps from scrolling under a lifted item.
  const hold = (event: TouchEvent) => {
    if (lifted) event.preventDefault();
  };
  const up = (event: PointerEvent) => {
    if (event.pointerId !== start.pointerId) return;
    const was = { lifted, dragged };
    end();
    if (was.dragged) {
      swallowClick(page);
      if (to !== from) ways.onOrder(moved(ways.order(), id, to));
    } else if (was.lifted) {
      swallowClick(page);
      ways.onRest(item);
    }
  };
  const cancel = (event: PointerEvent) => {
    if (event.pointerId === start.pointerId) end();
  };
  const onEscape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !lifted) return;
    event.stopPropagation();
    end();
    swallowClick(page);
  };
  const end = () => {
    clearTimeout(timer);
    for (const element of [item, ...others.map(({ element }) => element)]) element.style.transform = "";
    delete item.dataset.lifted;
    lifted = false;
    dragged = false;
    page.removeEventListener("pointermove", move);
    page.removeEventListener("pointerup", up);
    page.removeEventListener("pointercancel", cancel);
    page.removeEventListener("keydown", onEscape, true);
    list.removeEventListener("touchmove", hold);
    ended();
  };
  page.addEventListener("pointermove", move);
  page.addEventListener("pointerup", up);
  page.addEventListener("pointercancel", cancel);
  page.addEventListener("keydown", onEscape, true);
  list.addEventListener("touchmove", hold, { passive: false });
  return end;
}

/** The click that ends a drag opens nothing. */
function swallowClick(page: Document): void {
  const swallow = (event: Event) => {
    event.stopPropagation();
    event.preventDefault();
  };
  page.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => page.removeEventListener("click", swallow, { capture: true }), 0);
}
