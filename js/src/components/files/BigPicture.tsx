import { useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import { thumbnailsOf } from "../../files/thumbnails";
import { isDrawable } from "../../files/types";
import { visible } from "../../files/words";
import { t } from "../../i18n";
import { useView } from "../view";
import type { Entry } from "./entries";
import { useThumbnail, useWhole } from "./use";
import { Coming, Failed } from "./Waits";
import { useZoom } from "./zoom";

/** Up to so many bytes the picture itself is shown at once; a larger one when somebody looks closer. */
const AT_ONCE = 5_000_000;
const MOVING = /^image\/(?:gif|webp|avif)$/;

export interface Hand {
  zoom(factor: number): void;
  fit(): void;
  move(x: number, y: number): void;
}

interface Props {
  entry: Entry;
  /** What keys and buttons of the viewer do with it. */
  hand: (hand: Hand | null) => void;
}

/** A picture in large: what there is of it first, then better. */
export function BigPicture({ entry: { id, file }, hand }: Props) {
  const { panel } = useView();
  const stage = useRef<HTMLDivElement>(null);
  const [natural, setNatural] = useState<{ width: number; height: number } | null>(null);
  const [broken, setBroken] = useState("");
  const [tries, again] = useReducer((n: number) => n + 1, 0);
  const picture = {
    width: file.width ?? natural?.width ?? 1,
    height: file.height ?? natural?.height ?? 1,
  };
  const { lie, zoom, fit, move, size } = useZoom(stage, picture, id);
  const drawable = isDrawable(file);
  const small = useThumbnail(id, file, 480);
  const large = useThumbnail(id, file, 1600, !drawable || file.size > AT_ONCE);
  const longest = Math.max(picture.width, picture.height);
  const closer = lie.scale > 1 && longest > 1600;
  const moving = MOVING.test(file.type) && file.size <= 4 * AT_ONCE;
  const wanted = drawable && (file.size <= AT_ONCE || moving || closer || large === "");
  const whole = useWhole(id, file, wanted);
  useLayoutEffect(() => {
    hand({ zoom, fit, move });
    return () => hand(null);
  }, [zoom, fit, move]);

  const name = visible(file.name);
  const best = whole.value && broken !== whole.value ? whole.value : large || small;
  const problem = broken
    ? t("This picture cannot be shown. It can be downloaded.")
    : whole.problem || (!drawable && large === "" ? t("This picture is too large to be shown.") : "");
  const retry = () => {
    setBroken("");
    thumbnailsOf(panel).again(id);
    whole.retry();
    again(undefined);
  };
  return (
    <div ref={stage} class="cc-stage" data-close={lie.scale > 1 || undefined}>
      {best && (
        <img
          key={`${best} ${tries}`}
          class="cc-stage-picture"
          src={best}
          alt={name}
          draggable={false}
          style={{
            width: `${size.width}px`,
            height: `${size.height}px`,
            transform: `translate(${lie.x}px, ${lie.y}px) scale(${lie.scale})`,
          }}
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => {
            if (file.width === null) setNatural({ width, height });
          }}
          onError={() => setBroken(best)}
        />
      )}
      {problem ? (
        <div class={best && !broken ? "cc-stage-coming" : "cc-stage-failed"}>
          <Failed problem={problem} retry={retry} />
        </div>
      ) : whole.value || !wanted ? (
        !best && (
          <p class="cc-stage-waiting" role="status">
            {t("Opening…")}
          </p>
        )
      ) : (
        <div class="cc-stage-coming">
          <Coming loaded={whole.loaded} size={file.size} name={name} />
        </div>
      )}
    </div>
  );
}
