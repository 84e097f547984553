import type { Attachment } from "../protocol";

/** Pictures that every browser draws and that cannot carry a script. */
const PICTURES: ReadonlySet<string> = new Set(
  ["png", "jpeg", "gif", "webp", "avif"].map((kind) => `image/${kind}`),
);
const PLAYED = /^(?:audio|video)\/[a-z0-9][a-z0-9.+-]*$/;
const PLAIN: ReadonlySet<string> = new Set([
  ...["application/pdf", "application/zip", "application/gzip", "application/json"],
  ...["text/plain", "text/csv", "text/tab-separated-values"],
]);

/** More pixels than this no browser of a phone keeps. */
const PIXELS = 60_000_000;
/** The original stands in for a small picture that the hub cannot make, up to so many bytes. */
export const SMALL = 12_000_000;

/** The type that bytes get in the page: never one that a browser would run. */
export function safeType(type: string): string {
  const plain = type.split(";")[0]?.trim().toLowerCase() ?? "";
  return PICTURES.has(plain) || PLAIN.has(plain) || PLAYED.test(plain) ? plain : "application/octet-stream";
}

/** A picture that may be drawn in the page. */
export const isPicture = ({ type }: Pick<Attachment, "type">): boolean => PICTURES.has(safeType(type));

/** A picture whose size is known, so that its place is free before it is there. */
export const hasPlace = (file: Attachment): file is Attachment & { width: number; height: number } =>
  isPicture(file) && Boolean(file.width && file.height);

/** Whether the browser should be asked to draw the original. */
export const isDrawable = (file: Attachment): boolean =>
  isPicture(file) && (file.width ?? 0) * (file.height ?? 0) <= PIXELS;

/** What the browser's player plays. */
export const isPlayed = ({ kind, type }: Pick<Attachment, "kind" | "type">): boolean =>
  (kind === "sound" || kind === "video") && PLAYED.test(safeType(type));
