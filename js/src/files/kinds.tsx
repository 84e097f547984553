import { Sign } from "../components/icons";
import { t } from "../i18n";
import type { Attachment, FileKind } from "../protocol";

/** Sheets with a mark on them, drawn on a grid of 20. */
const SHEET = "M5 2.5h6.5L15.5 6.5v11H5ZM11.5 2.5v4h4";
const PATHS: Record<FileKind, string> = {
  picture: "M3 4h14v12H3ZM3 13l4-4 3.5 3.5 2-2L17 15M13.2 8.2a1 1 0 1 0-2 0 1 1 0 0 0 2 0Z",
  data: "M3 4h14v12H3ZM3 8h14M3 12h14M8 4v12",
  document: `${SHEET}M7.5 10h5.5M7.5 13h5.5`,
  code: `${SHEET}M8.8 9.7 7 11.6l1.8 1.9M11.6 9.7l1.8 1.9-1.8 1.9`,
  notebook: "M5 3h11v14H5ZM8 3v14M3.5 6.5H5M3.5 10H5M3.5 13.5H5M10.5 7h3M10.5 10h3",
  sound: "M7.5 14.5V5l8-1.5V13M7.5 14.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0ZM15.5 13a2 2 0 1 1-4 0 2 2 0 0 1 4 0Z",
  video: "M3 4.5h14v11H3ZM8.5 7.5v5l4-2.5Z",
  archive: `${SHEET}M8.5 2.5v1.2M8.5 5.5v1.2M8.5 8.5v1.2M7.5 12h2v3h-2Z`,
  other: SHEET,
};

/** The sign of a kind of file. */
export const kindIcon = (kind: FileKind, size = 20) => <Sign path={PATHS[kind]} size={size} width={1.4} />;

/** What a kind of file is called. */
export function kindWord(kind: FileKind): string {
  switch (kind) {
    case "picture":
      return t("Picture");
    case "data":
      return t("Data");
    case "document":
      return t("Document");
    case "code":
      return t("Code");
    case "notebook":
      return t("Notebook");
    case "sound":
      return t("Sound");
    case "video":
      return t("Video");
    case "archive":
      return t("Archive");
    case "other":
      return t("File");
  }
}

/** The ending of a file's name, as people call its format: "CSV"; its kind where it has none. */
export function formatWord({ name, kind }: Pick<Attachment, "name" | "kind">): string {
  const ending = /[^.\s]\.([a-z0-9]{1,7})$/i.exec(name)?.[1];
  return ending ? ending.toUpperCase() : kindWord(kind);
}

const BY_ENDING: readonly (readonly [FileKind, string])[] = [
  ["picture", "png jpg jpeg gif webp avif bmp tif tiff heic"],
  ["data", "csv tsv jsonl ndjson parquet arrow feather xlsx xls ods"],
  ["document", "pdf doc docx odt ppt pptx odp rtf"],
  ["notebook", "ipynb"],
  ["sound", "mp3 wav ogg oga flac m4a opus aac"],
  ["video", "mp4 webm mov mkv avi m4v ogv"],
  ["archive", "zip tar gz tgz bz2 xz 7z zst rar"],
  [
    "code",
    "py js ts tsx jsx r sql sh c h cpp hpp java go rs rb jl html htm svg css xml json yaml yml toml ini",
  ],
];

/** The kind that a file seems to be, before the hub has looked into it. */
export function guessKind(name: string, type = ""): FileKind {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "";
  const known = BY_ENDING.find(([, endings]) => ending && endings.split(" ").includes(ending));
  if (known) return known[0];
  if (/^image\/(?!svg)/.test(type)) return "picture";
  if (type.startsWith("audio/")) return "sound";
  if (type.startsWith("video/")) return "video";
  return type.startsWith("text/") ? "document" : "other";
}
