import type { ComponentChildren } from "preact";

interface Props {
  label: string;
  tab?: number | undefined;
  expanded?: boolean | undefined;
  class?: string;
  onClick: (event: MouseEvent & { currentTarget: HTMLButtonElement }) => void;
  children: ComponentChildren;
}

/** A button with a sign on it, which Tab reaches where its message has the focus. */
export const FileButton = ({ label, tab, expanded, class: more = "", ...rest }: Props) => (
  <button
    type="button"
    class={`cc-icon-button ${more}`}
    aria-label={label}
    aria-expanded={expanded}
    title={label}
    tabIndex={tab}
    {...rest}
  />
);
