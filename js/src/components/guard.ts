/** Events that the page around the panel would take for its own: shortcuts, drops, its context menu. */
const KEPT = [
  ...["keydown", "keyup", "keypress", "contextmenu"],
  ...["dragenter", "dragover", "dragleave", "drop", "paste", "copy", "cut", "mousedown", "dblclick"],
];

/** Keep events of the panel inside it; returns how to stop that. */
export function guardEvents(element: HTMLElement): () => void {
  const keep = (event: Event) => event.stopPropagation();
  // A file that is let go over the panel must not replace the page.
  const drop = (event: Event) => {
    const target = event.target as HTMLElement | null;
    if (!target?.closest("textarea, input") || (event as DragEvent).dataTransfer?.files.length)
      event.preventDefault();
  };
  for (const type of KEPT) element.addEventListener(type, keep);
  for (const type of ["dragover", "drop"]) element.addEventListener(type, drop);
  return () => {
    for (const type of KEPT) element.removeEventListener(type, keep);
    for (const type of ["dragover", "drop"]) element.removeEventListener(type, drop);
  };
}
