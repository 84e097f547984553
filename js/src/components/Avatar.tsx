import type { Member, Sha } from "../protocol";
import { useStore, useView } from "./view";

/** Hues that stay apart from each other, for people without a picture. */
const HUES = [212, 262, 330, 12, 36, 96, 160, 186];

const hue = (id: string): number => HUES[(Number(id) * 7) % HUES.length] ?? 212;

const initials = (name: string): string => {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? "?")][0]?.toUpperCase() ?? "").join("");
};

export function Avatar({
  member,
  size,
  online,
}: {
  member: Member | undefined;
  /** In pixels; by default what the style sheet says for the place. */
  size?: number;
  online?: boolean | undefined;
}) {
  return (
    <span
      class="cc-avatar"
      style={{ "--cc-hue": String(hue(member?.id ?? "0")), ...(size && { "--cc-size": `${size}px` }) }}
      aria-hidden="true"
    >
      {initials(member?.name || member?.handle || "?")}
      {member?.picture && <Picture sha={member.picture} />}
      {online !== undefined && <span class={online ? "cc-dot cc-online" : "cc-dot"} />}
    </span>
  );
}

/** Over the initials, once it is there. */
function Picture({ sha }: { sha: Sha }) {
  const { panel } = useView();
  const url = useStore(() => panel.picture(sha));
  return url === null ? null : <img class="cc-avatar-picture" src={url} alt="" draggable={false} />;
}
