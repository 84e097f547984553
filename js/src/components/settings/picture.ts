import { t } from "../../i18n";

/** Pixels of a side. */
const SIDE = 128;
const LARGEST_FILE = 30_000_000;
const KINDS = [
  ["image/webp", 0.86],
  ["image/webp", 0.6],
  ["image/jpeg", 0.8],
  ["image/jpeg", 0.5],
] as const;

/** The part of a picture that makes a square: its middle. */
export function middleOf(width: number, height: number): { x: number; y: number; side: number } {
  const side = Math.min(width, height);
  return { x: Math.round((width - side) / 2), y: Math.round((height - side) / 2), side };
}

/** A file as a small square picture in Base64, of at most so many bytes. */
export async function squareOf(file: File, most: number): Promise<string> {
  if (file.size > LARGEST_FILE) throw new Error(t("The file is too large: choose one of less than 30 MB."));
  let image: ImageBitmap;
  try {
    image = await createImageBitmap(file);
  } catch {
    throw new Error(t("The browser cannot read this file as a picture: choose a PNG, JPEG or WebP."));
  }
  const canvas = document.createElement("canvas");
  canvas.width = SIDE;
  canvas.height = SIDE;
  const brush = canvas.getContext("2d");
  if (!brush) throw new Error(t("The browser cannot draw the picture."));
  const { x, y, side } = middleOf(image.width, image.height);
  brush.imageSmoothingQuality = "high";
  brush.drawImage(image, x, y, side, side, 0, 0, SIDE, SIDE);
  image.close();
  for (const [kind, quality] of KINDS) {
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, kind, quality));
    // A browser that cannot write a kind gives a PNG instead.
    if (blob && blob.type === kind && blob.size <= most) return base64(blob);
  }
  throw new Error(t("The picture stays too large: choose a simpler one."));
}

const base64 = (blob: Blob): Promise<string> =>
  new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
