import { t } from "../../i18n";
import { spelled, type Where } from "../../keys";
import { ALL_KEYS } from "../../moreKeys";

/** The keys that do something, by where they do it. */
export function Keyboard() {
  const parts: [Where, string][] = [
    ["panel", t("Everywhere")],
    ["list", t("In the list of conversations")],
    ["messages", t("Among the messages")],
    ["box", t("In the text box")],
    ["files", t("Among files and links")],
    ["large", t("A file in large")],
  ];
  return (
    <>
      {parts.map(([where, title]) => {
        const here = ALL_KEYS.filter((key) => key.where === where);
        if (here.length === 0) return null;
        return (
          <section key={where} class="cc-keys">
            <h3>{title}</h3>
            <dl>
              {here.map((key) => (
                <div key={`${key.keys.join()} ${key.what()}`}>
                  <dt>{key.what()}</dt>
                  <dd>
                    {key.keys.map((combination) => (
                      <span key={combination}>
                        {spelled(combination).map((part) => (
                          <kbd key={part}>{part}</kbd>
                        ))}
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        );
      })}
    </>
  );
}
