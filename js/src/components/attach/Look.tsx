import { endingOf } from "./progress";

/** A file in small: the picture, or the ending of its name. */
export function Look({ name, picture }: { name: string; picture: string | null }) {
  const ending = endingOf(name);
  return (
    <span class="cc-tray-look" data-long={ending.length > 4 || undefined} aria-hidden="true">
      {picture ? <img src={picture} alt="" draggable={false} /> : ending}
    </span>
  );
}
