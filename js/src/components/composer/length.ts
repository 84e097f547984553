/** How many characters a text has, as the hub counts them. Far from the limit the quick way is as good. */
export function lengthOf(text: string, limit: number): number {
  if (text.length <= limit / 2 || text.length > limit * 4) return text.length;
  let pairs = 0;
  for (let at = 0; at < text.length - 1; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0xd800 && code < 0xdc00) {
      pairs += 1;
      at += 1;
    }
  }
  return text.length - pairs;
}
