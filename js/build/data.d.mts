export function dataFiles(src: string): Promise<Record<string, string>>;
