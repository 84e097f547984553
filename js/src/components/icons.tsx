import type { ComponentChildren } from "preact";

/** Line icons, drawn on a grid of 20. */
const PATHS = {
  gear: "M10 12.6a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2ZM8.2 4.1L8.5 2.1L11.5 2.1L11.8 4.1L12.9 4.5L14.5 3.4L16.6 5.5L15.5 7.1L15.9 8.2L17.9 8.5L17.9 11.5L15.9 11.8L15.5 12.9L16.6 14.5L14.5 16.6L12.9 15.5L11.8 15.9L11.5 17.9L8.5 17.9L8.2 15.9L7.1 15.5L5.5 16.6L3.4 14.5L4.5 12.9L4.1 11.8L2.1 11.5L2.1 8.5L4.1 8.2L4.5 7.1L3.4 5.5L5.5 3.4L7.1 4.5Z",
  sliders:
    "M3 6.5h7M14.5 6.5H17M3 13.5h2.5M10 13.5h7M12.2 8.7a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM7.8 15.7a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  smile:
    "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM6.8 11.8c.8 1.2 1.9 1.8 3.2 1.8s2.4-.6 3.2-1.8M7.5 7.9v.1M12.5 7.9v.1",
  send: "M3.2 10.4 16.8 3.6l-3.4 13.2-3.7-5.1-6.5-1.3ZM9.7 11.7l3-3.4",
  people:
    "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16.5c.3-2.9 2.4-4.6 5.5-4.6s5.2 1.7 5.5 4.6M13.2 9.3a2.6 2.6 0 0 0 .3-5.1M15 12.3c1.7.6 2.8 2 3 4.2",
  plus: "M10 4v12M4 10h12",
  chat: "M3.5 4.5h13v9h-7L5.8 16.7v-3.2H3.5Z",
  hash: "M8 3.5 6.6 16.5M13.4 3.5 12 16.5M3.8 7.5h12.9M3.3 12.5h12.9",
  lock: "M5 9h10v7.5H5ZM7 9V6.5a3 3 0 0 1 6 0V9",
  reply: "M4 4.5v4.3c0 2.4 1.3 3.7 3.7 3.7H16M12.5 9l3.5 3.5-3.5 3.5",
  pencil: "m12.8 4.2 3 3L7.5 15.5l-3.7.7.7-3.7ZM11 6l3 3",
  trash: "M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6M8.5 9v4.5M11.5 9v4.5",
  clip: "m15.8 9.6-5.5 5.6a3.6 3.6 0 0 1-5.1-5.1l6.1-6.2a2.4 2.4 0 0 1 3.4 3.4l-6 6.1a1.2 1.2 0 0 1-1.7-1.7l5.3-5.4",
  more: "M5 10v.1M10 10v.1M15 10v.1",
  down: "M10 4v12M5 11l5 5 5-5",
  back: "M12.5 4.5 7 10l5.5 5.5",
  close: "M5 5l10 10M15 5 5 15",
  paper: "M5 3.5h6.5L15 7v9.5H5ZM11.5 3.5V7H15M7.5 10h5M7.5 13h5",
  pin: "M7 3.5h6l-.7 5 2.2 2.5h-9l2.2-2.5ZM10 11v5.5",
  compass: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM12.9 7.1l-1.7 4.1-4.1 1.7 1.7-4.1Z",
  bold: "M6 4h4.6a3 3 0 0 1 0 6H6ZM6 10h5.2a3 3 0 0 1 0 6H6Z",
  italic: "M8.5 4H14M6 16h5.5M11.6 4 8.4 16",
  strike:
    "M14 6.4C13.4 4.9 12 4 10 4 7.7 4 6.2 5.2 6.2 6.9c0 1.4.9 2.3 2.6 2.8M3.5 10.5h13M13.3 12c.4.5.6 1 .6 1.6 0 1.6-1.5 2.6-3.8 2.6-2.2 0-3.7-.9-4.2-2.5",
  code: "m6.8 6-4 4 4 4M13.2 6l4 4-4 4",
  link: "M8.3 11.7a3.2 3.2 0 0 0 4.6 0l2.7-2.7a3.2 3.2 0 0 0-4.6-4.6l-.9.9M11.7 8.3a3.2 3.2 0 0 0-4.6 0L4.4 11A3.2 3.2 0 0 0 9 15.6l.9-.9",
  bullets: "M8 5.5h9M8 10h9M8 14.5h9M4 5.5v.1M4 10v.1M4 14.5v.1",
  numbers:
    "M8.5 5.5H17M8.5 10H17M8.5 14.5H17M3.4 4.4l1.2-.6v3.6M3.2 12.8c.2-.6.7-.9 1.2-.9.7 0 1.2.4 1.2 1 0 .9-2.3 1.6-2.4 3.1h2.5",
  quote: "M4 4.5v11M8 6h9M8 10h9M8 14h6",
  block: "M3 4.5h14v11H3ZM7.6 8l-2 2 2 2M12.4 8l2 2-2 2",
  eye: "M2.5 10S5 5.2 10 5.2 17.5 10 17.5 10 15 14.8 10 14.8 2.5 10 2.5 10ZM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  poll: "M4 16.5v-6h3v6ZM8.5 16.5v-13h3v13ZM13 16.5V8h3v8.5Z",
  clock: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 5.8V10l2.8 1.8",
  chevron: "m5.5 8 4.5 4.5L14.5 8",
  forward: "M11.5 4.5 16.5 9l-5 4.5V11c-4 0-6.3 1.3-8 4.5.3-4.6 3-8 8-8.4Z",
  bookmark: "M5.5 3.5h9v13L10 13l-4.5 3.5Z",
  bookmarked: "M5.5 3.5h9v13L10 13l-4.5 3.5ZM7.8 7.5h4.4M10 5.3v4.4",
  unread: "M3.5 5h8M3.5 10h13M3.5 15h13M15.5 5v.1M16.5 5a1 1 0 1 1-2 0 1 1 0 0 1 2 0Z",
  copy: "M7 7h9.5v9.5H7ZM13 7V3.5H3.5V13H7",
  history: "M3.2 8.2A7 7 0 1 1 3 11M3 4v4.2h4.2M10 6v4.2l2.7 1.6",
  calendar: "M3.5 5h13v11.5h-13ZM3.5 8.5h13M7 3v3.2M13 3v3.2",
  "smile-plus":
    "M12.5 3.2A7.5 7.5 0 1 0 17.2 8M6.4 11.8c.8 1.2 1.9 1.8 3.2 1.8s2.4-.6 3.2-1.8M7.2 7.9v.1M11.8 7.9v.1M16 1.8v4.4M13.8 4h4.4",
  thread: "M3.5 4h13v9.5h-5L8 16.7v-3.2H3.5ZM7 7.5h6M7 10.2h4",
  bell: "M5 14V9a5 5 0 0 1 10 0v5l1.2 1H3.8ZM8.5 17h3",
  info: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 9.2v4.3M10 6.5v.1",
  star: "m10 3 2.1 4.4 4.8.7-3.5 3.4.9 4.8-4.3-2.3-4.3 2.3.9-4.8L3.1 8.1l4.8-.7Z",
  muted: "M4 8v4h2.7L10.5 15V5L6.7 8ZM13.2 8l3.6 4M16.8 8l-3.6 4",
  check: "m4.5 10.5 3.6 3.6 7.4-8",
  leave: "M11.5 4H4.5v12h7M8.5 10h8M13.6 7.1l2.9 2.9-2.9 2.9",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM13.3 13.3 17 17",
  filter: "M3.5 5.5h13M6 10h8M8.5 14.5h3",
  open: "m5.5 8 4.5 4.5L14.5 8",
  closed: "m8 5.5 4.5 4.5L8 14.5",
  menu: "M3.5 6h13M3.5 10h13M3.5 14h13",
  keyboard: "M2.5 5.5h15v9h-15ZM5.5 8.3v.1M8.5 8.3v.1M11.5 8.3v.1M14.5 8.3v.1M6.5 11.7h7",
  palette:
    "M10 17a7 7 0 1 1 7-7c0 2-1.6 2.6-3 2.6h-1.6c-1.5 0-1.9 1.2-1.3 2.1.6.9.2 2.3-1.1 2.3ZM6.6 9.6v.1M8.4 6.6v.1M12 6.6v.1",
} as const;

export type IconName = keyof typeof PATHS;

/** A line drawn on a grid of 20. */
export const Sign = ({ path, size = 18, width = 1.5 }: { path: string; size?: number; width?: number }) => (
  <svg
    class="cc-icon"
    width={size}
    height={size}
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    stroke-width={width}
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d={path} />
  </svg>
);

export const Icon = ({ name, size = 18 }: { name: IconName; size?: number }) => (
  <Sign path={PATHS[name]} size={size} width={name === "more" ? 2.4 : 1.5} />
);

interface SignButtonProps {
  label: string;
  /** Where Tab reaches it only at times. */
  tab?: number | undefined;
  expanded?: boolean | undefined;
  class?: string;
  onClick: (event: MouseEvent & { currentTarget: HTMLButtonElement }) => void;
  children: ComponentChildren;
}

/** A button with a sign on it; its name is for those who hear it, and for whoever rests on it. */
export const SignButton = ({ label, tab, expanded, class: more = "", ...rest }: SignButtonProps) => (
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

type IconButtonProps = Omit<SignButtonProps, "children" | "tab"> & { icon: IconName; size?: number };

/** A button that is an icon. */
export const IconButton = ({ icon, size, ...rest }: IconButtonProps) => (
  <SignButton {...rest}>
    <Icon name={icon} {...(size !== undefined && { size })} />
  </SignButton>
);
