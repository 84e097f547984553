"""The sample conversation: how ``data/`` is read.

``data/members.csv`` says who there is, ``data/conversation/*.chat`` what they said::

    # pipeline
    topic: Nightly load, vendor files, models
    kind: public
    members: ana bo cy

    == 2026-08-24
    ana 07:12 | Morning all. Did the load finish?
    bo | It did, 04:52.
        | (a second line of the same message)
      + ana:👀
      > cy | A reply in the thread of the last message that is none.
          | (its second line)
      >   + bo:👍
      ! files/load.csv

``== DATE`` begins a day. A message without a time comes 1 to 4 minutes after the one before. ``+`` are reactions to
the message just above, ``!`` is a file that belongs to it. `collabchat.sample_workspace` makes a workspace of it.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Literal, NoReturn

from collabchat.errors import Invalid
from collabchat.places import sample_folder

__all__ = ["Conversation", "Member", "Message", "Sample", "read"]

Kind = Literal["public", "private", "direct"]

_MESSAGE = re.compile(r"(?P<reply> {2}> )?(?P<author>\w[\w.\-]*)(?: (?P<time>\d\d:\d\d))? \| (?P<text>.*)")
_MORE = re.compile(r"(?P<reply> {6}| {2}> {3})? {4}\| ?(?P<text>.*)|(?P<reply2> {6})\| ?(?P<text2>.*)")
_EXTRA = re.compile(r"(?P<reply> {2}> )? {2}(?P<sign>[+!]) (?P<rest>.+)")
_DAY = re.compile(r"== (\d{4}-\d\d-\d\d)")
_HEAD = re.compile(r"(topic|kind|members): (.*)")
_MORNING = clock_time(8, 0)


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of the sample."""

    handle: str
    name: str
    role: Literal["owner", "admin", "member", "guest"]
    bot: bool
    joined: datetime
    """When they came into the workspace, and into their rooms."""


@dataclass(kw_only=True)
class Message:
    """What somebody said."""

    author: str
    text: str
    time: datetime
    reactions: list[tuple[str, str]] = field(default_factory=list)
    """Who, and which emoji."""
    files: list[str] = field(default_factory=list)
    """Names below ``data/files/``."""
    replies: list[Message] = field(default_factory=list)
    """The thread, in order."""


@dataclass(kw_only=True)
class Conversation:
    """A room, or the talk of two people."""

    name: str
    kind: Kind
    topic: str
    members: list[str]
    messages: list[Message] = field(default_factory=list)

    def __iter__(self) -> Iterator[Message]:
        """All messages, replies right after their root."""
        for message in self.messages:
            yield message
            yield from message.replies


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The whole of it."""

    folder: Path
    members: list[Member]
    conversations: list[Conversation]

    def __len__(self) -> int:
        return sum(1 for conversation in self.conversations for _ in conversation)


def read(folder: Path | None = None) -> Sample:
    """Read the sample conversation.

    Parameters
    ----------
    folder
        What holds ``members.csv`` and ``conversation/``; by default the one that comes with the package.

    Raises
    ------
    Invalid
        Where a file is not in the format; says which, and which line.
    """
    folder = folder or sample_folder()
    members = _read_members(folder / "members.csv")
    paths = sorted((folder / "conversation").glob("*.chat"))
    if not paths:
        raise Invalid(f"There is no conversation in {folder / 'conversation'}.")
    handles = {member.handle for member in members}
    conversations = [_Reader(path, handles).read() for path in paths]
    return Sample(folder=folder, members=members, conversations=conversations)


def _read_members(path: Path) -> list[Member]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Member(
                handle=row["handle"],
                name=row["name"],
                role=row["role"],  # type: ignore[arg-type]  # the hub checks it
                bot=row["bot"] == "yes",
                joined=datetime.fromisoformat(row["joined"]).replace(tzinfo=UTC),
            )
            for row in csv.DictReader(file)
        ]


@dataclass
class _Spoken:
    """A message, and where its time stood in the file."""

    message: Message
    day: date
    at: clock_time | None
    line: int
    replies: list[_Spoken] = field(default_factory=list)


class _Reader:
    """Reads one ``.chat`` file."""

    def __init__(self, path: Path, handles: set[str]) -> None:
        self._path = path
        self._handles = handles
        self._line = 0
        self._head: dict[str, str] = {}
        self._name = ""
        self._day: date | None = None
        self._spoken: list[_Spoken] = []

    def read(self) -> Conversation:
        for number, line in enumerate(self._path.read_text("utf-8").splitlines(), 1):
            self._line = number
            self._take(line.rstrip())
        kind = self._head.get("kind", "")
        if not self._name or kind not in ("public", "private", "direct"):
            self._fail("a conversation begins with '# NAME' and says its kind: public, private or direct")
        members = self._head.get("members", "").split()
        conversation = Conversation(
            name=self._name,
            kind=kind,  # type: ignore[arg-type]  # checked above
            topic=self._head.get("topic", ""),
            members=members,
        )
        self._check(members)
        # The same file gives the same times, whatever else there is.
        spacing = random.Random(self._name)
        self._place(self._spoken, spacing, None)
        for spoken in self._spoken:
            self._place(spoken.replies, spacing, spoken.message.time)
            spoken.message.replies = [reply.message for reply in spoken.replies]
        conversation.messages = [spoken.message for spoken in self._spoken]
        return conversation

    def _take(self, line: str) -> None:
        if not line:
            return
        if self._day is None and line.startswith("# "):
            self._name = line[2:].strip()
        elif self._day is None and (head := _HEAD.fullmatch(line)):
            self._head[head[1]] = head[2].strip()
        elif day := _DAY.fullmatch(line):
            self._new_day(date.fromisoformat(day[1]))
        elif extra := _EXTRA.fullmatch(line):
            self._add(extra)
        elif more := _MORE.fullmatch(line):
            reply = more["reply"] or more["reply2"]
            message = self._last(reply=bool(reply)).message
            message.text += "\n" + (more["text"] if more["text"] is not None else more["text2"])
        elif said := _MESSAGE.fullmatch(line):
            self._say(said)
        else:
            self._fail(f"this line is not understood: {line!r}")

    def _new_day(self, day: date) -> None:
        if self._day is not None and day <= self._day:
            self._fail(f"{day} comes after {self._day}")
        self._day = day

    def _say(self, said: re.Match[str]) -> None:
        if self._day is None:
            self._fail("a message before the first day (== DATE)")
        at = clock_time.fromisoformat(said["time"]) if said["time"] else None
        unset = datetime.min.replace(tzinfo=UTC)
        message = Message(author=said["author"], text=said["text"], time=unset)
        spoken = _Spoken(message, self._day, at, self._line)
        if said["reply"]:
            if not self._spoken:
                self._fail("a reply before the first message")
            self._spoken[-1].replies.append(spoken)
        else:
            self._spoken.append(spoken)

    def _last(self, *, reply: bool) -> _Spoken:
        if not self._spoken or (reply and not self._spoken[-1].replies):
            self._fail("this belongs to a message that is not there")
        return self._spoken[-1].replies[-1] if reply else self._spoken[-1]

    def _add(self, extra: re.Match[str]) -> None:
        message = self._last(reply=bool(extra["reply"])).message
        if extra["sign"] == "!":
            message.files.append(extra["rest"].removeprefix("files/"))
            return
        for part in extra["rest"].split():
            handle, colon, emoji = part.partition(":")
            if not colon or not emoji:
                self._fail(f"a reaction is handle:emoji, not {part!r}")
            message.reactions.append((handle, emoji))

    def _check(self, members: list[str]) -> None:
        for handle in members:
            if handle not in self._handles:
                self._fail(f"there is no member {handle!r}")
        for spoken in (one for root in self._spoken for one in (root, *root.replies)):
            self._line = spoken.line
            for handle in (spoken.message.author, *(who for who, _ in spoken.message.reactions)):
                if handle not in members:
                    self._fail(f"{handle!r} is not in {self._name}")

    def _place(self, spoken: list[_Spoken], spacing: random.Random, after: datetime | None) -> None:
        """Give each its time: the written one, or 1 to 4 minutes after the one before (less where that is not room)."""
        run: list[_Spoken] = []
        last = after
        for one in spoken:
            if one.at is None:
                run.append(one)
                continue
            written = datetime.combine(one.day, one.at, UTC)
            self._line = one.line
            if last is not None and written < last.replace(second=0, microsecond=0):
                self._fail(f"{one.at:%H:%M} comes after {last:%Y-%m-%d %H:%M}")
            self._space(run, spacing, last, written)
            run = []
            last = max(written, last or written) + timedelta(seconds=spacing.uniform(1, 20))
            one.message.time = last
        self._space(run, spacing, last, None)

    def _space(self, run: list[_Spoken], spacing: random.Random, last: datetime | None, end: datetime | None) -> None:
        for index, one in enumerate(run):
            start = datetime.combine(one.day, _MORNING, UTC)
            if last is None or last.date() < one.day:
                last = start if end is None or start < end else end - timedelta(minutes=len(run) - index)
            step = timedelta(seconds=spacing.uniform(60, 240))
            if end is not None:
                step = min(step, (end - last) / (len(run) - index + 1))
            last += step
            one.message.time = last

    def _fail(self, why: str) -> NoReturn:
        raise Invalid(f"{self._path.name}, line {self._line}: {why}.")
