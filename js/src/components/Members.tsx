import { useMemo, useState } from "preact/hooks";
import type { Member, Room } from "../protocol";
import { Avatar } from "./Avatar";
import { Icon, IconButton } from "./icons";
import { MemberPicker } from "./MemberPicker";
import { SideHead } from "./SideHead";
import { useStore, useView } from "./view";

/** Who is in a room; bring somebody in, take somebody out, come and go. */
export function Members({ room }: { room: Room }) {
  const { panel, go, complain } = useView();
  const members = useStore((state) => state.members);
  const online = useStore((state) => state.online);
  const me = useStore((state) => state.me);
  const [adding, setAdding] = useState(false);
  const list = useMemo(
    () =>
      room.members
        .map((id) => members.get(id))
        .filter((member): member is Member => member !== undefined)
        .sort(
          (a, b) => Number(online.has(b.id)) - Number(online.has(a.id)) || nameIn(a).localeCompare(nameIn(b)),
        ),
    [room.members, members, online],
  );
  const add = (member: Member) => {
    setAdding(false);
    panel.ask({ type: "add", room: room.id, member: member.id }).catch(complain);
  };
  const direct = room.kind === "direct";
  return (
    <aside class="cc-aside" aria-label="Who is in this room">
      <SideHead title="Who is here" about={room.n_members === 1 ? "1 member" : `${room.n_members} members`} />
      <div class="cc-aside-scroll">
        {room.joined && !direct && !room.archived && (
          <div class="cc-aside-tools">
            <button type="button" class="cc-button" aria-expanded={adding} onClick={() => setAdding(!adding)}>
              <Icon name="plus" size={15} /> Add somebody
            </button>
            <button type="button" class="cc-button" onClick={() => go({ dialogue: "room-settings" })}>
              <Icon name="sliders" size={15} /> Room settings
            </button>
          </div>
        )}
        {adding && <MemberPicker leaveOut={room.members} onPick={add} />}
        <ul class="cc-people">
          {list.map((member) => (
            <li key={member.id} class="cc-person">
              <Avatar member={member} size={30} online={online.has(member.id)} />
              <span class="cc-item-text">
                <span class="cc-item-title">
                  {nameIn(member)}
                  {member.id === me && <span class="cc-faint"> (you)</span>}
                </span>
                <span class="cc-item-line">
                  @{member.handle}
                  {member.bot ? " · bot" : member.role === "member" ? "" : ` · ${member.role}`}
                </span>
              </span>
              {room.joined && !direct && member.id !== me && (
                <IconButton
                  icon="close"
                  label={`Remove ${nameIn(member)}`}
                  size={15}
                  class="cc-on-hover"
                  onClick={() =>
                    panel.ask({ type: "remove", room: room.id, member: member.id }).catch(complain)
                  }
                />
              )}
            </li>
          ))}
        </ul>
        {!room.joined && <p class="cc-hint">Who is in a room is shown to those who are in it.</p>}
        <div class="cc-aside-tools">
          {room.joined && !direct && (
            <button
              type="button"
              class="cc-button cc-danger-text"
              onClick={() =>
                panel.ask({ type: "leave", room: room.id }).then(() => go({ side: null }), complain)
              }
            >
              Leave this room
            </button>
          )}
          {!room.joined && (
            <button
              type="button"
              class="cc-button cc-primary"
              onClick={() => panel.ask({ type: "join", room: room.id }).catch(complain)}
            >
              Join this room
            </button>
          )}
        </div>
      </div>
    </aside>
  );
}

const nameIn = (member: Member): string => member.name || member.handle;
