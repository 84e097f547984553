import { sizeText } from "../files/sizes";
import { t, tn } from "../i18n";
import type { WorkspaceSettings } from "../protocol";

interface Sized {
  name: string;
  size: number;
}

type Limits = Pick<WorkspaceSettings, "attachments" | "attachment_bytes">;

/** What of some files fits beside those that are there, and sentences about what does not. */
export function fitting<F extends Sized>(
  { attachments, attachment_bytes }: Limits,
  there: readonly Sized[],
  files: readonly F[],
): { fits: F[]; problems: string[] } {
  const fits: F[] = [];
  const many: F[] = [];
  const heavy: { file: F; over: number }[] = [];
  let bytes = there.reduce((sum, { size }) => sum + size, 0);
  for (const file of files) {
    const over = bytes + file.size - attachment_bytes;
    if (there.length + fits.length >= attachments) many.push(file);
    else if (over > 0) heavy.push({ file, over });
    else {
      bytes += file.size;
      fits.push(file);
    }
  }
  const problems: string[] = [];
  const [first] = many;
  if (first && attachments === 0) problems.push(t("Files cannot be attached in this workspace."));
  else if (first)
    problems.push(
      tn(
        many.length,
        "A message has at most {limit} files: “{name}” is one too many.",
        "A message has at most {limit} files: {n} are too many, from “{name}” on.",
        { limit: attachments, name: first.name },
      ),
    );
  const [heaviest] = heavy;
  if (heaviest)
    problems.push(
      t("The files of a message have at most {limit} together: “{name}” is {over} over that.", {
        ...{ limit: sizeText(attachment_bytes), name: heaviest.file.name, over: sizeText(heaviest.over) },
      }),
    );
  if (heavy.length > 1)
    problems.push(tn(heavy.length - 1, "1 more file does not fit.", "{n} more files do not fit."));
  return { fits, problems };
}
