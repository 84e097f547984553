"""Discord, as DiscordChatExporter writes it as JSON: a file a channel or thread, or several parts of one."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from collabchat.errors import Invalid
from collabchat.importers.format import Format, Options
from collabchat.importers.markup.discord import markdown
from collabchat.importers.readers.json_items import items
from collabchat.importers.readers.json_lists import broken
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

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SAID = {"Default", "Reply", "ThreadStarterMessage"}
_OF_BOTS = {"ChatInputCommand", "ApplicationCommand", "ContextMenuCommand", "AutoModerationAction", "20", "23", "24"}
_HEAD = 65_536


class _User(Struct, rename="camel"):
    id: str
    name: str = ""
    nickname: str | None = None
    is_bot: bool = False


class _File(Struct, rename="camel"):
    file_name: str | None = None
    url: str | None = None


class _Emoji(Struct):
    id: str | None = None
    name: str = ""


class _Given(Struct):
    emoji: _Emoji
    users: list[_User] | None = None


class _Reference(Struct, rename="camel"):
    message_id: str | None = None
    channel_id: str | None = None


class _Said(Struct):
    title: str | None = None
    url: str | None = None
    description: str | None = None
    fields: list[_Field] | None = None


class _Field(Struct):
    name: str | None = None
    value: str | None = None


class _Sticker(Struct):
    name: str | None = None


class _Message(Struct, rename="camel"):
    id: str
    timestamp: str
    author: _User
    type: str = "Default"
    timestamp_edited: str | None = None
    is_pinned: bool = False
    content: str | None = None
    attachments: list[_File] | None = None
    embeds: list[_Said] | None = None
    stickers: list[_Sticker] | None = None
    reactions: list[_Given] | None = None
    mentions: list[_User] | None = None
    reference: _Reference | None = None


class _Guild(Struct):
    id: str = "0"
    name: str = ""


class _Channel(Struct, rename="camel"):
    id: str
    name: str = ""
    type: str = ""
    category_id: str | None = None
    topic: str | None = None


class _File0(Struct):
    guild: _Guild
    channel: _Channel


class _Written(Struct):
    author: _User


_MESSAGE = msgspec.json.Decoder(_Message)
_AUTHOR = msgspec.json.Decoder(_Written)


def _heads(source: Source) -> list[tuple[Path, _File0]]:
    path = source.path
    found = [path] if path.is_file() else sorted(path.rglob("*.json"))
    return [(one, head) for one in found if (head := _head(one)) is not None]


def _head(path: Path) -> _File0 | None:
    """What stands before the messages."""
    try:
        with path.open("rb") as file:
            start = file.read(_HEAD).removeprefix(b"\xef\xbb\xbf")
    except OSError:
        return None
    if b'"guild"' not in start[:200]:
        return None
    before, found, _ = start.partition(b'"messages"')
    if not found:
        return None
    try:
        return msgspec.json.decode(before.rstrip().rstrip(b",") + b"}", type=_File0)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def matches(source: Source) -> bool:
    """A JSON file that begins with a guild and a channel."""
    path = source.path
    found = [path] if path.is_file() else sorted(path.glob("*.json"))[:5] + sorted(path.glob("*/*.json"))[:5]
    return any(_head(one) is not None for one in found)


def read(source: Source, options: Options) -> Iterator[Record]:  # noqa: ARG001
    """People, channels and messages; what a thread holds belongs to the channel that it began in."""
    heads = _heads(source)
    if not heads:
        raise Invalid(f"{source.path.name} holds no export of DiscordChatExporter (as JSON).")
    yield from _Reading(source, heads).all()


class _Reading:
    def __init__(self, source: Source, heads: list[tuple[Path, _File0]]) -> None:
        self.source = source
        self.people: set[str] = set()
        self.channels: dict[str, _Channel] = {}
        self.parts: dict[str, list[Path]] = {}
        self.guilds = {head.channel.id: head.guild for _, head in heads}
        for path, head in heads:
            self.channels.setdefault(head.channel.id, head.channel)
            self.parts.setdefault(head.channel.id, []).append(path)
        self.new: list[Record] = []

    def all(self) -> Iterator[Record]:
        rooms: dict[str, list[str]] = {}
        for key, channel in self.channels.items():
            above = channel.category_id
            inside_of = above if "Thread" in channel.type and above in self.channels else None
            rooms.setdefault(inside_of or key, []).append(key)
        for key in rooms:
            room = self._room(self.channels[key])
            new, self.new = self.new, []
            yield from new
            yield room
        for key, parts in rooms.items():
            streams = [self._talks(key, part) for part in sorted(parts, key=lambda one: one != key)]
            for one in heapq.merge(*streams, key=lambda pair: pair[0]) if len(streams) > 1 else streams[0]:
                yield from one[1]

    def _room(self, channel: _Channel) -> Room:
        created = _created(channel.id)
        private = channel.type.startswith("Direct") or self.guilds[channel.id].id == "0"
        room = Room(key=channel.id, name=channel.name or channel.id, topic=channel.topic or "", created_at=created)
        if private:
            for path in self.parts[channel.id]:
                for _, raw in items(path, "messages"):
                    self._member(room, raw)
            room.kind = "direct" if "Group" not in channel.type and len(room.members) == 2 else "private"
        return room

    def _member(self, room: Room, raw: bytes | Broken) -> None:
        """Who wrote in a private channel: the export tells no members."""
        if isinstance(raw, bytes):
            try:
                author = _AUTHOR.decode(raw).author
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                return
            self._meet(author)
            if author.id not in room.members:
                room.members.append(author.id)

    def _talks(self, room: str, channel: str) -> Iterator[tuple[int, list[Record]]]:
        """The messages of a channel or a thread, each with the people that it brings."""
        threaded = channel != room
        root = channel if threaded else None
        last = _created(channel) or 0
        started = False
        for path in sorted(self.parts[channel], key=_part):
            name = self.source.name_of(path)
            for line, raw in items(path, "messages"):
                if isinstance(raw, Broken):
                    yield last, [msgspec.structs.replace(raw, file=name)]
                    continue
                try:
                    one = _MESSAGE.decode(raw)
                    talk = self._talk(room, one, path, Place(file=name, line=line))
                except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
                    yield last, [broken(name, line, str(error), raw)]
                    continue
                if one.type == "ThreadStarterMessage" and not talk.text and not talk.files:
                    # The message that the thread began with stands in its channel.
                    continue
                if threaded and talk.key != root:
                    if not started and not self._begins_elsewhere(channel):
                        root = talk.key
                    else:
                        talk.thread = root
                started = True
                # A clock that went back does not bring a message before the one that it follows.
                last = max(last, talk.time)
                new, self.new = self.new, []
                yield last, [*new, talk]

    def _begins_elsewhere(self, channel: str) -> bool:
        """A thread has the id of the message that it began with, and a channel of posts has none of these."""
        above = self.channels.get(self.channels[channel].category_id or "")
        return above is not None and "Forum" not in above.type

    def _talk(self, room: str, one: _Message, path: Path, place: Place) -> Talk:
        author = one.author
        self._meet(author)
        shown: dict[str, str] = {}
        for each in one.mentions or ():
            self._meet(each)
            for word in (each.nickname, each.name):
                if word:
                    shown[word] = mention(each.id)
        kind = one.type
        text = markdown(one.content or "", self._name, shown) if one.content else ""
        if author.is_bot or not text:
            # People's are previews of their links.
            text = "\n\n".join(filter(None, (text, *(self._embed(each) for each in one.embeds or ()))))
        text = "\n".join(filter(None, (text, *(f":{each.name}:" for each in one.stickers or () if each.name))))
        reference = one.reference
        return Talk(
            key=one.id,
            room=room,
            author=author.id,
            time=_micros(one.timestamp),
            text=text,
            kind="bot" if author.is_bot or kind in _OF_BOTS else "text" if kind in _SAID else "system",
            reply_to=reference.message_id if reference and kind == "Reply" else None,
            edited_at=_micros(one.timestamp_edited) if one.timestamp_edited else None,
            reactions=self._reactions(one.reactions) if one.reactions else [],
            files=[self._enclosed(each, path) for each in one.attachments or ()],
            pinned=one.is_pinned,
            place=place,
        )

    def _meet(self, one: _User) -> None:
        if one.id not in self.people:
            self.people.add(one.id)
            name = one.nickname or one.name
            self.new.append(Person(key=one.id, handle=one.name or one.id, name=name, bot=one.is_bot))

    def _name(self, sign: str, key: str) -> str:
        if sign == "@":
            if key not in self.people:
                self._meet(_User(id=key))
            return mention(key)
        if sign == "#" and key in self.channels:
            channel = self.channels[key]
            above = channel.category_id if "Thread" in channel.type else None
            return mention_room(above if above in self.channels else key)
        return f"{sign[:1]}{key}"

    def _embed(self, one: _Said) -> str:
        title = one.title or ""
        head = f"**[{title}]({one.url})**" if title and one.url else f"**{title}**" if title else one.url or ""
        fields = [f"**{each.name}**: {each.value}" for each in one.fields or () if each.name or each.value]
        return "\n".join(filter(None, (head, markdown(one.description or "", self._name), *fields)))

    def _reactions(self, given: list[_Given]) -> list[Reaction]:
        made = []
        for one in given:
            emoji = f":{one.emoji.name[:38]}:" if one.emoji.id else one.emoji.name[:40]
            for user in one.users or ():
                self._meet(user)
                made.append(Reaction(emoji=emoji, by=user.id))
        return made

    def _enclosed(self, one: _File, path: Path) -> Enclosed:
        url = one.url or ""
        name = one.file_name or unquote(url.partition("?")[0].rpartition("/")[2]) or "file"
        if "://" in url:
            return Enclosed(name=name, url=url)
        found = inside(path.parent, unquote(url)) or inside(path.parent, url)
        return Enclosed(name=name, path=found)


def _part(path: Path) -> tuple[int, str]:
    """``name [part 2].json`` comes after the first and before the tenth."""
    _, found, rest = path.stem.rpartition("[part ")
    number = rest.rstrip("]")
    return (int(number) if found and number.isdigit() else 1, path.name)


def _created(key: str) -> int | None:
    """When a channel was made: its id tells it."""
    if not key.isascii() or not key.isdigit() or len(key) > 20 or len(key) < 15:
        return None
    return ((int(key) >> 22) + 1_420_070_400_000) * 1_000


def _micros(stamp: str) -> int:
    time = datetime.fromisoformat(stamp)
    return (time.replace(tzinfo=time.tzinfo or UTC) - _EPOCH) // timedelta(microseconds=1)


FORMAT = Format(name="discord", title="Discord (DiscordChatExporter, JSON)", matches=matches, read=read, options=())
