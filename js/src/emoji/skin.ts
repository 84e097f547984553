/** 0 is without a tone, then from light to dark. */
export type Tone = 0 | 1 | 2 | 3 | 4 | 5;
const TONES = ["", "\u{1F3FB}", "\u{1F3FC}", "\u{1F3FD}", "\u{1F3FE}", "\u{1F3FF}"] as const;

/** An emoji in a tone of skin; 0 takes the tone away. One that has no tones stays as it is. */
export function withSkin({ emoji, skin }: { emoji: string; skin: boolean }, tone: Tone): string {
  const plain = emoji.replace(/[\u{1F3FB}-\u{1F3FF}]/gu, "");
  if (!skin || tone === 0) return plain;
  let made = "";
  let last = "";
  for (const sign of plain) {
    // A tone stands for the sign that asks for colour.
    if (sign === "\u{FE0F}" && made.endsWith(TONES[tone])) continue;
    made += sign;
    // The hands that two people hold have no tone of their own.
    const held = sign === "\u{1F91D}" && last === "\u{200D}";
    if (/\p{Emoji_Modifier_Base}/u.test(sign) && !held) made += TONES[tone];
    last = sign;
  }
  return made;
}
