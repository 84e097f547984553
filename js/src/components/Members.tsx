import { useMemo, useState } from "preact/hooks";
import { t, tn } from "../i18n";
import type { Id, Member, Room } from "../protocol";
import { statusOf } from "../state/selectors";
import { Avatar } from "./Avatar";
import { Icon, IconButton } from "./icons";
import { MemberPicker } from "./MemberPicker";
import { memo } from "./memo";
import { SideHead } from "./SideHead";
import { StatusSign } from "./StatusSign";
import { fold } from "./switch/score";
import { useStore, useView } from "./view";

/** So many are drawn at first, and so many more when one comes near the end of them. */
const DRAWN = 60;
/** With more than these there is a field to find one. */
const FEW = 8;

/** Who is in a room; bring somebody in, take somebody out, come and go. */
export default function Members({ room }: { room: Room }) {
  const { panel, go, complain } = useView();
  const members = useStore((state) => state.members);
  const online = useStore((state) => state.online);
  const me = useStore((state) => state.me);
  const role = useStore((state) => state.members.get(state.me)?.role ?? "guest");
  const [adding, setAdding] = useState(false);
  const [words, setWords] = useState("");
  const [drawn, setDrawn] = useState(DRAWN);
  const inside = useMemo(
    () =>
      room.members
        .map((id) => members.get(id))
        .filter((member): member is Member => member !== undefined)
        .map((member) => ({ member, name: nameIn(member), folded: fold(`${member.name} ${member.handle}`) }))
        .sort((a, b) => collator.compare(a.name, b.name)),
    [room.members, members],
  );
  const found = useMemo(() => {
    const wanted = fold(words.trim().replace(/^@/, ""));
    const some = wanted ? inside.filter(({ folded }) => folded.includes(wanted)) : inside;
    const here = some.filter(({ member }) => online.has(member.id));
    return [...here, ...some.filter(({ member }) => !online.has(member.id))];
  }, [inside, online, words]);
  const add = (member: Member) => {
    setAdding(false);
    panel.ask({ type: "add", room: room.id, member: member.id }).catch(complain);
  };
  const direct = room.kind === "direct";
  const staff = role === "owner" || role === "admin";
  const may = !direct && !room.archived && role !== "guest";
  const mayRemove = may && (room.created_by === me || (room.joined && staff));
  return (
    <aside class="cc-aside" aria-label={t("Who is in this room")}>
      <SideHead title={t("Who is here")} about={tn(room.n_members, "1 member", "{n} members")} />
      <div
        class="cc-aside-scroll"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          if (drawn < found.length && scrollHeight - scrollTop - clientHeight < 600) setDrawn(drawn + DRAWN);
        }}
      >
        {room.joined && may && (
          <div class="cc-aside-tools">
            <button type="button" class="cc-button" aria-expanded={adding} onClick={() => setAdding(!adding)}>
              <Icon name="plus" size={15} /> {t("Add somebody")}
            </button>
            <button type="button" class="cc-button" onClick={() => go({ dialogue: "room-settings" })}>
              <Icon name="sliders" size={15} /> {t("Room settings")}
            </button>
          </div>
        )}
        {adding && <MemberPicker leaveOut={room.members} first onPick={add} />}
        {inside.length > FEW && (
          <input
            class="cc-input cc-aside-find"
            type="text"
            aria-label={t("Find a member")}
            placeholder={t("Find a member")}
            autocomplete="off"
            spellcheck={false}
            value={words}
            onInput={(event) => {
              setWords(event.currentTarget.value);
              setDrawn(DRAWN);
            }}
          />
        )}
        <ul class="cc-people" aria-label={t("Members")}>
          {found.slice(0, drawn).map(({ member }) => (
            <Person
              key={member.id}
              member={member}
              me={member.id === me}
              online={online.has(member.id)}
              room={mayRemove && member.id !== me ? room.id : null}
            />
          ))}
          {found.length === 0 && room.joined && <li class="cc-hint">{t("Nobody here is called so.")}</li>}
        </ul>
        {!room.joined && <p class="cc-hint">{t("Who is in a room is shown to those who are in it.")}</p>}
        <div class="cc-aside-tools">
          {room.joined && !direct && (
            <button
              type="button"
              class="cc-button cc-danger-text"
              onClick={() =>
                panel.ask({ type: "leave", room: room.id }).then(() => go({ side: null }), complain)
              }
            >
              {t("Leave this room")}
            </button>
          )}
          {!room.joined && (
            <button
              type="button"
              class="cc-button cc-primary"
              onClick={() => panel.ask({ type: "join", room: room.id }).catch(complain)}
            >
              {t("Join this room")}
            </button>
          )}
        </div>
      </div>
    </aside>
  );
}

const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });
const nameIn = (member: Member): string => member.name || member.handle;
const roleOf = (member: Member): string => {
  if (member.bot) return t("bot");
  return { owner: t("owner"), admin: t("admin"), member: "", guest: t("guest") }[member.role];
};

interface PersonProps {
  member: Member;
  me: boolean;
  online: boolean;
  /** Where one may take them out of. */
  room: Id | null;
}

const Person = memo(({ member, me, online, room }: PersonProps) => {
  const { panel, complain } = useView();
  const status = useStore((state) => statusOf(state, member));
  const role = roleOf(member);
  return (
    <li class="cc-person">
      {/* biome-ignore lint/a11y/useSemanticElements: its card opens as that of a name in a text does */}
      <span
        class="cc-person-open"
        role="button"
        tabIndex={0}
        aria-description={[`@${member.handle}`, role, status?.text].filter(Boolean).join(", ")}
        data-member={member.id}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          event.currentTarget.click();
        }}
      >
        <Avatar member={member} size={30} online={online} />
        <span class="cc-unseen">{t("Card of {name}", { name: nameIn(member) })}</span>
        <span class="cc-item-text" aria-hidden="true">
          <span class="cc-item-title">
            <span dir="auto">{nameIn(member)}</span>
            {me && <span class="cc-faint"> {t("(you)")}</span>}
            {status && <StatusSign status={status} />}
          </span>
          <span class="cc-item-line">
            @{member.handle}
            {role && ` · ${role}`}
          </span>
        </span>
      </span>
      {room !== null && (
        <IconButton
          icon="close"
          label={t("Remove {name}", { name: nameIn(member) })}
          size={15}
          class="cc-on-hover"
          onClick={() => panel.ask({ type: "remove", room, member: member.id }).catch(complain)}
        />
      )}
    </li>
  );
});
