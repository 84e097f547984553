/** So far a pointer moves before it drags. */
const SLACK = 6;

/** Order the files of a tray with the mouse or a pen: the one that is held takes the place of the one it is over. */
export function orderByDrag(list: HTMLElement, move: (upload: string, to: number) => void): () => void {
  const items = () => [...list.querySelectorAll<HTMLElement>("[data-upload]")];
  let stop: (() => void) | null = null;

  const down = (start: PointerEvent) => {
    const target = start.target as HTMLElement;
    const item = target.closest<HTMLElement>("[data-upload]");
    if (!item || start.button !== 0 || start.pointerType === "touch" || target.closest("button")) return;
    stop?.();
    const { upload = "" } = item.dataset;
    let lifted = false;
    const onMove = (event: PointerEvent) => {
      if (!lifted && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < SLACK) return;
      if (!lifted) {
        lifted = true;
        item.dataset.lifted = "";
        list.setPointerCapture?.(event.pointerId);
      }
      const at = items().findIndex((other) => {
        const { left, right, top, bottom } = other.getBoundingClientRect();
        const { clientX: x, clientY: y } = event;
        return x >= left && x <= right && y >= top && y <= bottom;
      });
      if (at >= 0 && items()[at] !== item) move(upload, at);
    };
    const end = () => {
      delete item.dataset.lifted;
      list.removeEventListener("pointermove", onMove);
      list.removeEventListener("pointerup", end);
      list.removeEventListener("pointercancel", end);
      stop = null;
    };
    stop = end;
    list.addEventListener("pointermove", onMove);
    list.addEventListener("pointerup", end);
    list.addEventListener("pointercancel", end);
  };
  list.addEventListener("pointerdown", down);
  return () => {
    stop?.();
    list.removeEventListener("pointerdown", down);
  };
}
