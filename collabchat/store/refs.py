"""What a check needs to know of one message, remembered for the newest and read from the database for the rest."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from collabchat import protocol as p

KEPT = 20_000


@dataclass(slots=True)
class PollRef:
    """What a vote is checked against."""

    options: int
    multiple: bool
    closed: bool = False
    votes: dict[p.Id, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, poll: p.Poll) -> PollRef:
        return cls(len(poll.options), poll.multiple, poll.closed)


@dataclass(slots=True)
class MessageRef:
    id: p.Id
    room: p.Id
    author: p.Id
    kind: p.MessageKind
    thread: p.Id | None = None
    deleted: bool = False
    pinned: bool = False
    mentions: list[p.Id] = field(default_factory=list)
    reactions: dict[str, list[p.Id]] = field(default_factory=dict)
    poll: PollRef | None = None
    n_files: int = 0
    touched: int = 0
    """The last `seq` that changed it: not forgotten before that is on disk."""


class MessageRefs:
    """The messages that were just posted, changed or asked for.

    ``load`` reads one from the database, or gives None.
    """

    def __init__(self, load: Callable[[p.Id], MessageRef | None]) -> None:
        self._load = load
        self._kept: OrderedDict[p.Id, MessageRef] = OrderedDict()
        self._gone: set[p.Id] = set()
        """Rooms that were deleted: until that is on disk, their messages are still found there."""
        self.durable = 0

    def get(self, message: p.Id) -> MessageRef | None:
        found = self._kept.get(message)
        if found is not None:
            self._kept.move_to_end(message)
            return found
        if message != str(int(message)):
            return None  # "07" is no other name of "7"
        found = self._load(message)
        if found is None or found.room in self._gone:
            return None
        self._keep(found)
        return found

    def _keep(self, ref: MessageRef) -> None:
        self._kept[ref.id] = ref
        while len(self._kept) > KEPT:
            oldest = next(iter(self._kept.values()))
            if oldest.touched > self.durable:
                break
            del self._kept[oldest.id]

    def apply(self, event: p.Event) -> None:
        """Take in one event."""
        data = event.data
        match data:
            case p.Posted():
                assert event.room is not None
                self._keep(
                    MessageRef(
                        data.id,
                        event.room,
                        event.actor,
                        data.kind,
                        thread=data.thread,
                        mentions=list(data.mentions),
                        poll=None if data.poll is None else PollRef.of(data.poll),
                        n_files=len(data.files),
                        touched=event.seq,
                    )
                )
                root = self._kept.get(data.thread) if data.thread else None
                if root is not None:
                    root.thread = root.id
                    root.touched = event.seq
            case p.RoomDeleted():
                assert event.room is not None
                self._gone.add(event.room)
                for key in [ref.id for ref in self._kept.values() if ref.room == event.room]:
                    del self._kept[key]
            case (
                p.Voted()
                | p.PollClosed()
                | p.Edited()
                | p.Deleted()
                | p.Reacted()
                | p.Unreacted()
                | p.Pinned()
                | p.Unpinned()
            ):
                ref = self._kept.get(data.id)
                if ref is not None:
                    ref.touched = event.seq
                    _change(ref, event)
            case _:
                if event.room is not None and getattr(data, "text", None) is not None:
                    self._keep(MessageRef(str(event.seq), event.room, event.actor, "system", touched=event.seq))


def _change(ref: MessageRef, event: p.Event) -> None:
    data = event.data
    match data:
        case p.Edited():
            ref.mentions = list(data.mentions)
        case p.Deleted():
            ref.deleted, ref.pinned, ref.mentions, ref.reactions, ref.poll = True, False, [], {}, None
            ref.n_files = 0
        case p.Reacted():
            ref.reactions.setdefault(data.emoji, []).append(event.actor)
        case p.Unreacted():
            left = [member for member in ref.reactions.get(data.emoji, []) if member != event.actor]
            if left:
                ref.reactions[data.emoji] = left
            else:
                ref.reactions.pop(data.emoji, None)
        case p.Voted():
            assert ref.poll is not None
            ref.poll.votes.pop(event.actor, None)
            if data.choices:
                ref.poll.votes[event.actor] = list(data.choices)
        case p.PollClosed():
            assert ref.poll is not None
            ref.poll.closed = True
        case p.Pinned():
            ref.pinned = True
        case p.Unpinned():
            ref.pinned = False
