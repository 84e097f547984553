const PLACES = ".cc-file-look, .cc-picture-open, .cc-file-save";

/** Before a button goes away: the focus goes to what stays of its file, or to the viewer. */
export function goHome(button: Element): void {
  const file = button.closest("[data-file]");
  const place = file?.querySelector<HTMLElement>(PLACES) ?? button.closest<HTMLElement>(".cc-viewer");
  place?.focus({ preventScroll: true });
}
