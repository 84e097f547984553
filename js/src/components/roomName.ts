/** A name as rooms have them: words joined by dashes. Said while one types, so that nothing is refused later. */
export const tidyName = (typed: string): string =>
  typed
    .replace(/^[#\s]+/, "")
    .replace(/\s+/g, "-")
    .replace(/[^\p{L}\p{N}_.-]/gu, "")
    .replace(/^[.-]+/, "")
    .slice(0, 80);
