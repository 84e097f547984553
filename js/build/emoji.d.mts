export function emojiFiles(): Promise<Record<string, string>>;
