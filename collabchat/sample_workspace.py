"""A workspace made of the sample conversation, with the times that are written there."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from collabchat import protocol as p
from collabchat.errors import Conflict
from collabchat.sample import Conversation, Message, Sample, read

__all__ = ["make"]

_PIN = "📌"
_UNREAD = 6
"""At most so many messages of a room has a member not read yet."""


def make(workspace: Path, sample: Sample | None = None) -> int:
    """Fill a new workspace with the sample conversation.

    Parameters
    ----------
    workspace
        A folder that is no workspace yet.
    sample
        What was read; by default the conversation that comes with the package.

    Returns
    -------
    int
        How many messages there are.

    Raises
    ------
    Conflict
        Where the folder is a workspace already.
    """
    from collabchat.store.schema import FILE

    if (workspace / FILE).exists():
        raise Conflict(f"{workspace} is a workspace already: the sample conversation needs a folder of its own.")
    sample = sample or read()
    workspace.mkdir(parents=True, exist_ok=True, mode=0o700)
    _Player(workspace, sample).play()
    return len(sample)


class _Player:
    """Puts everything that happened in order, then writes it."""

    def __init__(self, workspace: Path, sample: Sample) -> None:
        self._workspace = workspace
        self._sample = sample
        self._steps: list[tuple[datetime, int, Callable[[int], None]]] = []
        self._members: dict[str, str] = {}
        self._joined = {member.handle: member.joined for member in sample.members}
        self._rooms: dict[str, str] = {}
        self._random = random.Random("collabchat")

    def play(self) -> None:
        from collabchat.store.seed import Seeder

        with Seeder(self._workspace) as self._seeder:
            for member in self._sample.members:
                self._at(member.joined, self._member(member.handle, member.name, member.role, member.bot))
            for conversation in self._sample.conversations:
                self._conversation(conversation)
            for at, _, step in sorted(self._steps, key=lambda item: item[:2]):
                step(int(at.timestamp() * 1_000_000))

    def _at(self, when: datetime, step: Callable[[int], None]) -> None:
        self._steps.append((when, len(self._steps), step))

    def _member(self, handle: str, name: str, role: str, bot: bool) -> Callable[[int], None]:
        def step(at: int) -> None:
            self._members[handle] = self._seeder.member(handle, name=name, role=role, bot=bot, at=at)  # type: ignore[arg-type]  # written in members.csv

        return step

    def _conversation(self, conversation: Conversation) -> None:
        first = conversation.messages[0]
        host = "ana" if "ana" in conversation.members else first.author
        if conversation.kind == "direct":
            opened = first.time - timedelta(seconds=20)
            early = conversation.members
        else:
            opened = max(first.time - timedelta(minutes=5), self._joined[host], self._founded)
            early = [handle for handle in conversation.members if self._joined[handle] <= opened]
        self._at(opened, self._room(conversation, host, early))
        for handle in conversation.members:
            if handle not in early:
                self._at(self._joined[handle] + timedelta(minutes=2), self._add(conversation.name, handle, host))
        said: list[tuple[Message, list[str]]] = []
        for root in conversation.messages:
            made = self._post(conversation.name, root)
            said.append((root, made))
            said += [(reply, self._post(conversation.name, reply, thread=made)) for reply in root.replies]
        self._read_marks(conversation, sorted(said, key=lambda item: item[0].time))

    @cached_property
    def _founded(self) -> datetime:
        return sorted(self._joined.values())[0] + timedelta(minutes=10)

    def _room(self, conversation: Conversation, host: str, members: list[str]) -> Callable[[int], None]:
        def step(at: int) -> None:
            self._rooms[conversation.name] = self._seeder.room(
                conversation.name,
                by=self._members[host],
                members=[self._members[handle] for handle in members],
                kind=conversation.kind,
                topic=conversation.topic,
                at=at,
            )

        return step

    def _add(self, room: str, handle: str, by: str) -> Callable[[int], None]:
        return lambda at: self._seeder.add(self._rooms[room], self._members[handle], by=self._members[by], at=at)

    def _post(self, room: str, message: Message, thread: list[str] | None = None) -> list[str]:
        from collabchat.hub.mentions import mentions

        made: list[str] = []

        def step(at: int) -> None:
            root = thread[0] if thread else None
            state = self._seeder.directory
            made.append(
                self._seeder.post(
                    self._rooms[room],
                    self._members[message.author],
                    message.text,
                    thread=root,
                    reply_to=root,
                    mentions=mentions(message.text, state, state.rooms[self._rooms[room]]),
                    files=[self._file(name) for name in message.files],
                    at=at,
                )
            )

        self._at(message.time, step)
        when = message.time
        for handle, emoji in message.reactions:
            when = max(when, self._joined[handle] + timedelta(minutes=30))
            when += timedelta(seconds=self._random.uniform(5, 400))
            self._at(when, self._react(room, made, handle, emoji))
        return made

    def _file(self, name: str) -> p.Attachment:
        return self._seeder.file(name, (self._sample.folder / "files" / name).read_bytes())

    def _react(self, room: str, message: list[str], handle: str, emoji: str) -> Callable[[int], None]:
        def step(at: int) -> None:
            place = (self._rooms[room], message[0], self._members[handle])
            self._seeder.react(*place, emoji, at=at)
            if emoji == _PIN:
                self._seeder.pin(*place, at=at)

        return step

    def _read_marks(self, conversation: Conversation, said: list[tuple[Message, list[str]]]) -> None:
        """Everybody has read nearly everything, and all before what they wrote themselves."""
        for handle in conversation.members:
            own = max((at for at, (message, _) in enumerate(said) if message.author == handle), default=0)
            upto = max(own, len(said) - 1 - self._random.randint(0, _UNREAD))
            self._at(self._end, self._read(conversation.name, handle, said[upto][1]))

    @cached_property
    def _end(self) -> datetime:
        return max(m.time for c in self._sample.conversations for m in c) + timedelta(hours=1)

    def _read(self, room: str, handle: str, message: list[str]) -> Callable[[int], None]:
        return lambda at: self._seeder.read(self._rooms[room], self._members[handle], message[0], at=at)
