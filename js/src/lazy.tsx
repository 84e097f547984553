/**
 * Parts of the panel that come when they are first needed.
 *
 *     import { lazy } from "../lazy";
 *     const Settings = lazy(() => import("./Settings"));        // Settings.tsx: `export default function Settings(…)`
 *     <Settings onClose={close} />                              // nothing (or the fallback) until it is there
 *     const Palette = lazy(() => import("./Palette"), <Waiting />);
 *     void Palette.preload();                                   // on hover or focus, say
 *
 * Nothing else is to be done: the build makes a file of its own of everything behind an `import("./X")` in js/src,
 * by the name of the source file (so two of them need different names), and what the first bundle or other parts
 * have already (preact, contexts, the store) is shared with it, never copied. The argument of `import()` must be a
 * plain string, and nobody may import the same file the ordinary way too, else it is in the first bundle after all.
 * A part that does not come says so in its place, with "Try again". Tests await `Part.preload()`.
 *
 * For a module that is no component:
 *
 *     const math = part(() => import("../markdown/math"));
 *     const module = usePart(math);                             // undefined until it is there; asks for it
 *     const { render } = await math.load();
 *
 * Its styles come with it, so that they are not in the state of each widget:
 *
 *     import css from "../styles/settings.css?inline";
 *     <style>{css}</style>
 *
 * For data, `loadAsset("emoji.json")` gives the bytes and `loadJson("de.json")` the value. These are the data files:
 * js/src/i18n/*.json by their own names, and what js/build.mjs makes (`DATA` there).
 */
import { type ComponentChildren, type ComponentType, createElement, type FunctionComponent } from "preact";
import { useEffect, useReducer } from "preact/hooks";
import { t } from "./i18n";

export { loadAsset, loadJson } from "./assets";

/** A module that comes later. */
export interface Part<T> {
  readonly now: T | undefined;
  readonly problem: Error | null;
  /** Ask for it; once it is there, at once. */
  load(): Promise<T>;
  /** Call back when it came, or failed. */
  watch(listener: () => void): () => void;
}

export function part<T>(load: () => Promise<T>): Part<T> {
  const listeners = new Set<() => void>();
  let now: T | undefined;
  let problem: Error | null = null;
  let coming: Promise<T> | null = null;
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  return {
    get now() {
      return now;
    },
    get problem() {
      return problem;
    },
    load() {
      if (coming) return coming;
      const again = problem !== null;
      problem = null;
      coming = load().then(
        (module) => {
          now = module;
          tell();
          return module;
        },
        (error: unknown) => {
          coming = null;
          problem = error instanceof Error ? error : new Error(String(error));
          tell();
          throw problem;
        },
      );
      if (again) tell();
      return coming;
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const quietly = (promise: Promise<unknown>): void => {
  promise.catch(() => {
    // The part has the problem, and who draws it says so.
  });
};

/** The module, once it is there; drawn again when it is. */
export function usePart<T>(of: Part<T>, wanted = true): T | undefined {
  const [, draw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    if (!wanted || of.now !== undefined) return;
    const end = of.watch(() => draw(undefined));
    if (of.problem === null) quietly(of.load());
    // It may have come between the drawing and now.
    if (of.now !== undefined) draw(undefined);
    return end;
  }, [of, wanted]);
  return of.now;
}

export type Lazy<P> = FunctionComponent<P> & { preload(): Promise<void> };

/** A component that comes later; until then its fallback. */
export function lazy<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  fallback: ComponentChildren = null,
): Lazy<P> {
  const module = part(load);
  const Later = (props: P) => {
    const found = usePart(module);
    if (found) return createElement(found.default, props);
    if (module.problem) return <Missing of={module} />;
    return <>{fallback}</>;
  };
  return Object.assign(Later, { preload: () => module.load().then(() => undefined) });
}

function Missing({ of }: { of: Part<unknown> }) {
  return (
    <p class="cc-missing" role="alert">
      {of.problem?.message}{" "}
      <button type="button" class="cc-link-button" onClick={() => quietly(of.load())}>
        {t("Try again")}
      </button>
    </p>
  );
}
