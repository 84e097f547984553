import { t } from "../i18n";
import { action, type Names, NOBODY } from ".";
import { markNames } from "./marks";
import { parsed } from "./parse";
import { sanitised } from "./sanitize";

export { finish, type Tools } from "./finish";

/** Markdown as a fragment of the document that holds nothing but what is allowed. */
export function render(text: string, names: Names = NOBODY, author = ""): DocumentFragment {
  const done = action(text);
  const fragment = sanitised(parsed(done ?? text));
  for (const item of fragment.querySelectorAll("li"))
    if (/^\s*[☑☐] /.test(item.textContent ?? "")) item.className = "cc-task";
  markNames(fragment, names);
  for (const table of fragment.querySelectorAll("table")) scrolling(table, t("Table"));
  for (const code of fragment.querySelectorAll<HTMLElement>("pre > code")) withButton(code);
  for (const note of fragment.querySelectorAll<HTMLElement>("a.cc-note")) {
    note.tabIndex = 0;
    note.setAttribute("role", "link");
    note.setAttribute("aria-label", t("Footnote {n}", { n: note.textContent ?? "" }));
  }
  const first = fragment.firstElementChild;
  if (done !== null && first?.localName === "p") {
    first.classList.add("cc-action");
    if (author) first.prepend(`${author} `);
  }
  return fragment;
}

/** What is wider than a message scrolls by itself, by keys too. */
function scrolling(element: HTMLElement, name: string): HTMLElement {
  const box = document.createElement("div");
  box.className = "cc-scroll";
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", name);
  element.replaceWith(box);
  box.append(element);
  return box;
}

function withButton(code: HTMLElement): void {
  const language = /^language-(.+)/.exec(code.className)?.[1];
  const pre = code.parentElement as HTMLElement;
  const outer = document.createElement("div");
  outer.className = "cc-code";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cc-copy";
  button.textContent = t("Copy code");
  pre.tabIndex = 0;
  pre.setAttribute("role", "group");
  pre.setAttribute("aria-label", language ? t("Code in {language}", { language }) : t("Code"));
  pre.replaceWith(outer);
  outer.append(pre, button);
}
