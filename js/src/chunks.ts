/** What the build knows of the parts of the panel that come later. */
export interface Chunks {
  /** Of each part and each data file, by name, the hash in its file's name; then the parts that it stands on. */
  readonly files: Readonly<Record<string, readonly [hash: string, ...needs: string[]]>>;
  /** What is loaded already and others stand on. */
  readonly modules: Record<string, unknown>;
  /** What an `import("./X")` of the source becomes. */
  load: ((name: string) => Promise<unknown>) | null;
}

/** Filled in by build.mjs. Where nothing is built (tests), an `import("./X")` is what it looks like. */
export const chunks: Chunks = { files: {}, modules: {}, load: null };
