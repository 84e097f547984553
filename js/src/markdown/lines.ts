/** Where the next line is that begins with these signs and is what is looked for: a paragraph ends before it. */
export function nextLine(text: string, begin: string, whole: RegExp): number | undefined {
  const wanted = `\n${begin}`;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    // Not all of what follows is looked at: what is cut off here is whole within so many signs or is none.
    if (whole.test(text.slice(at + 1, at + 5_000))) return at;
  }
  return undefined;
}
