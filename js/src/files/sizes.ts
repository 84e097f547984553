import { spoken, tn } from "../i18n";

const NAMES = ["kB", "MB", "GB", "TB"];

/** Bytes as people say them: "812 bytes", "1.4 MB"; thousands of them, as the limits are. */
export function sizeText(bytes: number): string {
  const format = (value: number, maximumFractionDigits: number) =>
    new Intl.NumberFormat(spoken(), { maximumFractionDigits }).format(value);
  if (bytes < 1_000) return tn(bytes, "1 byte", "{n} bytes");
  let value = bytes;
  let name = "";
  for (const next of NAMES) {
    value /= 1_000;
    name = next;
    // What would be rounded to a thousand is one of the next name.
    if (value < 999.5) break;
  }
  return `${format(value, value < 9.95 ? 1 : 0)} ${name}`;
}
