import { useId, useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import { Avatar } from "../Avatar";
import { useStore, useView } from "../view";
import { squareOf } from "./picture";

/** One's name and picture, as everybody sees them. */
export function You() {
  const { panel, go } = useView();
  const me = useStore((state) => state.members.get(state.me));
  const limit = useStore((state) => state.limits?.picture ?? 40_000);
  const id = useId();
  const [name, setName] = useState(me?.name ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  if (!me) return null;

  const run = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (problem) {
      setProblem((problem as Error).message);
    }
    setBusy(false);
  };
  const tidy = name.trim().replace(/\s+/g, " ");
  const rename = () => {
    if (tidy && tidy !== me.name && !busy) void run(() => panel.ask({ type: "set_name", name: tidy }));
  };

  return (
    <>
      <div class="cc-portrait">
        <Avatar member={me} size={72} />
        <div class="cc-row">
          <button type="button" class="cc-button" disabled={busy} onClick={() => file.current?.click()}>
            {me.picture ? t("Another picture") : t("Choose a picture")}
          </button>
          {me.picture && (
            <button
              type="button"
              class="cc-button cc-quiet"
              disabled={busy}
              onClick={() => void run(() => panel.ask({ type: "set_picture", data: "" }))}
            >
              {t("Remove it")}
            </button>
          )}
          <input
            ref={file}
            class="cc-hidden"
            type="file"
            accept="image/png,image/jpeg,image/webp,image/gif,image/avif"
            aria-label={t("Picture file")}
            tabIndex={-1}
            onChange={(event) => {
              const [chosen] = event.currentTarget.files ?? [];
              event.currentTarget.value = "";
              if (chosen)
                void run(async () => panel.ask({ type: "set_picture", data: await squareOf(chosen, limit) }));
            }}
          />
        </div>
        <p class="cc-hint">{t("It is cropped to a square and made small before it leaves the browser.")}</p>
      </div>
      <div class="cc-field">
        <label for={id}>{t("Name")}</label>
        <span class="cc-row cc-nowrap">
          <input
            id={id}
            class="cc-input"
            type="text"
            autocomplete="name"
            maxLength={80}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.isComposing) return;
              event.preventDefault();
              rename();
            }}
          />
          <button
            type="button"
            class="cc-button"
            disabled={busy || !tidy || tidy === me.name}
            onClick={rename}
          >
            {t("Save")}
          </button>
        </span>
      </div>
      <p class="cc-hint">{t("Others mention you as @{handle}; that name stays.", { handle: me.handle })}</p>
      <div class="cc-row">
        <button type="button" class="cc-button" onClick={() => go({ dialogue: "status" })}>
          {t("Set your status")}
        </button>
      </div>
      {problem && (
        <p class="cc-problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
