import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { Id } from "../../protocol";
import { nameOf } from "../../state/selectors";
import { Icon, IconButton } from "../icons";
import { MemberPicker } from "../MemberPicker";
import { Popover } from "../Popover";
import { useStore } from "../view";
import { DatesSheet, datesText } from "./DatesSheet";
import { anyFilter, type Filters, GROUPS, type Group, groupName, LONGEST_TEXT, NO_FILTERS } from "./query";

interface Props {
  filters: Filters;
  onChange: (change: (filters: Filters) => Filters) => void;
}

type Sheet = { type: "person" | "date"; anchor: HTMLElement } | null;

/** Which of all files and links one looks for. */
export function FiltersBar({ filters, onChange }: Props) {
  const [sheet, setSheet] = useState<Sheet>(null);
  const close = () => setSheet(null);
  const change = (some: Partial<Filters>) => onChange((now) => ({ ...now, ...some }));
  const toggle = (type: "person" | "date", anchor: HTMLElement) =>
    setSheet(sheet?.type === type ? null : { type, anchor });
  const choose = (group: Group) =>
    onChange((now) => ({
      ...now,
      groups: now.groups.includes(group) ? now.groups.filter((one) => one !== group) : [...now.groups, group],
    }));
  return (
    <div class="cc-shared-filters">
      <div class="cc-shared-find">
        <Icon name="search" size={16} />
        <input
          class="cc-input"
          type="search"
          aria-label={t("Find in files and links")}
          placeholder={t("Find in files and links")}
          autocomplete="off"
          spellcheck={false}
          maxLength={LONGEST_TEXT}
          data-keep="shared-find"
          value={filters.text}
          onInput={(event) => change({ text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || !filters.text) return;
            event.preventDefault();
            event.stopPropagation();
            change({ text: "" });
          }}
        />
      </div>
      <fieldset class="cc-shared-chips" aria-label={t("Filters")}>
        {(Object.keys(GROUPS) as Group[]).map((group) => (
          <button
            key={group}
            type="button"
            class="cc-shared-chip"
            aria-pressed={filters.groups.includes(group)}
            onClick={() => choose(group)}
          >
            {groupName(group)}
          </button>
        ))}
        <span class="cc-shared-pair">
          <button
            type="button"
            class="cc-shared-chip"
            aria-haspopup="dialog"
            aria-expanded={sheet?.type === "person"}
            data-on={filters.author !== null || undefined}
            onClick={(event) => toggle("person", event.currentTarget)}
          >
            {filters.author === null ? t("Person") : <From member={filters.author} />}
            <Icon name="chevron" size={13} />
          </button>
          {filters.author !== null && (
            <IconButton
              icon="close"
              label={t("From anybody")}
              size={12}
              onClick={() => change({ author: null })}
            />
          )}
        </span>
        <span class="cc-shared-pair">
          <button
            type="button"
            class="cc-shared-chip"
            aria-haspopup="dialog"
            aria-expanded={sheet?.type === "date"}
            data-on={filters.dates !== null || undefined}
            onClick={(event) => toggle("date", event.currentTarget)}
          >
            {filters.dates === null ? t("Date") : datesText(filters.dates)}
            <Icon name="chevron" size={13} />
          </button>
          {filters.dates !== null && (
            <IconButton
              icon="close"
              label={t("Any time")}
              size={12}
              onClick={() => change({ dates: null })}
            />
          )}
        </span>
        {anyFilter(filters) && (
          <button type="button" class="cc-link-button" onClick={() => onChange(() => NO_FILTERS)}>
            {t("Clear filters")}
          </button>
        )}
      </fieldset>
      {sheet?.type === "person" && (
        <Popover anchor={sheet.anchor} label={t("Who shared it")} onClose={close}>
          <div class="cc-shared-sheet">
            <MemberPicker
              leaveOut={[]}
              first
              onPick={({ id }) => {
                change({ author: id });
                close();
              }}
            />
          </div>
        </Popover>
      )}
      {sheet?.type === "date" && (
        <Popover anchor={sheet.anchor} label={t("When it was shared")} onClose={close}>
          <DatesSheet dates={filters.dates} onChange={(dates) => change({ dates })} onDone={close} />
        </Popover>
      )}
    </div>
  );
}

function From({ member }: { member: Id }) {
  const name = useStore((state) => nameOf(state, member));
  return <span dir="auto">{t("From {name}", { name })}</span>;
}
