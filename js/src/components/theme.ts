import { useEffect, useState } from "preact/hooks";

export interface HostTheme {
  dark: boolean;
  /** The page has Jupyter's colours and fonts. */
  jupyter: boolean;
}

function look(): HostTheme {
  const light = document.body.dataset.jpThemeLight;
  if (light !== undefined) return { dark: light === "false", jupyter: true };
  const dark = typeof matchMedia === "function" && matchMedia("(prefers-color-scheme: dark)").matches;
  return { dark, jupyter: false };
}

/** Whether the page around the panel is dark, and follows when it changes. */
export function useHostTheme(): HostTheme {
  const [theme, setTheme] = useState(look);
  useEffect(() => {
    const check = () =>
      setTheme((now) => {
        const next = look();
        return next.dark === now.dark && next.jupyter === now.jupyter ? now : next;
      });
    check();
    const observer = new MutationObserver(check);
    observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
    const media = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;
    media?.addEventListener("change", check);
    return () => {
      observer.disconnect();
      media?.removeEventListener("change", check);
    };
  }, []);
  return theme;
}
