import { t } from "../../i18n";
import type { Id } from "../../protocol";
import { typingIn } from "../../state/selectors";
import { useStore, useView } from "../view";

/** Who is writing just now. It keeps its place when nobody is, and is not read out. */
export default function TypingLine({ room, thread }: { room: Id; thread: Id | null }) {
  const { panel } = useView();
  const typing = useStore((state) => state.typing);
  const names =
    typing.size === 0 ? [] : typingIn(panel.state, room, thread).map(({ name, handle }) => name || handle);
  const [one = "", two = ""] = names;
  return (
    <div class="cc-typing" aria-live="off" dir="auto">
      {names.length > 0 && (
        <>
          <span class="cc-typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span>
            {names.length === 1
              ? t("{name} is writing…", { name: one })
              : names.length === 2
                ? t("{one} and {two} are writing…", { one, two })
                : t("Several people are writing…")}
          </span>
        </>
      )}
    </div>
  );
}
