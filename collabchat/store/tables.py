"""Events to rows: the one place where the log becomes the tables.

A batch is gathered into few statements, each over one Arrow table. Replaying the log goes through the same code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import duckdb
import msgspec

from collabchat import protocol as p
from collabchat.store import link_rows, personal_rows
from collabchat.store.directory import type_of
from collabchat.store.feed import Feeds
from collabchat.store.feeding import SCHEMAS, STATEMENTS, UPDATE_MESSAGES
from collabchat.store.personal import PERSONAL


@dataclass(slots=True)
class Change:
    """What a batch does to one message."""

    changed: int = 0
    set_text: bool = False
    text: str | None = None
    edited_at: p.Micros | None = None
    deleted: bool = False
    thread: int | None = None
    replies: int = 0
    last_reply_at: p.Micros | None = None
    reactions: int = 0
    set_pinned: bool = False
    pinned: int | None = None


@dataclass(slots=True)
class Batch:
    """The rows of some events, until they are written."""

    events: list[tuple[Any, ...]] = field(default_factory=list)
    messages: list[tuple[Any, ...]] = field(default_factory=list)
    attachments: list[tuple[Any, ...]] = field(default_factory=list)
    links: list[link_rows.Row] = field(default_factory=list)
    mentions: list[tuple[Any, ...]] = field(default_factory=list)
    reactions: list[tuple[Any, ...]] = field(default_factory=list)
    memberships: list[tuple[Any, ...]] = field(default_factory=list)
    reads: dict[tuple[int, int], tuple[Any, ...]] = field(default_factory=dict)
    votes: dict[tuple[int, int], tuple[Any, ...]] = field(default_factory=dict)
    personal: dict[tuple[int, str, str], personal_rows.Row] = field(default_factory=dict)
    outdated: list[int] = field(default_factory=list)
    """Events whose words leave the log."""
    changes: dict[int, Change] = field(default_factory=dict)

    def change(self, message: str, seq: int) -> Change:
        change = self.changes.setdefault(int(message), Change())
        change.changed = seq
        return change

    def flush(self, feeds: Feeds) -> None:
        """Write what was gathered, and begin anew."""
        if self.events:
            feeds.run("events", self.events)
        if self.messages:
            feeds.run("messages", self.messages)
        if self.attachments:
            feeds.run("attachments", self.attachments)
        if self.links:
            feeds.run("links", self.links)
        if self.mentions:
            feeds.run("mentions", self.mentions)
        if self.reactions:
            feeds.run("reactions", self.reactions)
        if self.changes:
            self._flush_changes(feeds)
        if self.memberships:
            feeds.run("memberships", self.memberships)
        if self.reads:
            feeds.run("reads", list(self.reads.values()))
        if self.votes:
            feeds.run("votes", list(self.votes.values()))
        if self.personal:
            feeds.run("personal", list(self.personal.values()))
        if self.outdated:
            personal_rows.scrub(feeds.cursor, self.outdated)
        self.events, self.messages, self.mentions, self.reactions = [], [], [], []
        self.memberships, self.reads, self.changes = [], {}, {}
        self.attachments, self.links = [], []
        self.votes, self.personal, self.outdated = {}, {}, []

    def keep(self, event: p.Event, log: bool) -> None:
        """Note what an event does to what its actor keeps for themselves."""
        row = personal_rows.row(event)
        if row is not None:
            self.personal[row[:3]] = row
        before = personal_rows.outdated(event)
        if log and before is not None:
            self.outdated.append(before)

    def _flush_changes(self, feeds: Feeds) -> None:
        rows = [
            (
                message,
                c.changed,
                c.set_text,
                c.text,
                c.edited_at,
                c.deleted,
                c.thread,
                c.replies,
                c.last_reply_at,
                c.reactions,
                c.set_pinned,
                c.pinned,
            )
            for message, c in self.changes.items()
        ]
        feeds.fill("changes", rows)
        feeds.cursor.execute(UPDATE_MESSAGES.format(low=min(self.changes), high=max(self.changes)))


class Writer:
    """Puts events into the tables over one cursor.

    Parameters
    ----------
    cursor
        Nobody else's.
    log
        Write them into the log as well; without, the tables alone are made (a replay).
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, *, log: bool = True) -> None:
        self._feeds = Feeds(cursor, SCHEMAS, STATEMENTS)
        self._log = log

    def write(self, events: Iterable[p.Event]) -> None:
        """Put events, in the order of ``seq``, into the tables, inside the caller's transaction."""
        batch = Batch()
        for event in events:
            if self._log:
                batch.events.append(_event_row(event))
            _gather(batch, event, self._feeds, self._log)
        batch.flush(self._feeds)


def write(cursor: duckdb.DuckDBPyConnection, events: Iterable[p.Event], *, log: bool = True) -> None:
    """Put events into the tables once; see `Writer`."""
    Writer(cursor, log=log).write(events)


def _event_row(event: p.Event) -> tuple[Any, ...]:
    return (
        event.seq,
        event.time,
        type_of(event),
        int(event.actor),
        int(event.room) if event.room else None,
        event.req,
        msgspec.json.encode(event.data).decode(),
    )


def _gather(batch: Batch, event: p.Event, feeds: Feeds, log: bool) -> None:
    data = event.data
    cursor = feeds.cursor
    room = int(event.room) if event.room else 0
    actor = int(event.actor)
    match data:
        case p.Posted():
            thread = int(data.thread) if data.thread else None
            batch.messages.append(
                (
                    event.seq,
                    room,
                    actor,
                    event.time,
                    data.text,
                    data.kind,
                    thread,
                    int(data.reply_to) if data.reply_to else None,
                    data.broadcast or None,  # as in a file that was made before there was such a thing
                    None if data.forwarded is None else msgspec.json.encode(data.forwarded).decode(),
                    None if data.poll is None else msgspec.json.encode(data.poll).decode(),
                    len(data.files),
                )
            )
            if data.files:
                batch.attachments += _attachment_rows(event, data.files)
            batch.links += link_rows.of(event.seq, room, actor, event.time, data.text, data.forwarded)
            if data.scheduled is not None:
                batch.keep(event, log)
            batch.mentions += [(event.seq, room, int(member)) for member in data.mentions]
            if thread is not None:
                root = batch.change(data.thread or "", event.seq)
                root.thread = thread
                root.replies += 1
                root.last_reply_at = event.time
        case p.Edited():
            change = batch.change(data.id, event.seq)
            change.set_text, change.text, change.edited_at = True, data.text, event.time
            batch.flush(feeds)
            cursor.execute("DELETE FROM mentions WHERE message = ?", [int(data.id)])
            batch.mentions += [(int(data.id), room, int(member)) for member in data.mentions]
            link_rows.renew(cursor, int(data.id))
        case p.Deleted():
            change = batch.change(data.id, event.seq)
            change.set_text, change.text, change.deleted = True, None, True
            change.set_pinned, change.pinned = True, None
            if data.thread and data.thread != data.id:
                batch.change(data.thread, event.seq).replies -= 1
            batch.flush(feeds)
            cursor.execute("DELETE FROM mentions WHERE message = ?", [int(data.id)])
            cursor.execute("DELETE FROM reactions WHERE message = ?", [int(data.id)])
            cursor.execute("DELETE FROM votes WHERE message = ?", [int(data.id)])
            cursor.execute("DELETE FROM attachments WHERE message = ?", [int(data.id)])
            cursor.execute("DELETE FROM links WHERE message = ?", [int(data.id)])
            cursor.execute(
                """UPDATE messages SET forwarded = NULL, poll = NULL, n_files = 0
                WHERE seq = ? AND (forwarded IS NOT NULL OR poll IS NOT NULL OR n_files > 0)""",
                [int(data.id)],
            )
            if log:
                _scrub(cursor, int(data.id), room)
        case p.Reacted():
            batch.reactions.append((event.seq, int(data.id), room, actor, data.emoji, event.time))
            batch.change(data.id, event.seq).reactions += 1
        case p.Unreacted():
            batch.change(data.id, event.seq).reactions -= 1
            batch.flush(feeds)
            cursor.execute(
                "DELETE FROM reactions WHERE message = ? AND member = ? AND emoji = ?",
                [int(data.id), actor, data.emoji],
            )
        case p.Pinned():
            change = batch.change(data.id, event.seq)
            change.set_pinned, change.pinned = True, event.seq
        case p.Unpinned():
            change = batch.change(data.id, event.seq)
            change.set_pinned, change.pinned = True, None
        case p.Voted():
            choices = msgspec.json.encode(data.choices).decode() if data.choices else None
            batch.votes[int(data.id), actor] = (event.seq, int(data.id), room, actor, choices)
        case p.PollClosed():
            batch.flush(feeds)
            cursor.execute(
                """UPDATE messages SET poll = json_merge_patch(poll, '{"closed": true}') WHERE seq = ?""",
                [int(data.id)],
            )
        case p.Reminded() | p.Unsent():
            batch.flush(feeds)
            personal_rows.patch(cursor, event)
        case _ if isinstance(data, PERSONAL) and not isinstance(data, p.PreferencesSet):
            batch.keep(event, log)
        case p.Read():
            batch.reads[room, actor] = (room, actor, data.upto, event.time)
        case _:
            batch.flush(feeds)
            _directory_rows(batch, event, cursor, log)
            text = getattr(data, "text", None)
            if text is not None:
                batch.messages.append((event.seq, room, actor, event.time, text, "system", *[None] * 5, 0))


def _attachment_rows(event: p.Event, files: list[p.Attachment]) -> list[tuple[Any, ...]]:
    about = int(event.room or 0), int(event.actor), event.time
    return [
        (
            event.seq,
            number,
            *about,
            file.name,
            file.original,
            file.size,
            file.type,
            file.kind,
            file.sha256,
            file.width,
            file.height,
        )
        for number, file in enumerate(files, 1)
    ]


def _directory_rows(batch: Batch, event: p.Event, cursor: duckdb.DuckDBPyConnection, log: bool) -> None:
    data = event.data
    room = int(event.room) if event.room else 0
    match data:
        case p.MemberAdded():
            cursor.execute(
                "INSERT INTO members VALUES (?, ?, ?, ?, ?, make_timestamp(?), NULL, NULL, NULL)",
                [int(data.member), data.handle, data.name, data.role, data.bot, event.time],
            )
        case p.NameSet():
            cursor.execute("UPDATE members SET name = ? WHERE member = ?", [data.name, int(data.member)])
        case p.RoleSet():
            cursor.execute("UPDATE members SET role = ? WHERE member = ?", [data.role, int(data.member)])
        case p.PreferencesSet():
            cursor.execute(
                "UPDATE members SET preferences = ? WHERE member = ?",
                [msgspec.json.encode(data.preferences).decode(), int(event.actor)],
            )
        case p.SettingsSet():
            cursor.execute("DELETE FROM settings")
            cursor.execute("INSERT INTO settings VALUES (?)", [msgspec.json.encode(data.settings).decode()])
        case p.StatusSet():
            status = None if data.status is None else msgspec.json.encode(data.status).decode()
            cursor.execute("UPDATE members SET status = ? WHERE member = ?", [status, int(event.actor)])
        case p.PictureSet():
            cursor.execute("UPDATE members SET picture = ? WHERE member = ?", [data.picture, int(event.actor)])
        case p.RoomCreated():
            cursor.execute(
                "INSERT INTO rooms VALUES (?, ?, ?, ?, make_timestamp(?), ?, false)",
                [event.seq, data.name, data.kind, data.topic, event.time, int(event.actor)],
            )
            for member in data.members:
                _enter(batch, event.seq, int(member), event)
        case p.Renamed():
            cursor.execute("UPDATE rooms SET name = ? WHERE room = ?", [data.name, room])
        case p.TopicSet():
            cursor.execute("UPDATE rooms SET topic = ? WHERE room = ?", [data.topic, room])
        case p.Archived() | p.Unarchived():
            cursor.execute("UPDATE rooms SET archived = ? WHERE room = ?", [isinstance(data, p.Archived), room])
        case p.Joined():
            _enter(batch, room, int(event.actor), event)
        case p.Added():
            _enter(batch, room, int(data.member), event)
        case p.Left():
            _exit(cursor, room, int(event.actor))
        case p.Removed():
            _exit(cursor, room, int(data.member))
        case p.RoomDeleted():
            if log:
                kept = cursor.execute("SELECT seq FROM personal WHERE room = ?", [room]).fetchall()
                personal_rows.scrub(cursor, [seq for (seq,) in kept])
            for table in OF_ROOMS:
                cursor.execute(f"DELETE FROM {table} WHERE room = ?", [room])
            if log:
                cursor.execute("DELETE FROM events WHERE room = ? AND type <> 'room_deleted'", [room])


OF_ROOMS = (
    *("rooms", "memberships", "reads", "messages", "mentions", "reactions", "votes", "personal"),
    *("attachments", "links"),
)
"""Tables whose rows go with their room."""


def _enter(batch: Batch, room: int, member: int, event: p.Event) -> None:
    batch.memberships.append((room, member, event.seq))
    batch.reads[room, member] = (room, member, event.seq, event.time)


def _exit(cursor: duckdb.DuckDBPyConnection, room: int, member: int) -> None:
    cursor.execute("DELETE FROM memberships WHERE room = ? AND member = ?", [room, member])
    cursor.execute("DELETE FROM reads WHERE room = ? AND member = ?", [room, member])


def _scrub(cursor: duckdb.DuckDBPyConnection, message: int, room: int) -> None:
    """Take the text of a deleted message out of the log: who deletes a message means it."""
    cursor.execute(
        """UPDATE events SET data = json_merge_patch(data, '{"text": "", "mentions": [], "mentions_before": [],
            "forwarded": null, "poll": null, "files": []}')
        WHERE room = ? AND seq >= ? AND (seq = ? OR (type = 'edited' AND data->>'id' = ?))""",
        [room, message, message, str(message)],
    )
