import { useState } from "preact/hooks";
import { sizeText } from "../../files/sizes";
import { visible } from "../../files/words";
import { t } from "../../i18n";
import type { Entry } from "./entries";
import { goHome } from "./home";
import { useWhole } from "./use";
import { Coming, Failed } from "./Waits";

/** More than this is fetched when somebody asks for it once more. */
const ASK_FROM = 20_000_000;

/** A sound or a video in the browser's player, once all of it is there. */
export function Player({ entry: { id, file } }: { entry: Entry }) {
  const [wanted, setWanted] = useState(file.size <= ASK_FROM);
  const [broken, setBroken] = useState(false);
  const whole = useWhole(id, file, wanted);
  const name = visible(file.name);
  if (!wanted)
    return (
      <div class="cc-player-ask">
        <p class="cc-hint">
          {t("It has {size}, all of which has to come before it plays.", { size: sizeText(file.size) })}
        </p>
        <button
          type="button"
          class="cc-button"
          onClick={({ currentTarget }) => {
            goHome(currentTarget);
            setWanted(true);
          }}
        >
          {t("Load and play")}
        </button>
      </div>
    );
  if (whole.problem) return <Failed problem={whole.problem} retry={whole.retry} />;
  if (!whole.value) return <Coming loaded={whole.loaded} size={file.size} name={name} />;
  if (broken) return <p class="cc-hint">{t("This browser does not play it. It can be downloaded.")}</p>;
  const common = {
    class: "cc-player",
    src: whole.value,
    controls: true,
    "aria-label": name,
    onError: () => setBroken(true),
  };
  if (file.kind === "video") return <video {...common} playsInline />;
  return <audio {...common} />;
}
