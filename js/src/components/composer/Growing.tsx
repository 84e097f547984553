import type { JSX, RefObject } from "preact";

type Props = JSX.IntrinsicElements["textarea"] & {
  area: RefObject<HTMLTextAreaElement | null>;
  value: string;
  hide?: boolean;
};

/** So many characters make it as high as it gets. */
const MIRRORED = 6_000;

/** A text box as high as its text. The text beside it makes the room, so that a key measures nothing. */
export function Growing({ area, value, hide = false, ...rest }: Props) {
  return (
    <div class="cc-grow" hidden={hide}>
      <textarea ref={area} class="cc-area" rows={1} dir="auto" value={value} {...rest} />
      <div class="cc-mirror" aria-hidden="true" dir="auto">
        {value.slice(0, MIRRORED)}
        {"\u200b"}
      </div>
    </div>
  );
}
