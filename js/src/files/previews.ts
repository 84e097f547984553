import type { Panel } from "../panel";
import type { AnyPreview, FileId } from "../protocol";

/** Kept at most; those that were looked at longest ago go. */
const MOST = 30;

const panels = new WeakMap<Panel, Previews>();

export function previewsOf(panel: Panel): Previews {
  let found = panels.get(panel);
  if (!found) {
    found = new Previews(panel);
    panels.set(panel, found);
  }
  return found;
}

/** What is in files, asked for when somebody wants to see it: a file never changes. */
export class Previews {
  private readonly kept = new Map<FileId, AnyPreview>();
  private readonly coming = new Map<FileId, Promise<AnyPreview>>();

  constructor(private readonly panel: Panel) {}

  now(file: FileId): AnyPreview | null {
    return this.kept.get(file) ?? null;
  }

  get(file: FileId): Promise<AnyPreview> {
    const found = this.coming.get(file);
    if (found) return found;
    const asked = this.panel
      .ask({ type: "get_preview", file })
      .then(({ preview }) => {
        // What could not be read may be read at the next time.
        if (preview.type !== "no_preview") this.keep(file, preview);
        return preview;
      })
      .finally(() => this.coming.delete(file));
    this.coming.set(file, asked);
    return asked;
  }

  private keep(file: FileId, preview: AnyPreview): void {
    this.kept.delete(file);
    this.kept.set(file, preview);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST && oldest !== undefined) this.kept.delete(oldest);
  }
}
