"""Workspaces with as many messages as one likes, made by SQL straight into the log and the tables.

Members and rooms are made as any are; the messages are then a few statements per million. Made once and kept in a
cache folder (``COLLABCHAT_BENCH_CACHE``, or ``collabchat-benchmarks`` in the user's cache), which one may delete.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from figure import note

from collabchat.store import schema
from collabchat.store.seed import Seeder

VERSION = 4
"""Of what is made here: another one is made anew."""
MEMBERS = 200
ROOMS = 40
SLICE = 1_000_000
START = 1_700_000_000_000_000
STEP = 4_000_000
"""Microseconds between two messages."""

_WORDS = (
    "The nightly load of the orders table",
    "A quick look at the join on customer and region",
    "The dashboard for the weekly numbers",
    "My notebook with the churn model",
    "The export that finance asked for",
    "The new index on the events table",
    "The parquet files of last month",
    "This plot of late invoices by country",
)
_ENDS = (
    "is done, all checks are green.",
    "took {n} minutes, twice as long as yesterday; can somebody have a look?",
    "has {n} rows with an empty key, I left them out and wrote down why.",
    "works on my machine, but not in the scheduled run.",
    "is ready for review; the numbers on page {n} are the ones to check.",
    "fails with a memory error after {n} seconds, I try it in slices now.",
    "agrees with the old one to the cent.",
    "can go: nobody has opened it for {n} days.",
)


def cache() -> Path:
    """The folder of what is kept."""
    given = os.environ.get("COLLABCHAT_BENCH_CACHE")
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "collabchat-benchmarks"


def workspace(messages: int) -> Path:
    """A kept workspace with this many messages; made where it is not there."""
    return kept(f"v{VERSION}-{messages}", lambda folder: _make(folder, messages), f"{messages:,} messages")


def kept(name: str, make: Callable[[Path], None], what: str) -> Path:
    """A workspace that is kept under a name; made where it is not there."""
    folder = cache() / name
    if not (folder / schema.FILE).exists():
        part = folder.with_name(folder.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        start = time.perf_counter()
        make(part)
        part.rename(folder)
        size = (folder / schema.FILE).stat().st_size / 1e6
        note(f"made {what} in {time.perf_counter() - start:.1f} s, {size:,.0f} MB")
    return folder


def copy(messages: int, target: Path) -> Path:
    """A copy of a kept workspace that may be written to."""
    return copied(workspace(messages), target)


def copied(made: Path, target: Path) -> Path:
    """A copy of a workspace's database."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made / schema.FILE, target / schema.FILE)
    return target


def _make(folder: Path, messages: int) -> None:
    with Seeder(folder) as seeder:
        people = [seeder.member(f"user{number}", name=f"User {number}", at=START) for number in range(MEMBERS)]
        # "old": nobody has said anything there since the first day; "empty": nobody ever has. They stand amid the
        # others, so that no minimum or maximum of a room's id gives them away.
        names = [f"room{number}" for number in range(ROOMS)]
        names[ROOMS // 2 : ROOMS // 2] = ["old", "empty"]
        for name in names:
            seeder.room(name, by=people[0], members=people, at=START)
    connection = schema.connect(folder)
    try:
        connection.execute("SELECT setseed(0.5)")
        for first in range(0, messages, SLICE):
            _slice(connection, first, min(SLICE, messages - first))
        _reactions(connection)
        _reads(connection)
        connection.execute("CHECKPOINT")
    finally:
        connection.close()


def _slice(connection: duckdb.DuckDBPyConnection, first: int, count: int) -> None:
    """Messages with all that goes with them but reactions: rooms and authors of very different activity."""
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE slice AS
        WITH base AS (SELECT max(seq) AS newest FROM events),
        rooms_at AS (SELECT list(room ORDER BY room) FILTER (name LIKE 'room%') AS rooms,
            max(room) FILTER (name = 'old') AS old FROM rooms),
        members_at AS (SELECT list(member ORDER BY member) AS members FROM members),
        drawn AS (SELECT newest + 1 + i AS seq, i, rooms, old, members, random() AS r, random() AS a, random() AS t,
            random() AS m, 1 + (random() * 97)::BIGINT AS n, (random() * 8)::BIGINT AS w,
            (random() * 8)::BIGINT AS e FROM range($count) AS g(i), base, rooms_at, members_at),
        said AS (SELECT *, CASE WHEN $first + i < 60 THEN old
                ELSE rooms[1 + ($rooms * r * r * r)::BIGINT % $rooms] END AS room,
            members[1 + ($members * a * a)::BIGINT % $members] AS author,
            CASE WHEN m < 0.03 THEN members[1 + (m * 6000)::BIGINT % $members] END AS mentioned,
            ($words::VARCHAR[])[1 + w % 8] || ' ' || replace(($ends::VARCHAR[])[1 + e % 8], '{n}', n::VARCHAR) AS words
            FROM drawn)
        SELECT seq, make_timestamp($start + ($first + i) * $step) AS time, room, author, mentioned, t,
            words || CASE WHEN mentioned IS NULL THEN '' ELSE ' @user' || mentioned - 1 END AS text,
            CASE WHEN t < 0.15 THEN lag(seq, 1 + (t * 60)::BIGINT) OVER (PARTITION BY room ORDER BY seq) END AS root
        FROM said ORDER BY seq""",
        {
            "count": count,
            "first": first,
            "rooms": ROOMS,
            "members": MEMBERS,
            "start": START + STEP,
            "step": STEP,
            "words": list(_WORDS),
            "ends": list(_ENDS),
        },
    )
    # Threads are one deep: what answers an answer stands beside it, at the root.
    connection.execute("""UPDATE slice SET root = NULL WHERE root IN (SELECT seq FROM slice WHERE root IS NOT NULL)""")
    connection.execute(
        """INSERT INTO events SELECT seq, time, 'posted', author, room, uuid(), to_json({type: 'posted',
            id: seq::VARCHAR, text: text, kind: 'text', thread: root::VARCHAR, reply_to: root::VARCHAR,
            mentions: CASE WHEN mentioned IS NULL THEN [] ELSE [mentioned::VARCHAR] END})
        FROM slice ORDER BY seq"""
    )
    connection.execute(
        """INSERT INTO messages WITH replies AS (SELECT root, count(*) AS n, max(seq) AS last, max(time) AS last_at
            FROM slice WHERE root IS NOT NULL GROUP BY root)
        SELECT s.seq, s.room, s.author, s.time, s.text, 'text', coalesce(s.root, r.root), s.root, NULL, false,
            coalesce(r.n, 0), r.last_at, 0, NULL, coalesce(r.last, s.seq), false, NULL, NULL, 0
        FROM slice s LEFT JOIN replies r ON r.root = s.seq ORDER BY s.seq"""
    )
    connection.execute(
        "INSERT INTO mentions SELECT seq, room, mentioned FROM slice WHERE mentioned IS NOT NULL ORDER BY seq"
    )


def _reactions(connection: duckdb.DuckDBPyConnection) -> None:
    """One message in fifty has one."""
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE marks AS
        WITH base AS (SELECT max(seq) AS newest, max(time) AS newest_at FROM events),
        picked AS (SELECT seq AS message, room FROM messages WHERE hash(seq) % 50 = 0),
        who AS (SELECT list(member ORDER BY member) AS members FROM members)
        SELECT newest + row_number() OVER (ORDER BY message) AS seq, message, room,
            members[1 + message % $members] AS member, ['👍', '🎉', '👀'][1 + message % 3] AS emoji, newest_at AS time
        FROM picked, base, who""",
        {"members": MEMBERS},
    )
    connection.execute(
        """INSERT INTO events SELECT seq, time, 'reacted', member, room, uuid(),
            to_json({type: 'reacted', id: message::VARCHAR, emoji: emoji}) FROM marks ORDER BY seq"""
    )
    connection.execute("INSERT INTO reactions FROM marks ORDER BY seq")
    connection.execute(
        """UPDATE messages SET n_reactions = 1, changed = marks.seq FROM marks WHERE marks.message = messages.seq"""
    )


def _reads(connection: duckdb.DuckDBPyConnection) -> None:
    """Everybody has read everything but the last few messages of the workspace."""
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE marks AS
        WITH base AS (SELECT max(seq) AS newest, max(time) AS newest_at FROM events),
        said AS (SELECT max(seq) AS said FROM messages)
        SELECT newest + row_number() OVER (ORDER BY room, member) AS seq, room, member, said - 100 AS upto,
            newest_at AS time FROM memberships, base, said"""
    )
    connection.execute(
        """INSERT INTO events SELECT seq, time, 'read', member, room, uuid(),
            to_json({type: 'read', upto: upto, unread: 0, mentions: 0}) FROM marks ORDER BY seq"""
    )
    connection.execute("DELETE FROM reads")
    connection.execute("INSERT INTO reads SELECT room, member, upto, time FROM marks")


def main() -> None:
    for count in sys.argv[1:]:
        print(workspace(int(count)))


if __name__ == "__main__":
    main()
