import type { ComponentType } from "preact";
import { t } from "../i18n";
import { Dialog } from "./Dialog";
import { Icon, type IconName } from "./icons";
import { Appearance } from "./settings/Appearance";
import { Keyboard } from "./settings/Keyboard";
import { TextBox } from "./settings/TextBox";
import { usePlace, useView } from "./view";

interface Page {
  id: string;
  icon: IconName;
  title: () => string;
  Content: ComponentType;
}

/** The pages in their order; another one is another line. */
export const PAGES: readonly Page[] = [
  { id: "appearance", icon: "palette", title: () => t("Appearance"), Content: Appearance },
  { id: "text-box", icon: "pencil", title: () => t("Text box"), Content: TextBox },
  { id: "keyboard", icon: "keyboard", title: () => t("Keyboard"), Content: Keyboard },
];

/** What a person can choose; it follows them to every panel. */
export default function Settings({ onClose }: { onClose: () => void }) {
  const { id: view, go } = useView();
  const { place, size } = usePlace();
  const page = PAGES.find(({ id }) => id === place.page) ?? (PAGES[0] as Page);
  const step = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = PAGES[(PAGES.indexOf(page) + by + PAGES.length) % PAGES.length] as Page;
    go({ page: next.id });
    const tabs = event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]');
    tabs[PAGES.indexOf(next)]?.focus();
  };
  return (
    <Dialog title={t("Settings")} onClose={onClose} wide>
      <div class="cc-settings">
        <div
          class="cc-pages"
          role="tablist"
          tabIndex={-1}
          aria-label={t("Pages")}
          aria-orientation={size === "narrow" ? "horizontal" : "vertical"}
          onKeyDown={step}
        >
          {PAGES.map(({ id, icon, title }) => (
            <button
              key={id}
              id={`${view}-tab-${id}`}
              type="button"
              role="tab"
              class="cc-page-tab"
              aria-selected={id === page.id}
              aria-controls={`${view}-page`}
              tabIndex={id === page.id ? 0 : -1}
              data-first={id === page.id || undefined}
              onClick={() => go({ page: id })}
            >
              <Icon name={icon} size={16} />
              {title()}
            </button>
          ))}
        </div>
        <div
          key={page.id}
          id={`${view}-page`}
          class="cc-page"
          role="tabpanel"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
          tabIndex={0}
          aria-labelledby={`${view}-tab-${page.id}`}
        >
          <page.Content />
        </div>
      </div>
    </Dialog>
  );
}
