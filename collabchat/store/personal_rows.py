"""A member's own events as rows of the table ``personal``."""

from __future__ import annotations

import duckdb
import msgspec

from collabchat import protocol as p
from collabchat.store.personal import Personal, draft_key

Row = tuple[int, str, str, int | None, int, str | None]
"""Member, kind, key, room, `seq`, and what there is now; None: nothing."""


def row(event: p.Event) -> Row | None:
    """The row that an event leaves; None where it changes one that is there (`patch`)."""
    data = event.data
    kind: str
    key: str
    room: p.Id | None = None
    now: object = None
    match data:
        case p.StarsSet():
            kind, key, now = "stars", "", data.rooms or None
        case p.Muted():
            kind, key, room, now = "muted", data.target, data.target, True
        case p.Unmuted():
            kind, key, room = "muted", data.target, data.target
        case p.DraftSet():
            kind, key, room = "draft", draft_key(data.target, data.thread), data.target
            now = data.draft(event.time) if data.text else None
        case p.MessageSaved():
            kind, key, room, now = "saved", data.id, data.target, data.saved(event.time)
        case p.Unsaved():
            kind, key = "saved", data.id
        case p.MessageScheduled():
            kind, key, room, now = "scheduled", str(event.seq), data.target, data.scheduled(event.seq)
        case p.Unscheduled():
            kind, key = "scheduled", data.id
        case p.Posted(scheduled=str() as scheduled):
            kind, key = "scheduled", scheduled
        case p.Followed() | p.Unfollowed():
            kind, key, room, now = "follow", data.id, data.target, isinstance(data, p.Followed)
        case _:
            return None
    encoded = None if now is None else msgspec.json.encode(now).decode()
    return int(event.actor), kind, key, None if room is None else int(room), event.seq, encoded


def patch(cursor: duckdb.DuckDBPyConnection, event: p.Event) -> None:
    """Change the row that an event is about."""
    change: dict[str, object]
    match event.data:
        case p.Reminded(id=key):
            kind, change = "saved", {"remind_at": None, "reminded_at": event.time}
        case p.Unsent(id=key, problem=problem):
            kind, change = "scheduled", {"problem": problem}
        case _:
            return
    cursor.execute(
        "UPDATE personal SET data = json_merge_patch(data, ?) WHERE member = ? AND kind = ? AND key = ?",
        [msgspec.json.encode(change).decode(), int(event.actor), kind, key],
    )


def outdated(event: p.Event) -> int | None:
    """The earlier event whose words are to leave the log, since this one takes their place."""
    match event.data:
        case p.DraftSet(before=before) | p.MessageSaved(before=before) | p.Unsaved(before=before):
            return before
        case p.Unscheduled(id=scheduled) | p.Posted(scheduled=str() as scheduled):
            return int(scheduled)
        case _:
            return None


def load(own: Personal, kind: str, key: str, room: p.Id | None, seq: int, raw: str) -> None:
    """Put one row into what a member keeps."""
    match kind:
        case "stars":
            own.stars = msgspec.json.decode(raw, type=list[str])
        case "muted":
            own.muted.add(key)
        case "draft":
            own.drafts[key] = msgspec.json.decode(raw, type=p.Draft)
            own.said_at[key] = seq
        case "saved":
            own.saved[key] = msgspec.json.decode(raw, type=p.Saved)
            own.said_at[f"saved:{key}"] = seq
        case "scheduled":
            own.scheduled[key] = msgspec.json.decode(raw, type=p.Scheduled)
        case "follow":
            own.follows[key] = room or "", msgspec.json.decode(raw, type=bool)


def scrub(cursor: duckdb.DuckDBPyConnection, seqs: list[int]) -> None:
    """Take the words of these events out of the log."""
    if not seqs:
        return
    cursor.execute(
        f"""UPDATE events SET data = json_merge_patch(data, CASE type WHEN 'saved' THEN '{{"note": ""}}'
            WHEN 'scheduled' THEN '{{"text": "", "files": []}}' ELSE '{{"text": ""}}' END)
        WHERE seq BETWEEN {min(seqs)} AND {max(seqs)} AND seq IN (SELECT unnest($1::BIGINT[]))
            AND type IN ('draft_set', 'saved', 'scheduled')""",
        [seqs],
    )
