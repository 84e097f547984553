"""Members: what they chose, what they say of themselves, what they may."""

from __future__ import annotations

import msgspec

from collabchat import protocol as p
from collabchat.errors import Forbidden, Invalid
from collabchat.hub import access, pictures
from collabchat.hub.commands.decision import Case, Decision, in_time, name_of

_Member = p.SetPreferences | p.SetName | p.SetRole | p.SetStatus | p.SetPicture


def decide(case: Case, command: _Member) -> Decision:
    """A change of a member."""
    state, me = case.workspace.directory, case.me
    access.check(name_of(command), me, None)
    match command:
        case p.SetPreferences():
            chosen = {
                name: value for name in p.Preferences.__struct_fields__ if (value := getattr(command, name)) is not None
            }
            new = msgspec.structs.replace(me.preferences, **chosen)
            return Decision(None) if new == me.preferences else Decision(p.PreferencesSet(preferences=new))
        case p.SetStatus():
            _one_line(command.text + command.emoji, "A status")
            status: p.MemberStatus | None = p.MemberStatus(
                emoji=command.emoji.strip(), text=command.text.strip(), until=command.until
            )
            if status and not (status.emoji or status.text):
                status = None
            in_time(case, command.until)
            return Decision(None) if status == me.status else Decision(p.StatusSet(status=status))
        case p.SetPicture():
            picture = pictures.name_of(command.data, case.limits) if command.data else None
            return Decision(None) if picture == me.picture else Decision(p.PictureSet(picture=picture))
        case p.SetName():
            name = command.name.strip()
            if not name:
                raise Invalid("A name is one line of text.")
            _one_line(name, "A name")
            return Decision(None) if name == me.name else Decision(p.NameSet(member=me.id, name=name))
        case p.SetRole():
            other = access.member(state, command.member)
            if me.role != "owner" and ("owner" in (other.role, command.role) or "admin" in (other.role, command.role)):
                raise Forbidden("Only an owner makes or unmakes admins and owners.")
            if other.role == command.role:
                return Decision(None)
            owners = sum(one.role == "owner" for one in state.members.values())
            if other.role == "owner" and owners == 1:
                raise Forbidden("The last owner stays owner: make somebody else an owner first.")
            return Decision(p.RoleSet(member=other.id, role=command.role))


def _one_line(text: str, what: str) -> None:
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
        raise Invalid(f"{what} is one line of text.")
