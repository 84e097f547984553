import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n";
import { useStore, useView } from "./view";

/** Asks a visitor who they are. */
export default function Visitor() {
  const { panel } = useView();
  const link = useStore((state) => state.link);
  const [name, setName] = useState(() => panel.memory.lasting.get<string>("visitor") ?? "");
  const [entering, setEntering] = useState(false);
  const silent = useStore((state) => state.silent);

  const enter = (who: string) => {
    const name = who.trim().replace(/\s+/g, " ");
    if (!name) return;
    panel.memory.lasting.set("visitor", name);
    panel.memory.tab.set("visitor", name);
    setEntering(true);
    panel.transport.enter(name);
  };

  // In a tab that was entered before (it was loaded again), the name is known: but only one that was let in.
  useEffect(() => {
    const known = panel.memory.tab.get<string>("visitor");
    if (known && !link.message) enter(known);
  }, []);
  useEffect(() => {
    if (!link.message) return;
    setEntering(false);
    panel.memory.tab.remove("visitor");
  }, [link]);

  return (
    <div class="cc-visitor">
      <form
        class="cc-card"
        onSubmit={(event) => {
          event.preventDefault();
          enter(name);
        }}
      >
        <h2>{t("Welcome")}</h2>
        <p>{t("Tell the others who you are, and you are in.")}</p>
        <label class="cc-field">
          <span>{t("Your name")}</span>
          <input
            class="cc-input"
            type="text"
            name="name"
            autocomplete="name"
            maxLength={80}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        {link.message && (
          <p class="cc-problem" role="alert">
            {link.message}
          </p>
        )}
        <button type="submit" class="cc-button cc-primary cc-wide" disabled={!name.trim() || entering}>
          {entering ? t("Entering…") : t("Enter the chat")}
        </button>
        {silent && <p class="cc-hint">{t("The kernel does not answer yet. It may still be starting.")}</p>}
      </form>
    </div>
  );
}
