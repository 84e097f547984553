import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n";
import type { State } from "../state/state";
import { useStore, useView } from "./view";

type Tone = "good" | "busy" | "bad";

interface Said {
  tone: Tone;
  short: string;
  /** What to do, where something is to be done or waited for. */
  long: string | null;
}

/** How the connection stands, in words. */
export function saidOf(state: Pick<State, "link" | "silent" | "synced">): Said {
  if (state.silent)
    return {
      tone: "bad",
      short: t("The kernel does not answer"),
      long: t(
        "The kernel does not answer. What you type is kept. Restart the kernel and run the cell again if it does not come back; a cell that runs for long may be all it is.",
      ),
    };
  const { link } = state;
  switch (link.state) {
    case "open":
      return state.synced
        ? { tone: "good", short: t("Connected"), long: null }
        : { tone: "busy", short: t("Loading…"), long: null };
    case "connecting":
      return { tone: "busy", short: t("Connecting…"), long: state.synced ? link.message || null : null };
    case "lost":
      return {
        tone: "busy",
        short: t("Reconnecting…"),
        long: t("{why} What you type is kept and goes out by itself.", {
          why: link.message || t("The hub is being started again."),
        }),
      };
    case "closed":
      return {
        tone: "bad",
        short: t("Not connected"),
        long: link.message || t("The connection to the hub is closed. Run the cell again to connect."),
      };
    default:
      return { tone: "busy", short: "", long: null };
  }
}

function useSaid(): Said {
  const link = useStore((state) => state.link);
  const silent = useStore((state) => state.silent);
  const synced = useStore((state) => state.synced);
  return saidOf({ link, silent, synced });
}

/** The quiet line that says how the connection stands. */
export function Connection() {
  const { tone, short } = useSaid();
  return (
    <div class="cc-connection" role="status" aria-label={t("Connection")} data-tone={tone}>
      <span class="cc-lamp" aria-hidden="true" />
      {short}
    </div>
  );
}

const BRIEF = 700;

/** Over everything, when something is to be done or waited for. */
export function Banner() {
  const { panel, id } = useView();
  const { tone, long } = useSaid();
  // A moment without the hub is none that anybody has to read of.
  const [shown, setShown] = useState(false);
  useEffect(() => {
    setShown(long !== null && tone === "bad");
    if (long === null || tone === "bad") return;
    const timer = setTimeout(() => setShown(true), BRIEF);
    return () => clearTimeout(timer);
  }, [long, tone]);
  if (long === null || !shown) return null;
  return (
    <div class="cc-banner" role="alert" data-tone={tone}>
      <span>{long}</span>
      {tone === "bad" && (
        <button type="button" class="cc-button cc-quiet" onClick={() => panel.transport.attach(id)}>
          {t("Try again")}
        </button>
      )}
    </div>
  );
}
