/** What takes files that are let go over it. */
interface Zone {
  /** What it says while files are over the panel. */
  text(): string;
  take(files: File[], folders: string[]): void;
}

/** Without news of a drag for so long it has left, in whatever way. */
const LEFT = 700;

const zones = new Map<HTMLElement, Zone>();
const targets = new Map<HTMLElement, HTMLElement>();
/** Something of this page is dragged, say a picture: it comes with its file, and is not meant so. */
let own = false;
let left: ReturnType<typeof setTimeout> | undefined;

/**
 * Have an element take files. The events are taken where they first come by, at the window, before any of the page
 * around the panel hears of them: a notebook would move the files into its folder.
 */
export function dropZone(element: HTMLElement, zone: Zone): () => void {
  if (zones.size === 0) listen(window.addEventListener.bind(window));
  zones.set(element, zone);
  return () => {
    zones.delete(element);
    targets.get(element)?.remove();
    targets.delete(element);
    if (zones.size === 0) listen(window.removeEventListener.bind(window));
  };
}

function listen(change: typeof window.addEventListener): void {
  change("dragstart", begun, true);
  change("dragend", ended, true);
  for (const type of ["dragenter", "dragover", "dragleave", "drop"] as const) change(type, taken, true);
}

const begun = () => {
  own = true;
};

const ended = () => {
  own = false;
};

function taken(event: DragEvent): void {
  if (own || !event.dataTransfer?.types.includes("Files")) return;
  const path = event.composedPath();
  const panel = path.find(
    (one): one is HTMLElement => one instanceof HTMLElement && one.matches(".cc-panel"),
  );
  const ours = panel && [...zones.keys()].some((element) => panel.contains(element));
  if (!panel || !ours) {
    // A drag that has left comes by elsewhere, or ends.
    if (event.type !== "dragleave") hide();
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const over = path.find((one): one is HTMLElement => zones.has(one as HTMLElement));
  if (event.type === "drop") {
    hide();
    const zone = over && zones.get(over);
    if (zone) zone.take(...contentsOf(event.dataTransfer));
  } else if (event.type === "dragleave") {
    if (!event.relatedTarget || !panel.contains(event.relatedTarget as Node)) hide();
  } else {
    event.dataTransfer.dropEffect = over ? "copy" : "none";
    show(panel, over);
  }
}

function show(panel: HTMLElement, over: HTMLElement | undefined): void {
  for (const [element, zone] of zones) {
    if (!panel.contains(element)) continue;
    let target = targets.get(element);
    if (!target) {
      target = element.ownerDocument.createElement("div");
      target.className = "cc-drop";
      target.setAttribute("aria-hidden", "true");
      const words = element.ownerDocument.createElement("span");
      words.textContent = zone.text();
      target.append(words);
      element.append(target);
      targets.set(element, target);
    }
    target.toggleAttribute("data-over", element === over);
  }
  clearTimeout(left);
  left = setTimeout(hide, LEFT);
}

function hide(): void {
  clearTimeout(left);
  for (const target of targets.values()) target.remove();
  targets.clear();
}

/** The files, and the names of what are folders: that can be told only now. */
function contentsOf(data: DataTransfer): [File[], string[]] {
  const files: File[] = [];
  const folders: string[] = [];
  for (const item of data.items ?? []) {
    if (item.kind !== "file") continue;
    const entry = item.webkitGetAsEntry?.();
    const file = item.getAsFile();
    if (entry?.isDirectory) folders.push(entry.name);
    else if (file) files.push(file);
  }
  return files.length + folders.length > 0 ? [files, folders] : [[...data.files], []];
}
