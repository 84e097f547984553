"""Mattermost's bulk export: one JSON record a line, and the files beside it in ``data``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from collabchat.errors import Invalid
from collabchat.importers.format import Format, Options
from collabchat.importers.markup.emoji_names import reaction_of
from collabchat.importers.markup.mattermost import markdown
from collabchat.importers.markup.slack_blocks import attachments
from collabchat.importers.readers.json_lists import broken
from collabchat.importers.readers.ordered import in_order
from collabchat.importers.readers.places import inside
from collabchat.importers.records import (
    Broken,
    Enclosed,
    Person,
    Place,
    Reaction,
    Record,
    Room,
    Talk,
    mention,
    mention_room,
)
from collabchat.importers.source import Source

_LONGEST = 64 << 20


class _Channel(Struct):
    team: str
    name: str
    type: str = "O"
    header: str | None = None
    purpose: str | None = None
    deleted_at: int | None = None


class _InChannel(Struct):
    name: str


class _InTeam(Struct):
    name: str
    channels: list[_InChannel] | None = None


class _User(Struct):
    username: str
    nickname: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    teams: list[_InTeam] | None = None


class _Bot(Struct):
    username: str
    display_name: str | None = None


class _Given(Struct):
    user: str
    emoji_name: str
    create_at: int | None = None


class _File(Struct):
    path: str


class _Post(Struct):
    user: str
    create_at: int
    message: str | None = None
    type: str | None = None
    edit_at: int | None = None
    reactions: list[_Given] | None = None
    attachments: list[_File] | None = None
    is_pinned: bool | None = None
    props: Any = None


class _Root(Struct):
    user: str
    create_at: int
    team: str = ""
    channel: str = ""
    channel_members: list[str] | None = None
    replies: list[msgspec.Raw] | None = None


class _Time(Struct):
    create_at: int


class _Participant(Struct):
    username: str


class _Direct(Struct):
    members: list[str] | None = None
    participants: list[_Participant] | None = None
    header: str | None = None


class _Line(Struct):
    type: str
    channel: _Channel | None = None
    user: _User | None = None
    bot: _Bot | None = None
    direct_channel: _Direct | None = None
    post: msgspec.Raw = msgspec.Raw()
    direct_post: msgspec.Raw = msgspec.Raw()


_LINE = msgspec.json.Decoder(_Line)
_ROOT = msgspec.json.Decoder(_Root)
_POST = msgspec.json.Decoder(_Post)
_TIME = msgspec.json.Decoder(_Time)


def matches(source: Source) -> bool:
    """A file whose first line tells the version of a bulk export."""
    return _file(source) is not None


def _file(source: Source) -> Path | None:
    path = source.path
    found = [path] if path.is_file() else sorted(path.glob("*.jsonl")) + sorted(path.glob("*/*.jsonl"))
    return next((one for one in found if _begins(one)), None)


def _begins(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            first = file.readline(4_096)
        return b'"version"' in first and b'"type"' in first and msgspec.json.decode(first).get("type") == "version"
    except (OSError, msgspec.MsgspecError, AttributeError, UnicodeDecodeError):
        return False


def read(source: Source, options: Options) -> Iterator[Record]:  # noqa: ARG001
    """People, channels and posts, in the order of time."""
    path = _file(source)
    if path is None:
        raise Invalid(f"{source.path.name} is no bulk export of Mattermost: no line tells its version.")
    yield from _Reading(source, path).all()


class _Reading:
    def __init__(self, source: Source, path: Path) -> None:
        self.path, self.name = path, source.name_of(path)
        self.top = path.parent
        self.people: dict[str, bool] = {}
        """Whether it is a bot, by username."""
        self.rooms: dict[str, Room] = {}
        self.faults: list[Broken] = []
        self.now: tuple[int, set[str]] = (0, set())
        """Keys of this millisecond."""

    def all(self) -> Iterator[Record]:
        people = []
        for number, line in self._lines():
            one = self._line(number, line)
            if one is None:
                continue
            if one.channel is not None:
                self._channel(one.channel)
            elif one.user is not None:
                people.append(self._user(one.user))
            elif one.bot is not None:
                self.people[one.bot.username] = True
                people.append(
                    Person(key=one.bot.username, handle=one.bot.username, name=one.bot.display_name or "", bot=True)
                )
            elif one.direct_channel is not None:
                direct = one.direct_channel
                self._direct(direct.members or [each.username for each in direct.participants or ()], direct.header)
        yield from people
        self.faults.clear()
        for room in self.rooms.values():
            for key in room.members:
                yield from self._person(key)
        yield from self.rooms.values()
        yield from self._talks()

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        with self.path.open("rb") as file:
            number = 0
            while line := file.readline(_LONGEST):
                number += 1
                if line.strip():
                    yield number, line

    def _line(self, number: int, line: bytes) -> _Line | None:
        try:
            return _LINE.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            self.faults.append(broken(self.name, number, str(error), line))
            return None

    def _channel(self, one: _Channel) -> None:
        key = f"{one.team}/{one.name}"
        taken = any(room.name == one.name for room in self.rooms.values())
        self.rooms[key] = Room(
            key=key,
            name=f"{one.team}-{one.name}" if taken else one.name,
            kind="private" if one.type == "P" else "public",
            topic=one.header or one.purpose or "",
            archived=bool(one.deleted_at),
        )

    def _user(self, one: _User) -> Person:
        self.people.setdefault(one.username, False)
        for team in one.teams or ():
            for channel in team.channels or ():
                room = self.rooms.get(f"{team.name}/{channel.name}")
                if room is not None:
                    room.members.append(one.username)
        name = " ".join(filter(None, (one.first_name, one.last_name))) or one.nickname or ""
        return Person(key=one.username, handle=one.username, name=name)

    def _direct(self, members: list[str], header: str | None = None) -> Room:
        """The room of these people; a direct one where they are two."""
        members = sorted(set(members))
        key = f"direct:{','.join(members)}"
        room = self.rooms.get(key)
        if room is None:
            kind = "direct" if len(members) == 2 else "private"
            room = Room(key=key, name="-".join(members), kind="private", topic=header or "", members=members)
            if kind == "direct":
                room.kind = "direct"
            self.rooms[key] = room
        return room

    def _person(self, key: str) -> Iterator[Person]:
        if key not in self.people:
            self.people[key] = False
            yield Person(key=key, handle=key)

    def _talks(self) -> Iterator[Record]:
        for time, number, (room, root, raw) in in_order(self._rows()):
            yield from self._told()
            try:
                post = _POST.decode(raw)
                people = {post.user: None, **{one.user: None for one in post.reactions or ()}}
                for key in people:
                    yield from self._person(key)
                if room not in self.rooms:
                    yield self._unlisted(room)
                yield self._talk(post, time, room, root or None, number)
            except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
                yield broken(self.name, number // 1_000_000, str(error), raw)
        yield from self._told()

    def _told(self) -> Iterator[Record]:
        faults, self.faults = self.faults, []
        yield from faults

    def _rows(self) -> Iterator[tuple[int, int, list[str]]]:
        """A row for each post and each reply."""
        for number, line in self._lines():
            one = self._line(number, line)
            raw = b"" if one is None else bytes(one.post) or bytes(one.direct_post)
            if not raw:
                continue
            try:
                root = _ROOT.decode(raw)
                if root.channel_members is not None:
                    room = f"direct:{','.join(sorted(set(root.channel_members)))}"
                else:
                    room = f"{root.team}/{root.channel}"
                key = f"{room}:{root.create_at}:{root.user}"
                yield root.create_at, number * 1_000_000, [room, "", str(raw, "utf-8")]
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                self.faults.append(broken(self.name, number, str(error), raw))
                continue
            for at, reply in enumerate(root.replies or (), 1):
                try:
                    time = _TIME.decode(reply).create_at
                    yield max(time, root.create_at), number * 1_000_000 + at, [room, key, str(bytes(reply), "utf-8")]
                except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                    self.faults.append(broken(self.name, number, str(error), bytes(reply)))

    def _unlisted(self, key: str) -> Room:
        if key.startswith("direct:"):
            return self._direct(key.removeprefix("direct:").split(","))
        room = self.rooms[key] = Room(key=key, name=key.partition("/")[2] or key)
        return room

    def _talk(self, post: _Post, time: int, room: str, root: str | None, number: int) -> Talk:
        if not 0 < time < 4_102_444_800_000:
            raise ValueError("no time of a message")
        props = _props(post.props)
        bot = self.people.get(post.user, False) or "true" in (
            str(props.get("from_bot")).lower(),
            str(props.get("from_webhook")).lower(),
        )
        team = room.partition("/")[0]
        text = markdown(post.message or "", self._named, lambda name: self._room_named(team, name))
        if props.get("attachments"):
            # Their texts are Markdown there, not Slack's marks.
            told = attachments(props["attachments"], lambda sign, key, label: label or sign + key)
            text = "\n\n".join(filter(None, (text, told)))
        kind = post.type or ""
        return Talk(
            key=self._key(f"{room}:{post.create_at}:{post.user}", post.create_at),
            room=room,
            author=post.user,
            time=time * 1_000,
            text=f"/me {text.strip('*_ ')}" if kind == "me" else text,
            kind="system" if kind.startswith("system_") else "bot" if bot else "text",
            thread=root,
            edited_at=post.edit_at * 1_000 if post.edit_at else None,
            reactions=[
                Reaction(
                    emoji=reaction_of(one.emoji_name),
                    by=one.user,
                    time=one.create_at * 1_000 if one.create_at else None,
                )
                for one in post.reactions or ()
            ],
            files=[self._enclosed(one.path) for one in post.attachments or ()],
            pinned=bool(post.is_pinned),
            place=Place(file=self.name, line=number // 1_000_000),
        )

    def _key(self, key: str, time: int) -> str:
        """Posts have no id there: their room, time and author, and a number for a second one."""
        if self.now[0] != time:
            self.now = (time, set())
        made, again = key, 1
        while made in self.now[1]:
            again += 1
            made = f"{key}:{again}"
        self.now[1].add(made)
        return made

    def _named(self, name: str) -> str | None:
        return mention(name) if name in self.people else None

    def _room_named(self, team: str, name: str) -> str | None:
        key = f"{team}/{name}"
        return mention_room(key) if key in self.rooms else None

    def _enclosed(self, path: str) -> Enclosed:
        found = inside(self.top, f"data/{path}") or inside(self.top, path)
        return Enclosed(name=path.replace("\\", "/").rpartition("/")[2] or "file", path=found)


def _props(found: Any) -> dict[str, Any]:
    """An object, or one that was written as a text."""
    if isinstance(found, str):
        try:
            found = msgspec.json.decode(found)
        except msgspec.MsgspecError:
            return {}
    return found if isinstance(found, dict) else {}


FORMAT = Format(name="mattermost", title="Mattermost bulk export", matches=matches, read=read, options=())
