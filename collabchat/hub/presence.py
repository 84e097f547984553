"""Who is connected, and when they were last."""

from __future__ import annotations

from collabchat import protocol as p
from collabchat.hub.session import Session


class Presence:
    """The sessions of each member."""

    def __init__(self) -> None:
        self.sessions: dict[p.Id, set[Session]] = {}

    def enter(self, member: p.Id, session: Session) -> bool:
        """Note a session; true where it is the member's first."""
        sessions = self.sessions.setdefault(member, set())
        sessions.add(session)
        return len(sessions) == 1

    def leave(self, member: p.Id, session: Session) -> bool:
        """Forget a session; true where it was the member's last."""
        sessions = self.sessions.get(member)
        if not sessions or session not in sessions:
            return False
        sessions.discard(session)
        if sessions:
            return False
        del self.sessions[member]
        return True

    def listening(self) -> dict[p.Id, list[Session]]:
        """The sessions of each member that are sent events."""
        found = {}
        for member, sessions in self.sessions.items():
            if some := [session for session in sessions if session.since is not None]:
                found[member] = some
        return found

    def online(self) -> list[p.Id]:
        return sorted(self.sessions, key=int)

    def of(self, member: p.Id) -> set[Session]:
        return self.sessions.get(member, set())

    def all(self) -> list[Session]:
        return [session for sessions in self.sessions.values() for session in sessions]
