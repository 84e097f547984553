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
  more: "M5 10v.1M10 10v.1M15 10v.1",
  down: "M10 4v12M5 11l5 5 5-5",
  back: "M12.5 4.5 7 10l5.5 5.5",
  close: "M5 5l10 10M15 5 5 15",
  pin: "M7 3.5h6l-.7 5 2.2 2.5h-9l2.2-2.5ZM10 11v5.5",
  compass: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM12.9 7.1l-1.7 4.1-4.1 1.7 1.7-4.1Z",
  info: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 9.2v4.3M10 6.5v.1",
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name, size = 18 }: { name: IconName; size?: number }) => (
  <svg
    class="cc-icon"
    width={size}
    height={size}
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    stroke-width={name === "more" ? 2.4 : 1.5}
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d={PATHS[name]} />
  </svg>
);

interface ButtonProps {
  icon: IconName;
  label: string;
  onClick: (event: MouseEvent & { currentTarget: HTMLButtonElement }) => void;
  expanded?: boolean | undefined;
  size?: number;
  class?: string;
}

/** A button that is an icon; its name is for those who hear it, and for whoever rests on it. */
export const IconButton = ({ icon, label, onClick, expanded, size, class: more = "" }: ButtonProps) => (
  <button
    type="button"
    class={`cc-icon-button ${more}`}
    aria-label={label}
    aria-expanded={expanded}
    title={label}
    onClick={onClick}
  >
    <Icon name={icon} {...(size !== undefined && { size })} />
  </button>
);
