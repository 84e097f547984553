import { useEffect, useState } from "preact/hooks";
import { changes } from "../diff";
import { t } from "../i18n";
import type { Message, Version } from "../protocol";
import { full } from "../time";
import { Dialog } from "./Dialog";
import { useView } from "./view";

/** What a message said before it was edited, the newest on top, with what each edit changed. */
export default function Versions({ message, onClose }: { message: Message; onClose: () => void }) {
  const { panel } = useView();
  const [versions, setVersions] = useState<Version[] | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let here = true;
    panel.ask({ type: "versions", id: message.id }).then(
      (reply) => here && setVersions(reply.versions),
      (error: Error) => here && setProblem(error.message),
    );
    return () => {
      here = false;
    };
  }, [panel, message.id]);
  return (
    <Dialog title={t("Earlier versions")} wide onClose={onClose}>
      <div class="cc-dialog-body">
        {problem && (
          <p class="cc-problem" role="alert">
            {problem}
          </p>
        )}
        {!versions && !problem && <p class="cc-hint">{t("Asking…")}</p>}
        <ol class="cc-versions">
          {versions
            ?.map((version, at) => (
              <li key={version.time}>
                <p class="cc-hint">
                  {at === 0
                    ? t("Written {time}", { time: full(version.time) })
                    : t("Edited {time}", { time: full(version.time) })}
                </p>
                <p class="cc-version" dir="auto">
                  <Changed before={versions[at - 1]?.text} after={version.text} />
                </p>
              </li>
            ))
            .reverse()}
        </ol>
      </div>
    </Dialog>
  );
}

function Changed({ before, after }: { before: string | undefined; after: string }) {
  if (before === undefined) return <>{after}</>;
  return (
    <>
      {changes(before, after).map(({ kind, text }, at) =>
        kind === "same" ? text : kind === "added" ? <ins key={at}>{text}</ins> : <del key={at}>{text}</del>,
      )}
    </>
  );
}
