"""The columns of the rows that a batch writes at once, and the statements that write them."""

from __future__ import annotations

import pyarrow as pa

from collabchat.store import link_rows

EVENTS = pa.schema(
    [
        ("seq", pa.int64()),
        ("time", pa.timestamp("us")),
        ("type", pa.string()),
        ("actor", pa.int64()),
        ("room", pa.int64()),
        ("req", pa.string()),
        ("data", pa.string()),
    ]
)
MESSAGES = pa.schema(
    [
        ("seq", pa.int64()),
        ("room", pa.int64()),
        ("author", pa.int64()),
        ("time", pa.timestamp("us")),
        ("text", pa.string()),
        ("kind", pa.string()),
        ("thread", pa.int64()),
        ("reply_to", pa.int64()),
        ("broadcast", pa.bool_()),
        ("forwarded", pa.string()),
        ("poll", pa.string()),
        ("n_files", pa.int32()),
    ]
)
ATTACHMENTS = pa.schema(
    [
        ("message", pa.int64()),
        ("number", pa.int32()),
        ("room", pa.int64()),
        ("author", pa.int64()),
        ("time", pa.timestamp("us")),
        ("name", pa.string()),
        ("original", pa.string()),
        ("size", pa.int64()),
        ("type", pa.string()),
        ("kind", pa.string()),
        ("sha256", pa.string()),
        ("width", pa.int32()),
        ("height", pa.int32()),
    ]
)
MENTIONS = pa.schema([("message", pa.int64()), ("room", pa.int64()), ("member", pa.int64())])
REACTIONS = pa.schema(
    [
        ("seq", pa.int64()),
        ("message", pa.int64()),
        ("room", pa.int64()),
        ("member", pa.int64()),
        ("emoji", pa.string()),
        ("time", pa.timestamp("us")),
    ]
)
MEMBERSHIPS = pa.schema([("room", pa.int64()), ("member", pa.int64()), ("since", pa.int64())])
READS = pa.schema([("room", pa.int64()), ("member", pa.int64()), ("upto", pa.int64()), ("time", pa.timestamp("us"))])
VOTES = pa.schema(
    [
        ("seq", pa.int64()),
        ("message", pa.int64()),
        ("room", pa.int64()),
        ("member", pa.int64()),
        ("choices", pa.string()),
    ]
)
OWN = pa.schema(
    [
        ("member", pa.int64()),
        ("kind", pa.string()),
        ("key", pa.string()),
        ("room", pa.int64()),
        ("seq", pa.int64()),
        ("data", pa.string()),
    ]
)
CHANGES = pa.schema(
    [
        ("seq", pa.int64()),
        ("changed", pa.int64()),
        ("set_text", pa.bool_()),
        ("text", pa.string()),
        ("edited_at", pa.timestamp("us")),
        ("deleted", pa.bool_()),
        ("thread", pa.int64()),
        ("replies", pa.int32()),
        ("last_reply_at", pa.timestamp("us")),
        ("reactions", pa.int32()),
        ("set_pinned", pa.bool_()),
        ("pinned", pa.int64()),
    ]
)
SCHEMAS = {
    "events": EVENTS,
    "messages": MESSAGES,
    "attachments": ATTACHMENTS,
    "links": link_rows.SCHEMA,
    "mentions": MENTIONS,
    "reactions": REACTIONS,
    "memberships": MEMBERSHIPS,
    "reads": READS,
    "votes": VOTES,
    "personal": OWN,
    "changes": CHANGES,
}
STATEMENTS = {
    "events": ["INSERT INTO events SELECT seq, time, type, actor, room, req::UUID, data FROM batch_events"],
    "messages": [
        """INSERT INTO messages SELECT seq, room, author, time, text, kind, thread, reply_to, NULL, false, 0, NULL, 0,
        NULL, seq, broadcast, forwarded, poll, n_files FROM batch_messages"""
    ],
    "attachments": ["INSERT INTO attachments FROM batch_attachments"],
    "links": ["INSERT INTO links FROM batch_links"],
    "mentions": ["INSERT INTO mentions FROM batch_mentions"],
    "reactions": ["INSERT INTO reactions FROM batch_reactions"],
    "memberships": ["INSERT INTO memberships FROM batch_memberships"],
    "reads": [
        "DELETE FROM reads USING batch_reads AS b WHERE reads.room = b.room AND reads.member = b.member",
        "INSERT INTO reads FROM batch_reads",
    ],
    "votes": [
        "DELETE FROM votes USING batch_votes AS b WHERE votes.message = b.message AND votes.member = b.member",
        "INSERT INTO votes FROM batch_votes WHERE choices IS NOT NULL",
    ],
    "personal": [
        """DELETE FROM personal AS p USING batch_personal AS b
        WHERE p.member = b.member AND p.kind = b.kind AND p.key = b.key""",
        "INSERT INTO personal FROM batch_personal WHERE data IS NOT NULL",
    ],
}
# Not prepared: DuckDB skips the row groups outside of these bounds only where it knows them when it plans.
UPDATE_MESSAGES = """
UPDATE messages SET
    changed = c.changed,
    text = CASE WHEN c.set_text THEN c.text ELSE messages.text END,
    edited_at = coalesce(c.edited_at, messages.edited_at),
    deleted = messages.deleted OR c.deleted,
    thread = coalesce(messages.thread, c.thread),
    n_replies = messages.n_replies + c.replies,
    last_reply_at = coalesce(c.last_reply_at, messages.last_reply_at),
    n_reactions = CASE WHEN c.deleted THEN 0 ELSE messages.n_reactions + c.reactions END,
    pinned = CASE WHEN c.set_pinned THEN c.pinned ELSE messages.pinned END
FROM batch_changes AS c WHERE messages.seq = c.seq AND messages.seq BETWEEN {low} AND {high}"""
