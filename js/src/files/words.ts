/** What turns the direction of a text, ends a line or cannot be seen; what joins letters and emoji is none of it. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text that looks like what it is: signs that cannot be seen are said. */
export const visible = (text: string): string =>
  text.replace(
    UNSEEN,
    (sign) => `⟨${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
