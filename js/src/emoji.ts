/** Emoji for one click, before one has used others. */
export const QUICK: readonly string[] = [..."👍✅👀"].concat("❤️", [..."🎉😂🙏🚀"]);
