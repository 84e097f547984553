"""jupyterlab-chat: a ``.chat`` file, JSON with ``messages``, ``users``, ``attachments`` and ``metadata``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from collabchat.errors import Invalid
from collabchat.importers.format import Format, Options
from collabchat.importers.records import Broken, Enclosed, Person, Place, Record, Room, Talk, mention
from collabchat.importers.source import Source

_MENTION = re.compile(r"(?<![\w`@])@([\w-]+)")


class _User(msgspec.Struct):
    username: str = ""
    name: str | None = None
    display_name: str | None = None
    bot: bool | None = None


class _File(msgspec.Struct):
    value: str = ""
    type: str = "file"
    cells: list[Any] | None = None
    selection: dict[str, Any] | None = None


class _Message(msgspec.Struct):
    id: str
    time: float
    sender: str | _User
    body: str = ""
    type: str = "msg"
    attachments: list[str | _File] | None = None
    mentions: list[str | _User] | None = None
    deleted: bool | None = None
    edited: bool | float | None = None
    mime_model: dict[str, Any] | None = None


class _Chat(msgspec.Struct):
    messages: list[msgspec.Raw]
    users: dict[str, _User] | list[_User] = {}
    attachments: dict[str, _File] = {}
    metadata: dict[str, Any] = {}


def matches(source: Source) -> bool:
    """Whether there is a ``.chat`` file that begins as JSON."""
    for path in source.files("**/*.chat")[:3]:
        with path.open("rb") as file:
            if file.read(200).lstrip()[:1] in (b"{", b""):
                return True
    return False


def identity(source: Source) -> str:
    """The id that a single chat keeps in its metadata: it stays when the file is moved or grows."""
    files = source.files("**/*.chat")
    if len(files) != 1:
        return source.identity
    try:
        chat = msgspec.json.decode(files[0].read_bytes(), type=_Chat)
    except (msgspec.DecodeError, OSError):
        return source.identity
    found = chat.metadata.get("id")
    return found if isinstance(found, str) and found else source.identity


def read(source: Source, options: Options) -> Iterator[Record]:
    """Each file is a room; its users are the people."""
    files = source.files("**/*.chat")
    if not files:
        raise Invalid("there is no .chat file in it")
    known: dict[str, tuple[str, bool]] = {}
    for path in files:
        yield from _chat(source, path, options.room if len(files) == 1 else None, known)


def _chat(source: Source, path: Path, name: str | None, known: dict[str, tuple[str, bool]]) -> Iterator[Record]:
    file = source.name_of(path)
    data = path.read_bytes()
    try:
        # A chat that nobody wrote in yet is an empty file.
        chat = msgspec.json.decode(data, type=_Chat) if data.strip() else _Chat(messages=[])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        yield Broken(file=file, line=None, reason=f"no chat of jupyterlab-chat: {error}", record=_cut(data))
        return
    listed = chat.users.items() if isinstance(chat.users, dict) else ((one.username, one) for one in chat.users)
    people = _People(known)
    for key, user in listed:
        yield from people.add(user, key)
    id_ = chat.metadata.get("id")
    room = id_ if isinstance(id_, str) and id_ else file.removesuffix(".chat")
    decoder = msgspec.json.Decoder(_Message, strict=False)
    good: list[_Message] = []
    for raw in chat.messages:
        try:
            good.append(decoder.decode(raw))
        except msgspec.DecodeError as error:
            yield Broken(file=file, line=None, reason=str(error), record=_cut(bytes(raw)))
    good.sort(key=lambda one: one.time)
    members = {_key(one.sender): one.sender for one in good}
    for key, sender in members.items():
        yield from people.add(sender if isinstance(sender, _User) else _User(username=key), key)
    # Who could open the file could read it; who that was is not in it. So it begins with those who wrote or are named.
    yield Room(key=room, name=name or path.stem, kind="private", members=[*dict.fromkeys([*people.here, *members])])
    where = Place(file=file)
    for one in good:
        author = _key(one.sender)
        text = people.linked(one.body) if "@" in one.body else one.body
        if one.mime_model and not text:
            text = _bundle(one.mime_model)
        time = _micros(one.time)
        yield Talk(
            key=one.id,
            room=room,
            author=author,
            time=time,
            text="" if one.deleted else text,
            kind="bot" if known[author][1] else "text",
            deleted=bool(one.deleted),
            edited_at=_edited(one, time),
            files=[_enclosed(source, path, chat, item) for item in one.attachments or ()],
            place=where,
        )


class _People:
    """Who is named in a file, and by which words one mentions them."""

    def __init__(self, known: dict[str, tuple[str, bool]]) -> None:
        self._known = known
        self.here: list[str] = []
        self._by_mention: dict[str, str] = {}

    def add(self, user: _User, key: str = "") -> Iterator[Record]:
        key = key or _key(user)
        name = user.display_name or user.name or user.username or key
        if key not in self.here:
            self.here.append(key)
            self._by_mention.setdefault(name.replace(" ", "-"), key)
        if key not in self._known:
            self._known[key] = (name, bool(user.bot))
            handle = name if _looks_random(user.username or key) else user.username or key
            yield Person(key=key, handle=handle, name=name, bot=bool(user.bot))

    def linked(self, text: str) -> str:
        def one(match: re.Match[str]) -> str:
            key = self._by_mention.get(match[1])
            return match[0] if key is None else mention(key)

        return _MENTION.sub(one, text)


def _looks_random(username: str) -> bool:
    """Servers without sign-in give their users 32 hexadecimal digits: no name that one would mention."""
    return len(username) >= 32 and re.fullmatch(r"[0-9a-f-]+", username) is not None


def _key(sender: str | _User) -> str:
    return (sender if isinstance(sender, str) else sender.username or sender.name or "") or "nobody"


def _micros(seconds: float) -> int:
    # The first versions wrote milliseconds, as a browser counts them.
    return round(seconds * (1_000 if seconds > 1e11 else 1_000_000))


def _edited(one: _Message, time: int) -> int | None:
    """The file says that it was edited, and seldom when: then the time of the message stands for it."""
    if not one.edited:
        return None
    return time if isinstance(one.edited, bool) else _micros(one.edited)


def _bundle(model: dict[str, Any]) -> str:
    data = model.get("data")
    for kind in ("text/markdown", "text/plain"):
        if isinstance(data, dict) and kind in data:
            value = data[kind]
            return "".join(map(str, value)) if isinstance(value, list) else str(value)
    return ""


def _enclosed(source: Source, path: Path, chat: _Chat, item: str | _File) -> Enclosed:
    """A file beside the chat, looked for inside what was given alone; else its name."""
    found = item if isinstance(item, _File) else chat.attachments.get(item, _File(value=item))
    name = found.value.rpartition("/")[2] or "attachment"
    if source.path.is_dir() and found.value:
        for base in (source.path, path.parent):
            local = (
                base / found.value.partition(":")[2].lstrip("/")
                if ":" in found.value
                else base / found.value.lstrip("/")
            )
            inside = local.resolve().is_relative_to(source.path.resolve())
            if inside and local.is_file() and not local.is_symlink():
                return Enclosed(name=name, path=local)
    return Enclosed(name=found.value or name)


def _cut(data: bytes) -> str:
    return data[:8_000].decode(errors="replace")[:2_000]


FORMAT = Format(name="jupyterlab-chat", title="jupyterlab-chat (.chat)", matches=matches, read=read, identity=identity)
