export function emojiFiles(languages?: readonly string[]): Promise<Record<string, string>>;
