"""What Zulip's archive tool writes: ``stream_index.json``, a folder a stream and a file a topic, of rendered HTML."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import msgspec

from collabchat.errors import Invalid
from collabchat.importers.format import Format, Options
from collabchat.importers.markup.zulip_html import turned
from collabchat.importers.readers.json_lists import JsonLists, broken
from collabchat.importers.readers.places import root_of
from collabchat.importers.records import (
    Broken,
    Enclosed,
    Person,
    Place,
    Record,
    Room,
    Talk,
    mention,
    mention_room,
)
from collabchat.importers.source import Source

_INDEX = "stream_index.json"
_TELLS = {"Notification Bot"}
"""It says what was renamed, moved and made."""
_BOTS = {"Welcome Bot", "Notification Bot", "Reminder Bot", "Zulip Feedback Bot", "Email Gateway", "Message Moving Bot"}


class _Stream(msgspec.Struct):
    id: int


class _Index(msgspec.Struct):
    streams: dict[str, _Stream]


class _Head(msgspec.Struct):
    timestamp: float
    sender_full_name: str


class _Message(msgspec.Struct):
    id: int
    timestamp: float
    sender_full_name: str
    content: str = ""


class _Topic(msgspec.Struct, order=True):
    start: float
    name: str
    path: Path


def matches(source: Source) -> bool:
    """Its index of streams."""
    return root_of(source.path, [_INDEX]) is not None


def read(source: Source, options: Options) -> Iterator[Record]:  # noqa: ARG001
    """People, streams and messages; each topic is a thread of its stream."""
    root = root_of(source.path, [_INDEX])
    if root is None:
        raise Invalid(f"{source.path.name} is no archive of Zulip: there is no {_INDEX} in it.")
    try:
        index = msgspec.json.decode((root / _INDEX).read_bytes(), type=_Index)
    except (msgspec.MsgspecError, OSError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(f"{_INDEX} cannot be read: {error}") from error
    yield from _Reading(source, root, index).all()


class _Reading:
    def __init__(self, source: Source, root: Path, index: _Index) -> None:
        self.source, self.root = source, root
        self.names = {str(stream.id): name for name, stream in index.streams.items()}
        self.people: set[str] = set()

    def all(self) -> Iterator[Record]:
        folders = sorted(one for one in self.root.iterdir() if one.is_dir() and one.name.partition("-")[0].isdigit())
        topics = {folder: self._topics(folder) for folder in folders}
        for name in sorted(self.people):
            yield Person(key=name, handle=name, name=name, bot=name in _BOTS)
        for folder, found in topics.items():
            key, _, written = folder.name.partition("-")
            yield Room(
                key=key,
                name=self.names.get(key, decoded(written)),
                created_at=int(found[0].start * 1_000_000) if found else None,
            )
        for folder, found in topics.items():
            yield from self._stream(folder.name.partition("-")[0], found)

    def _topics(self, folder: Path) -> list[_Topic]:
        """The topics of a stream by the time of their first message; who speaks there is kept."""
        heads = JsonLists(_Head)
        found = []
        for path in folder.iterdir():
            if path.suffix != ".json":
                continue
            said = [one for one in heads.file(path, "") if isinstance(one, _Head)]
            self.people.update(one.sender_full_name for one in said)
            start = min((one.timestamp for one in said), default=0.0)
            found.append(_Topic(start, decoded(path.name.removesuffix(".json")), path))
        return sorted(found)

    def _stream(self, room: str, topics: list[_Topic]) -> Iterator[Record]:
        """The messages of all topics in the order of time; a topic is opened when its first message is due."""
        waiting: _Waiting = []
        for topic in [*topics, None]:
            while waiting and (topic is None or waiting[0][0] < topic.start):
                _, _, _, rest, talk = heapq.heappop(waiting)
                yield talk
                _push(waiting, rest)
            if topic is not None:
                name = self.source.name_of(topic.path)
                messages = []
                for one in JsonLists(_Message).file(topic.path, name):
                    if isinstance(one, Broken):
                        yield one
                    elif not 0 < one.timestamp < 4_102_444_800:
                        yield broken(name, None, "no time of a message", msgspec.json.encode(one))
                    else:
                        messages.append(one)
                messages.sort(key=lambda one: (one.timestamp, one.id))
                _push(waiting, self._talks(room, topic.name, messages, Place(file=name)))

    def _talks(self, room: str, topic: str, messages: list[_Message], place: Place) -> Iterator[tuple[_Message, Talk]]:
        root: str | None = None
        for one in messages:
            made = turned(one.content, self._who, self._where)
            author = one.sender_full_name
            text = made.text
            if root is None and topic:
                text = f"**{topic}**\n\n{text}"
            yield (
                one,
                Talk(
                    key=str(one.id),
                    room=room,
                    author=author,
                    time=int(one.timestamp * 1_000_000),
                    text=text,
                    kind="system" if author in _TELLS else "bot" if author in _BOTS else "text",
                    thread=root,
                    reply_to=made.quotes,
                    files=[Enclosed(name=name, url=address) for address, name in made.files],
                    place=place,
                ),
            )
            if topic:
                root = root or str(one.id)

    def _who(self, _: str, name: str) -> str:
        return mention(name) if name in self.people else f"@{name}"

    def _where(self, key: str, name: str) -> str:
        return mention_room(key) if key in self.names else f"#{name}"


_Waiting = list[tuple[float, int, _Message, Iterator[tuple[_Message, Talk]], Talk]]


def _push(waiting: _Waiting, rest: Iterator[tuple[_Message, Talk]]) -> None:
    found = next(rest, None)
    if found is not None:
        heapq.heappush(waiting, (found[0].timestamp, found[0].id, found[0], rest, found[1]))


def decoded(name: str) -> str:
    """A name as it was, of a name of a file: ``.20`` is a space there.

    Examples
    --------
    >>> decoded("can.27t.20wait")
    "can't wait"
    """
    return unquote(name.replace(".", "%"))


FORMAT = Format(name="zulip-archive", title="Zulip archive (zulip-archive)", matches=matches, read=read, options=())
