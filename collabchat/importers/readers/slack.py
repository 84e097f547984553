"""Slack's export: a folder or a zip with one folder a channel and one file a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from collabchat.errors import Invalid
from collabchat.importers.format import Format, Options
from collabchat.importers.markup.emoji_names import reaction_of
from collabchat.importers.markup.slack import entities, markdown
from collabchat.importers.markup.slack_blocks import attachments, blocks, quoted
from collabchat.importers.readers.json_lists import JsonLists, broken
from collabchat.importers.readers.places import root_of
from collabchat.importers.readers.slack_files import Copies, enclosed
from collabchat.importers.readers.slack_people import People
from collabchat.importers.readers.slack_shapes import Channel, Given, Message, User, micros
from collabchat.importers.records import Broken, Enclosed, Place, Reaction, Record, Room, Talk, mention, mention_room
from collabchat.importers.source import Source

_SIGNS = ("channels.json", "users.json", "groups.json", "dms.json", "mpims.json")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\.json")
_SYSTEM = re.compile(
    r"(?:channel|group|pinned|unpinned|bot|sh_room|huddle|reminder|ekm|joiner|app_conversation|canvas|tabbed_canvas"
    r"|assistant|list|record)_"
)
_OF_BOTS = {"bot_message", "slackbot_response"}
_DROPPED = {"message_changed", "message_deleted", "message_replied", "file_change"}


def matches(source: Source) -> bool:
    """A list of people and of channels, or folders of days."""
    root = root_of(source.path, _SIGNS)
    if root is None:
        return False
    return (root / "users.json").is_file() or any(_days(one) for one in root.iterdir() if one.is_dir())


def identity(source: Source) -> str:
    """The workspace that it was exported from."""
    root = root_of(source.path, _SIGNS)
    if root is not None:
        for user in JsonLists(User).file(root / "users.json", "users.json"):
            if isinstance(user, User) and user.team_id:
                return user.team_id
    return source.identity


def read(source: Source, options: Options) -> Iterator[Record]:  # noqa: ARG001
    """People, rooms and messages of an export."""
    root = root_of(source.path, _SIGNS)
    if root is None:
        raise Invalid(f"{source.path.name} is no Slack export: there is no channels.json or users.json in it.")
    yield from _Reading(source, root).all()


class _Reading:
    def __init__(self, source: Source, root: Path) -> None:
        self.source, self.root = source, root
        self.people = People()
        self.rooms: dict[str, Room] = {}
        """By the name of their folder."""
        self.channels: set[str] = set()
        self.pins: dict[str, set[str]] = {}
        self.copies = Copies(root)
        self.shared: dict[str, str] = {}
        """The message that brought a file, by the file's id: remarks of old exports answer it."""

    def all(self) -> Iterator[Record]:
        yield from self._users()
        yield from self._channels()
        lists = JsonLists(Message)
        for folder in sorted(one for one in self.root.iterdir() if one.is_dir()):
            days = _days(folder)
            if not days and folder.name not in self.rooms:
                continue
            room = self.rooms.get(folder.name)
            if room is None:
                room = Room(key=folder.name, name=folder.name)
                yield room
            for day in days:
                name = self.source.name_of(day)
                yield from self._day(room, lists.file(day, name), name)

    def _users(self) -> Iterator[Record]:
        file = self.root / "users.json"
        for one in JsonLists(User).file(file, "users.json") if file.is_file() else ():
            if isinstance(one, Broken):
                yield one
            else:
                yield from self.people.user(one)

    def _channels(self) -> Iterator[Record]:
        found: list[tuple[str, Channel]] = []
        for kind in ("channels", "groups", "mpims", "dms"):
            file = self.root / f"{kind}.json"
            for one in JsonLists(Channel).file(file, file.name) if file.is_file() else ():
                if isinstance(one, Broken):
                    yield one
                else:
                    found.append((kind, one))
        for kind, one in found:
            members = list(dict.fromkeys(one.members or ()))
            for key in members:
                yield from self.people.named(key)
            room = self._room(kind, one, members)
            self.rooms[one.name or one.id] = self.rooms[one.id] = room
            self.channels.add(one.id)
            self.pins[room.key] = {pin.id for pin in one.pins or () if pin.id}
            yield room

    def _room(self, kind: str, one: Channel, members: list[str]) -> Room:
        name = one.name or one.id
        direct = kind == "dms" and len(members) == 2
        if kind == "dms" and not direct:
            name = "-".join(self.people.handles.get(key, key) for key in members) or name
        topic = (one.topic and one.topic.value) or (one.purpose and one.purpose.value) or ""
        try:
            created = micros(one.created) if one.created else None
        except ValueError:
            created = None
        return Room(
            key=one.id,
            name=name,
            kind="public" if kind == "channels" else "direct" if direct else "private",
            topic=entities(topic),
            members=members,
            created_at=created,
            archived=bool(one.is_archived),
        )

    def _day(self, room: Room, found: Iterable[Message | Broken], name: str) -> Iterator[Record]:
        place = Place(file=name)
        day: list[tuple[int, Message]] = []
        for one in found:
            if isinstance(one, Broken):
                yield one
            elif one.subtype not in _DROPPED:
                try:
                    day.append((micros(one.ts), one))
                except ValueError as error:
                    yield broken(name, None, str(error), msgspec.json.encode(one))
        day.sort(key=lambda pair: pair[0])
        for time, one in day:
            try:
                talk = self._talk(room, one, time)
            except (ValueError, TypeError, RecursionError) as error:
                yield broken(name, None, str(error), msgspec.json.encode(one))
                continue
            talk.place = place
            if self.people.new:
                yield from self.people.take()
            yield talk

    def _talk(self, room: Room, one: Message, time: int) -> Talk:
        said = one.comment if one.subtype == "file_comment" else None
        author, bot = self.people.author(one, said)
        subtype = one.subtype
        talk = Talk(key=f"{room.key}:{one.ts}", room=room.key, author=author, time=time)
        if subtype == "tombstone":
            talk.deleted = True
        else:
            talk.text = self._text(one)
        if subtype in _OF_BOTS or bot:
            talk.kind = "bot"
        elif subtype and _SYSTEM.match(subtype):
            talk.kind = "system"
            talk.text = _without_self(talk.text, author)
        thread = one.thread_ts
        if thread is not None and thread != one.ts:
            talk.thread = f"{room.key}:{thread}"
            talk.broadcast = subtype in ("thread_broadcast", "reply_broadcast")
        if one.edited is not None:
            talk.edited_at = micros(one.edited.ts)
        if one.reactions:
            talk.reactions = self._reactions(one.reactions)
        if one.files or one.file:
            talk.files = self._files(one, talk)
        talk.pinned = bool(one.pinned_to) or str(one.ts) in self.pins.get(room.key, ())
        if one.attachments:
            self._shared(one, talk)
        return talk

    def _text(self, one: Message) -> str:
        if one.subtype == "file_comment" and one.comment and one.comment.comment:
            return markdown(one.comment.comment, self._names)
        if one.file is not None and one.subtype == "file_share":
            # The words of old exports are Slack's own: only the comment is the person's.
            intro = one.file.initial_comment
            return markdown(intro.comment or "", self._names) if intro else ""
        text = markdown(one.text or "", self._names)
        if not text.strip() and one.blocks:
            text = blocks(one.blocks, self._names)
        if one.attachments:
            told = attachments([each for each in one.attachments if not _preview(each)], self._names)
            text = "\n\n".join(filter(None, (text, told)))
        return f"/me {text}" if one.subtype == "me_message" else text

    def _shared(self, one: Message, talk: Talk) -> None:
        """A message that was shared stands below as a quotation, and is what this one answers."""
        for each in one.attachments or ():
            if not (each.get("is_msg_unfurl") or each.get("is_share")):
                continue
            channel, stamp = each.get("channel_id"), each.get("ts")
            if channel and stamp and talk.reply_to is None and talk.kind != "system":
                talk.reply_to = f"{channel}:{stamp}"
            text = markdown(str(each.get("text") or ""), self._names) or blocks(each.get("blocks"), self._names)
            if text:
                name = each.get("author_subname") or each.get("author_name") or ""
                quote = quoted(f"**{name}**: {text}" if name else text)
                talk.text = "\n\n".join(filter(None, (talk.text, quote)))

    def _names(self, sign: str, key: str, label: str) -> str:
        if sign == "@":
            self.people.ask(key, label)
            return mention(key)
        return mention_room(key) if key in self.channels else f"#{label or key}"

    def _reactions(self, given: list[Given]) -> list[Reaction]:
        made = []
        for one in given:
            emoji = reaction_of(one.name)
            for key in one.users or ():
                self.people.ask(key)
                made.append(Reaction(emoji=emoji, by=key))
        return made

    def _files(self, one: Message, talk: Talk) -> list[Enclosed]:
        found = one.files or ([one.file] if one.file else [])
        for file in found:
            if file.id and one.subtype == "file_comment":
                talk.reply_to = self.shared.get(file.id)
            elif file.id and one.file is not None:
                self.shared.setdefault(file.id, talk.key)
        return [made for made in (enclosed(file, self.copies) for file in found) if made is not None]


def _days(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if _DAY.fullmatch(file.name))


def _preview(one: dict[str, object]) -> bool:
    """What Slack itself showed of a link; messages that were shared are looked at apart."""
    return bool(one.get("from_url") or one.get("is_msg_unfurl") or one.get("is_share"))


def _without_self(text: str, author: str) -> str:
    """``@ana has joined`` is said by ana, and names nobody."""
    own = mention(author)
    return text.removeprefix(own).lstrip() if text.startswith(own) else text


FORMAT = Format(name="slack", title="Slack export", matches=matches, read=read, options=(), identity=identity)
