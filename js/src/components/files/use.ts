import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import { type Download, downloadsOf } from "../../files/download";
import { previewsOf } from "../../files/previews";
import { type Side, thumbnailsOf } from "../../files/thumbnails";
import type { AnyPreview, Attachment, FileId } from "../../protocol";
import type { Store } from "../../state/store";
import { useView } from "../view";

/** A part of a store; drawn again when that part is another one. */
export function useOf<T, P>(store: Store<T>, select: (value: T) => P): P {
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const value = select(store.get());
  const latest = useRef({ value, select });
  latest.current = { value, select };
  useLayoutEffect(() => {
    const check = () => {
      const { value, select } = latest.current;
      if (!Object.is(select(store.get()), value)) draw(undefined);
    };
    check();
    return store.subscribe(check);
  }, [store]);
  return value;
}

/** How far a file is that is being saved. */
export function useDownload(id: FileId): Download | undefined {
  const { panel } = useView();
  return useOf(downloadsOf(panel).store, (all) => all.get(id));
}

/** Where the page finds a small picture of a file: null until it is there, "" where there is none. */
export function useThumbnail(id: FileId, file: Attachment, side: Side, wanted = true): string | null {
  const { panel } = useView();
  const thumbnails = thumbnailsOf(panel);
  return useOf(thumbnails.store, () => (wanted ? thumbnails.get(id, file, side) : null));
}

/** Whether an element is in sight or near to it: what is far away is let go. */
export function useInSight(element: RefObject<Element | null>): boolean {
  const [near, setNear] = useState(typeof IntersectionObserver === "undefined");
  useEffect(() => {
    const { current } = element;
    if (!current || typeof IntersectionObserver === "undefined") return;
    const observer = new IntersectionObserver(
      (entries) => setNear(entries.at(-1)?.isIntersecting ?? false),
      // Of a place inside of what scrolls, only that one's margin counts.
      { root: current.closest(".cc-log"), rootMargin: "600px 0px" },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return near;
}

export interface Asked<T> {
  value: T | null;
  problem: string;
  retry(): void;
}

/** What is in a file. */
export function usePreview(id: FileId): Asked<AnyPreview> {
  const { panel } = useView();
  const previews = previewsOf(panel);
  const [tries, again] = useReducer((n: number) => n + 1, 0);
  const [value, setValue] = useState(() => previews.now(id));
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let here = true;
    const now = previews.now(id);
    setValue(now);
    setProblem("");
    if (now) return;
    previews.get(id).then(
      (preview) => here && setValue(preview),
      (error: Error) => here && setProblem(error.message),
    );
    return () => {
      here = false;
    };
  }, [previews, id, tries]);
  return { value, problem, retry: () => again(undefined) };
}

/** The whole file as the page finds it, let go when it is not drawn any more. */
export function useWhole(id: FileId, file: Attachment, wanted: boolean): Asked<string> & { loaded: number } {
  const { panel } = useView();
  const [tries, again] = useReducer((n: number) => n + 1, 0);
  const [url, setUrl] = useState<string | null>(null);
  const [loaded, setLoaded] = useState(0);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    setUrl(null);
    setLoaded(0);
    setProblem("");
    if (!wanted) return;
    const control = new AbortController();
    let made = "";
    downloadsOf(panel)
      .bytes(id, file, { signal: control.signal, progress: setLoaded })
      .then(
        (blob) => {
          if (control.signal.aborted) return;
          made = URL.createObjectURL(blob);
          setUrl(made);
        },
        (error: Error) => {
          if (!control.signal.aborted) setProblem(error.message);
        },
      );
    return () => {
      control.abort();
      if (made) URL.revokeObjectURL(made);
    };
  }, [panel, id, wanted, tries]);
  return { value: url, loaded, problem, retry: () => again(undefined) };
}
