"""Talk of another chat as DataFrames, with the columns that a workspace's own have."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from collabchat.importers.format import Options
from collabchat.importers.records import Broken, Person, Record, Room, Talk
from collabchat.importers.registry import format_of, recognised, source_of

if TYPE_CHECKING:
    import pandas as pd

_MARK = re.compile("\ue000([@#])(.*?)\ue001", re.DOTALL)
_TIME = "datetime64[us, UTC]"


@dataclass(frozen=True, kw_only=True)
class Archive:
    """What was read of another chat.

    Attributes
    ----------
    format : str
        Which format it is in.
    messages : pandas.DataFrame
        The columns of `Chat.messages`, in the order of time; ``id``, ``room_id`` and ``author_id`` are what the other
        chat calls them, ``seq`` counts from 1. Who reads it needs no hub: it is a frame for `collabchat.analytics`.
    rooms : pandas.DataFrame
        ``room``, ``room_id``, ``kind``, ``topic`` (string), ``archived`` (bool), ``n_messages`` (int64).
    members : pandas.DataFrame
        ``member``, ``member_id``, ``name`` (string), ``bot`` (bool).
    reactions : pandas.DataFrame
        ``message``, ``room``, ``author``, ``emoji`` (string), ``time``: the message's, where the other chat keeps none.
    broken : pandas.DataFrame
        What could not be read: ``file`` (string), ``line`` (Int64), ``reason``, ``record`` (string).
    """

    format: str
    messages: pd.DataFrame
    rooms: pd.DataFrame
    members: pd.DataFrame
    reactions: pd.DataFrame
    broken: pd.DataFrame


def read(
    path: str | PathLike[str],
    *,
    format: str | None = None,
    tz: str = "UTC",
    year: int | None = None,
    date: str | None = None,
    date_order: Literal["dmy", "mdy", "ymd"] | None = None,
    pattern: str | None = None,
    room: str | None = None,
) -> Archive:
    """Read what another chat exported.

    Everything is in memory then. What could not be read is told in ``broken`` and stops nothing else.

    Parameters
    ----------
    path
        A folder or a file, unpacked.
    format
        ``"slack"``, ``"mattermost"``, ``"zulip"``, ``"zulip-archive"``, ``"discord"``, ``"jupyterlab-chat"``,
        ``"gitter"``, ``"whatsapp"`` or ``"irc"``; by default it is recognised.
    tz
        The time zone of times that have none.
    year
        Of the first line of a log whose dates have none.
    date
        Of the first line of a log that names no day, as ``"2024-05-31"``.
    date_order
        Whether the day or the month comes first in dates that do not tell.
    pattern
        A regular expression for the lines of an IRC log of another shape, with the named groups ``nick``, ``text``,
        ``time`` (or ``hour`` and ``minute``), and where it has them ``date``, ``year``, ``month``, ``day``, ``second``,
        ``half``, ``room``, ``action``, ``system``.
    room
        The name of the one room of a source that has none.

    Returns
    -------
    Archive

    Raises
    ------
    NotFound
        Where there is nothing at the path, or no such format.
    Invalid
        Where it is not in that format, or in none that is known.
    ImportError
        Without the extra ``imports``, for the formats that need it.

    Examples
    --------
    >>> talk = cc.importers.read("slack-export")  # doctest: +SKIP
    >>> cc.analytics.response_times(talk.messages, by="room")  # doctest: +SKIP
    """
    source = source_of(Path(path).expanduser())
    chosen = recognised(source) if format is None else format_of(format)
    shelf = _Shelf()
    options = Options(tz=tz, year=year, date=date, date_order=date_order, pattern=pattern, room=room)
    for record in chosen.read(source, options):
        shelf.take(record)
    return shelf.archive(chosen.name)


@dataclass
class _Shelf:
    """What was read so far."""

    people: dict[str, Person] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    talks: list[Talk] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)

    def take(self, record: Record) -> None:
        match record:
            case Talk():
                self.talks.append(record)
            case Person():
                self.people.setdefault(record.key, record)
            case Room():
                self.rooms.setdefault(record.key, record)
            case Broken():
                self.broken.append(record)

    def archive(self, name: str) -> Archive:
        import pandas as pd

        handles = _distinct({key: person.handle for key, person in self.people.items()})
        names = _distinct({key: room.name for key, room in self.rooms.items()})
        self.talks.sort(key=lambda one: one.time)
        texts = _Texts(handles, names)
        said = [texts.of(one) for one in self.talks]
        counts = pd.Series([one.room for one in self.talks], dtype="string").value_counts()
        return Archive(
            format=name,
            messages=self._messages(said, handles, names),
            rooms=_frame(
                {
                    "room": ("string", [names[key] for key in self.rooms]),
                    "room_id": ("string", list(self.rooms)),
                    "kind": ("string", [room.kind for room in self.rooms.values()]),
                    "topic": ("string", [room.topic for room in self.rooms.values()]),
                    "archived": ("bool", [room.archived for room in self.rooms.values()]),
                    "n_messages": ("int64", [int(counts.get(key, 0)) for key in self.rooms]),
                }
            ),
            members=_frame(
                {
                    "member": ("string", [handles[key] for key in self.people]),
                    "member_id": ("string", list(self.people)),
                    "name": ("string", [one.name or one.handle for one in self.people.values()]),
                    "bot": ("bool", [one.bot for one in self.people.values()]),
                }
            ),
            reactions=self._reactions(handles, names),
            broken=_frame(
                {
                    "file": ("string", [one.file for one in self.broken]),
                    "line": ("Int64", [one.line for one in self.broken]),
                    "reason": ("string", [one.reason for one in self.broken]),
                    "record": ("string", [one.record for one in self.broken]),
                }
            ),
        )

    def _messages(
        self, said: list[tuple[str | None, list[str]]], handles: dict[str, str], names: dict[str, str]
    ) -> pd.DataFrame:
        talks = self.talks
        there = {one.key for one in talks}
        roots = {one.thread for one in talks if one.thread in there}
        threads = [one.thread if one.thread in there else one.key if one.key in roots else None for one in talks]
        return _frame(
            {
                "id": ("string", [one.key for one in talks]),
                "seq": ("int64", list(range(1, len(talks) + 1))),
                "room": ("string", [names.get(one.room, one.room) for one in talks]),
                "room_id": ("string", [one.room for one in talks]),
                "author": ("string", [handles.get(one.author, one.author) for one in talks]),
                "author_id": ("string", [one.author for one in talks]),
                "time": (_TIME, [one.time for one in talks]),
                "text": ("string", [text for text, _ in said]),
                "kind": ("string", [one.kind for one in talks]),
                "thread": ("string", threads),
                "reply_to": ("string", [one.reply_to if one.reply_to in there else None for one in talks]),
                "edited_at": (_TIME, [one.edited_at for one in talks]),
                "deleted": ("bool", [one.deleted for one in talks]),
                "mentions": ("object", [mentioned for _, mentioned in said]),
                "n_files": ("int64", [0 if one.deleted else len(one.files) for one in talks]),
                "n_reactions": ("int64", [len(one.reactions) for one in talks]),
            }
        )

    def _reactions(self, handles: dict[str, str], names: dict[str, str]) -> pd.DataFrame:
        rows = [(one, reaction) for one in self.talks for reaction in one.reactions]
        return _frame(
            {
                "message": ("string", [one.key for one, _ in rows]),
                "room": ("string", [names.get(one.room, one.room) for one, _ in rows]),
                "author": ("string", [handles.get(reaction.by, reaction.by) for _, reaction in rows]),
                "emoji": ("string", [reaction.emoji for _, reaction in rows]),
                "time": (_TIME, [one.time if each.time is None else each.time for one, each in rows]),
            }
        )


@dataclass
class _Texts:
    """Puts names for the marks of people and rooms."""

    handles: dict[str, str]
    names: dict[str, str]

    def of(self, talk: Talk) -> tuple[str | None, list[str]]:
        """The text of a message and whom it mentions; no text where it was deleted."""
        if talk.deleted:
            return None, []
        text = talk.text
        for file in talk.files:
            if file.path is None and file.data is None and file.url and file.url not in text:
                text = f"{text}\n{file.url}".lstrip("\n")
        if "\ue000" not in text:
            return text, []
        mentioned: dict[str, None] = {}

        def named(found: re.Match[str]) -> str:
            mark, key = found[1], found[2]
            if mark == "#":
                return f"#{self.names.get(key, key)}"
            handle = self.handles.get(key)
            if handle is not None:
                mentioned[handle] = None
            return f"@{handle or key}"

        return _MARK.sub(named, text), list(mentioned)


def _distinct(wanted: dict[str, str]) -> dict[str, str]:
    """A name for each key: the wanted one, with a number behind it where somebody before has it."""
    taken: set[str] = set()
    found = {}
    for key, name in wanted.items():
        name = name or key
        one, number = name, 1
        while one.casefold() in taken:
            number += 1
            one = f"{name}-{number}"
        taken.add(one.casefold())
        found[key] = one
    return found


def _frame(columns: dict[str, tuple[str, list[Any]]]) -> pd.DataFrame:
    import pandas as pd

    made: dict[str, Any] = {}
    for name, (kind, values) in columns.items():
        if kind == _TIME:
            whole = pd.Series(values, dtype="Int64")
            made[name] = pd.to_datetime(whole, unit="us", utc=True).dt.as_unit("us")
        else:
            of_kind: Any = kind
            made[name] = pd.Series(values, dtype=of_kind)
    return pd.DataFrame(made)
