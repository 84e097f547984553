"""Zulip's export: ``realm.json``, the messages in parts, and the files in ``uploads``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from collabchat.errors import Invalid
from collabchat.importers.format import Format, Options
from collabchat.importers.markup import zulip, zulip_html
from collabchat.importers.readers.json_lists import JsonLists, broken
from collabchat.importers.readers.places import inside, root_of
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

_SIGN = "realm.json"
_PERSONAL, _STREAM, _GROUP = 1, 2, 3
_TELLS = "notification-bot@"
"""It says what was renamed, moved and made."""


class _User(Struct):
    id: int
    full_name: str = ""
    email: str = ""
    delivery_email: str | None = None
    is_bot: bool = False


class _Stream(Struct):
    id: int
    name: str
    description: str | None = None
    invite_only: bool = False
    deactivated: bool = False
    date_created: float | None = None


class _Recipient(Struct):
    id: int
    type: int
    type_id: int


class _Subscription(Struct):
    user_profile: int
    recipient: int
    active: bool = True


class _Given(Struct):
    message: int
    user_profile: int
    emoji_name: str = ""
    emoji_code: str = ""
    reaction_type: str = "unicode_emoji"


class _Realm0(Struct):
    string_id: str = ""
    uri: str | None = None
    url: str | None = None


class _Realm(Struct):
    zerver_recipient: list[_Recipient]
    zerver_realm: list[_Realm0] = []
    zerver_userprofile: list[_User] = []
    zerver_userprofile_crossrealm: list[_User] = []
    zerver_userprofile_mirrordummy: list[_User] = []
    zerver_stream: list[_Stream] = []
    zerver_subscription: list[_Subscription] = []
    zerver_reaction: list[_Given] = []


class _Message(Struct):
    id: int
    sender: int
    recipient: int
    subject: str | None = None
    content: str | None = None
    rendered_content: str | None = None
    date_sent: float | None = None
    pub_date: float | None = None
    last_edit_time: float | None = None


class _Part(Struct):
    zerver_message: msgspec.Raw


_PART = msgspec.json.Decoder(_Part)


def matches(source: Source) -> bool:
    """The organisation's file, and messages beside it."""
    root = root_of(source.path, [_SIGN])
    return root is not None and any(root.glob("messages-*.json"))


def read(source: Source, options: Options) -> Iterator[Record]:  # noqa: ARG001
    """People, streams, direct messages and what was said; each topic is a thread of its stream."""
    root = root_of(source.path, [_SIGN])
    if root is None:
        raise Invalid(f"{source.path.name} is no export of Zulip: there is no {_SIGN} in it.")
    try:
        realm = msgspec.json.decode((root / _SIGN).read_bytes(), type=_Realm)
    except (msgspec.MsgspecError, OSError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(f"{_SIGN} cannot be read: {error}") from error
    yield from _Reading(source, root, realm).all()


class _Reading:
    def __init__(self, source: Source, root: Path, realm: _Realm) -> None:
        self.source, self.root = source, root
        users = realm.zerver_userprofile + realm.zerver_userprofile_crossrealm + realm.zerver_userprofile_mirrordummy
        self.users = {user.id: user for user in users}
        self.by_name: dict[str, int] = {}
        for user in users:
            self.by_name.setdefault(user.full_name, user.id)
        self.streams = {stream.id: stream for stream in realm.zerver_stream}
        self.by_stream = {stream.name: stream.id for stream in realm.zerver_stream}
        self.recipients = {one.id: one for one in realm.zerver_recipient}
        self.members: dict[int, list[int]] = {}
        for subscription in realm.zerver_subscription:
            if subscription.active:
                self.members.setdefault(subscription.recipient, []).append(subscription.user_profile)
        self.given: dict[int, list[_Given]] = {}
        for one in realm.zerver_reaction:
            self.given.setdefault(one.message, []).append(one)
        server = realm.zerver_realm[0] if realm.zerver_realm else _Realm0()
        self.base = server.url or server.uri or ""
        self.rooms: set[str] = set()
        self.people: set[int] = set()
        self.topics: dict[tuple[str, str], str] = {}
        """The first message of a topic."""
        self.new: list[Record] = []

    def all(self) -> Iterator[Record]:
        for key in self.users:
            self._person(key)
        for recipient in self.recipients.values():
            if recipient.type == _STREAM and recipient.type_id in self.streams:
                self._stream(recipient)
        yield from self._new()
        lists = JsonLists(_Message)
        for path in sorted(self.root.glob("messages-*.json")):
            name = self.source.name_of(path)
            try:
                data = bytes(_PART.decode(path.read_bytes()).zerver_message)
            except (msgspec.MsgspecError, OSError, UnicodeDecodeError, RecursionError) as error:
                yield broken(name, None, str(error), "")
                continue
            place = Place(file=name)
            found = []
            for one in lists.records(data, name):
                if isinstance(one, Broken):
                    yield one
                else:
                    found.append(one)
            for one in sorted(found, key=lambda each: (each.date_sent or each.pub_date or 0, each.id)):
                try:
                    talk = self._talk(one, place)
                except (ValueError, TypeError, OverflowError) as error:
                    yield broken(name, None, str(error), msgspec.json.encode(one))
                    continue
                yield from self._new()
                yield talk

    def _new(self) -> list[Record]:
        new, self.new = self.new, []
        return new

    def _person(self, key: int) -> str:
        if key not in self.people:
            self.people.add(key)
            user = self.users.get(key, _User(key))
            handle = user.full_name or user.email.partition("@")[0] or str(key)
            self.new.append(Person(key=str(key), handle=handle, name=user.full_name, bot=user.is_bot))
        return str(key)

    def _stream(self, one: _Recipient) -> str:
        stream = self.streams[one.type_id]
        key = f"stream:{stream.id}"
        if key not in self.rooms:
            self.rooms.add(key)
            self.new.append(
                Room(
                    key=key,
                    name=stream.name,
                    kind="private" if stream.invite_only else "public",
                    topic=stream.description or "",
                    members=[self._person(member) for member in self.members.get(one.id, ())],
                    created_at=int(stream.date_created * 1_000_000) if stream.date_created else None,
                    archived=stream.deactivated,
                )
            )
        return key

    def _room(self, message: _Message) -> str:
        one = self.recipients.get(message.recipient)
        if one is None:
            raise ValueError(f"no such recipient: {message.recipient}")
        if one.type == _STREAM:
            self.streams.setdefault(one.type_id, _Stream(one.type_id, f"stream-{one.type_id}"))
            return self._stream(one)
        if one.type == _PERSONAL:
            found = {message.sender, one.type_id}
        else:
            found = {*self.members.get(one.id, ()), message.sender}
        members = [self._person(member) for member in sorted(found)]
        key = f"direct:{','.join(members)}"
        if key not in self.rooms:
            self.rooms.add(key)
            name = "-".join((self.users[int(each)].full_name if int(each) in self.users else each) for each in members)
            kind = "direct" if len(members) == 2 else "private"
            self.new.append(Room(key=key, name=name, kind="direct" if kind == "direct" else "private", members=members))
        return key

    def _talk(self, one: _Message, place: Place) -> Talk:
        time = int((one.date_sent or one.pub_date or 0) * 1_000_000)
        if not 0 < time < 4_102_444_800_000_000:
            raise ValueError("no time of a message")
        room, author = self._room(one), self._person(one.sender)
        if one.rendered_content:
            made = zulip_html.turned(one.rendered_content, self._who, self._where, self.base)
        else:
            made = zulip.turned(one.content or "", self._who, self._where)
        text, key, thread = made.text, str(one.id), None
        if (one.content or "").startswith("/me ") and not text.startswith("/me "):
            text = f"/me {text}"
        if one.subject and room.startswith("stream:"):
            root = self.topics.setdefault((room, one.subject.lower()), key)
            if root == key:
                text = f"**{one.subject}**\n\n{text}"
            else:
                thread = root
        user = self.users.get(one.sender)
        tells = user is not None and user.email.startswith(_TELLS)
        return Talk(
            key=key,
            room=room,
            author=author,
            time=time,
            text=text,
            kind="system" if tells else "bot" if user is not None and user.is_bot else "text",
            thread=thread,
            reply_to=made.quotes,
            edited_at=int(one.last_edit_time * 1_000_000) if one.last_edit_time else None,
            reactions=self._reactions(self.given.get(one.id, ())),
            files=[self._enclosed(address, name) for address, name in made.files],
            place=place,
        )

    def _reactions(self, given: list[_Given] | tuple[()]) -> list[Reaction]:
        return [Reaction(emoji=_emoji(one), by=self._person(one.user_profile)) for one in given]

    def _enclosed(self, address: str, name: str) -> Enclosed:
        path = address.partition("/user_uploads/")[2].partition("?")[0]
        found = inside(self.root / "uploads", path)
        address = address if "://" in address else self.base.rstrip("/") + address
        return Enclosed(name=name, path=found) if found else Enclosed(name=name, url=address)

    def _who(self, key: str, name: str) -> str:
        found = int(key) if key.isascii() and key.isdigit() and int(key) in self.users else self.by_name.get(name)
        return f"@{name}" if found is None else mention(self._person(found))

    def _where(self, key: str, name: str) -> str:
        found = int(key) if key.isascii() and key.isdigit() else self.by_stream.get(name)
        return mention_room(f"stream:{found}") if found in self.streams else f"#{name}"


def _emoji(one: _Given) -> str:
    if one.reaction_type == "unicode_emoji":
        try:
            return "".join(chr(int(code, 16)) for code in one.emoji_code.split("-"))
        except (ValueError, OverflowError):
            pass
    return f":{one.emoji_name[:38]}:"


FORMAT = Format(name="zulip", title="Zulip export", matches=matches, read=read, options=())
