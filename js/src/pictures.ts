import type { Picture, Sha } from "./protocol";

/** Pictures kept at most; those that were asked for longest ago go. */
export const MOST = 300;

/** Members' pictures, fetched when somebody looks at them. */
export class Pictures {
  /** The one that was asked for last stands last; null while it is on its way. */
  private readonly urls = new Map<Sha, string | null>();
  private readonly missing = new Set<Sha>();

  constructor(
    private readonly fetch: (picture: Sha) => Promise<Picture>,
    private readonly came: () => void,
  ) {}

  /** Where the page finds it, once it is there. */
  get(picture: Sha): string | null {
    const url = this.urls.get(picture);
    if (url !== undefined) {
      this.urls.delete(picture);
      this.urls.set(picture, url);
      return url;
    }
    if (this.missing.has(picture)) return null;
    this.urls.set(picture, null);
    this.fetch(picture).then(
      ({ media_type, data }) => {
        if (!this.urls.has(picture)) return;
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        this.urls.set(picture, URL.createObjectURL(new Blob([bytes], { type: media_type })));
        this.trim();
        this.came();
      },
      () => {
        this.urls.delete(picture);
        this.missing.add(picture);
      },
    );
    return null;
  }

  /** There is a new connection: what could not be had is asked for again. */
  again(): void {
    this.missing.clear();
  }

  close(): void {
    for (const url of this.urls.values()) if (url) URL.revokeObjectURL(url);
    this.urls.clear();
  }

  private trim(): void {
    for (const [picture, url] of this.urls) {
      if (this.urls.size <= MOST) return;
      if (url === null) continue;
      URL.revokeObjectURL(url);
      this.urls.delete(picture);
    }
  }
}
