import { t } from "../../i18n";

/** What was copied, as the browser gives it. */
export type Copied = Pick<DataTransfer, "files" | "types" | "getData">;

/** The name that browsers give a picture that has none. */
const NAMELESS = /^image\.(png|jpe?g|gif|webp|avif|bmp|tiff?)$/i;

/**
 * The files of what is pasted. Text that has a picture beside it, as a spreadsheet puts one there, stays text; the names
 * that stand beside copied files are not what was meant.
 */
export function copiedFiles(copied: Copied | null, now = new Date()): File[] {
  const files = [...(copied?.files ?? [])];
  if (!copied || files.length === 0) return [];
  const text = copied.getData("text/plain").trim();
  const named = text
    .split(/[\r\n]+/)
    .every((line) =>
      files.some(({ name }) => line === name || (/[\\/]/.test(line) && line.endsWith(encodedOr(line, name)))),
    );
  if (text && !named) return [];
  const nameless = files.filter((file) => NAMELESS.test(file.name));
  return files.map((file) =>
    NAMELESS.test(file.name) ? pictureOf(file, now, nameless.indexOf(file)) : file,
  );
}

/** A line of addresses has its names encoded. */
const encodedOr = (line: string, name: string): string =>
  line.startsWith("file:") ? encodeURIComponent(name) : name;

function pictureOf(file: File, now: Date, at: number): File {
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const when = `${day} ${two(now.getHours())}.${two(now.getMinutes())}`;
  const name = t("Pasted picture {when}", { when: at > 0 ? `${when} (${at + 1})` : when });
  const ending = file.name.split(".").at(-1)?.toLowerCase() ?? "png";
  return new File([file], `${name}.${ending}`, { type: file.type });
}
