import { chunks } from "./chunks";
import { t } from "./i18n";

/** Somebody who can bring files of the installed package: a transport. */
export interface AssetSource {
  readonly silent: boolean;
  asset(name: string): Promise<Uint8Array>;
}

/** Each panel's transport brings files for all panels of the page. */
const sources = new Set<AssetSource>();

export function addSource(source: AssetSource): void {
  sources.add(source);
}

export function removeSource(source: AssetSource): void {
  sources.delete(source);
}

/** A file that will not come however often one asks, with a sentence that says why. */
export class NoAsset extends Error {}

interface Page {
  bytes: Map<string, Promise<Uint8Array>>;
  modules: Map<string, Promise<{ default: (modules: unknown) => unknown }>>;
}
/** Every widget has its own instance of this module: what is loaded once for the page is kept by the page. */
const PAGE = Symbol.for("collabchat.assets");
const page = (): Page => {
  const holder = globalThis as unknown as Record<symbol, Page | undefined>;
  holder[PAGE] ??= { bytes: new Map(), modules: new Map() };
  return holder[PAGE];
};

/** The value that is kept or made; what fails is not kept. */
function once<T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let found = kept.get(key);
  if (!found) {
    found = make();
    kept.set(key, found);
    found.catch(() => kept.delete(key));
  }
  return found;
}

async function fetched(file: string): Promise<Uint8Array> {
  let problem: unknown = new Error(t("No kernel is there to bring this part of the panel."));
  for (const source of [...sources].sort((a, b) => Number(a.silent) - Number(b.silent))) {
    try {
      return await unpacked(await source.asset(file));
    } catch (error) {
      problem = error;
      if (error instanceof NoAsset) break;
    }
  }
  throw problem;
}

async function unpacked(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Response(bytes as BodyInit).body?.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** `emoji.txt` with its hash is `emoji-0123456789ab.txt`; a part is a script. */
function fileOf(name: string, hash: string): string {
  const [stem, kind = "js"] = name.split(".");
  return `${stem}-${hash}.${kind}`;
}

/** A data file of the installed package: `de.json`, `emoji.json` … */
export function loadAsset(name: string): Promise<Uint8Array> {
  const known = chunks.files[name];
  const built = known && fileOf(name, known[0]);
  return built ? once(page().bytes, built, () => fetched(built)) : fetched(name);
}

/** The same, read as JSON. */
export async function loadJson<T>(name: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await loadAsset(name))) as T;
}

const loaded = new Map<string, Promise<unknown>>();

function loadChunk(name: string): Promise<unknown> {
  return once(loaded, name, async () => {
    const known = chunks.files[name];
    if (!known) throw new NoAsset(`no part has the name ${name}`);
    const [hash, ...needs] = known;
    const file = fileOf(name, hash);
    const [made] = await Promise.all([
      once(page().modules, file, async () => {
        const source = await fetched(file);
        const url = URL.createObjectURL(new Blob([source as BlobPart], { type: "text/javascript" }));
        try {
          return await import(/* @vite-ignore */ url);
        } finally {
          URL.revokeObjectURL(url);
        }
      }),
      ...needs.map(loadChunk),
    ]);
    const module = made.default(chunks.modules);
    chunks.modules[name] = module;
    return module;
  });
}

chunks.load = loadChunk;
