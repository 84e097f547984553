"""The files and links of a room as one list, filtered and sorted. Rights are the caller's."""

from __future__ import annotations

import contextlib
import unicodedata
from typing import Any, NamedTuple

import duckdb

from collabchat import protocol as p
from collabchat.store.queries import FILE, LAST_TIME, attachment

NAMED = 20
"""Messages of a link that are told."""

_ORDER = {
    "newest": "message DESC, link, number, url",
    "oldest": "message, link, number, url",
    "name": "lower(label), message DESC, link, number",
    "size": "size DESC, lower(label), message DESC, link, number",
}


class Listed(NamedTuple):
    """A part of the list, and what all of it is."""

    entries: list[p.SharedFile | p.SharedLink]
    total: int
    months: list[p.Month]


def listed(cursor: duckdb.DuckDBPyConnection, ask: p.Shared) -> Listed:
    """What was asked for, from one state of the database."""
    sql, values = _entries(ask)
    cursor.execute("BEGIN")
    try:
        counts = cursor.execute(
            f"""WITH {sql}, m AS (SELECT date_trunc('month', time + to_minutes({int(ask.utc_offset)})) AS month FROM e)
            SELECT strftime(month, '%Y-%m'), count(*) FROM m GROUP BY month ORDER BY month""",
            values,
        ).fetchall()
        rows = cursor.execute(
            f"""WITH {sql} SELECT link, message, number, url, n FROM e ORDER BY {_ORDER[ask.sort]}
            LIMIT {int(ask.limit)} OFFSET {int(ask.offset)}""",
            values,
        ).fetchall()
        files = _files(cursor, [(message, number) for link, message, number, _, _ in rows if not link])
        links = _links(cursor, ask, [url for link, _, _, url, _ in rows if link])
    finally:
        with contextlib.suppress(duckdb.Error):  # a query that failed has ended the transaction
            cursor.execute("ROLLBACK")
    months = [p.Month(month=month, count=count) for month, count in counts]
    if ask.sort == "newest":
        months.reverse()
    elif ask.sort != "oldest":
        months = []
    entries = [
        links[url] if link else files[message, number]
        for link, message, number, url, _ in rows
        if link or (message, number) in files
    ]
    return Listed(entries, sum(count for _, count in counts), months)


def _entries(ask: p.Shared) -> tuple[str, list[Any]]:
    """Common table expressions that end with ``e``: everything that fits."""
    kinds = set(ask.kinds)
    parts, values = [], []
    if not kinds or kinds - {"link"}:
        where, its = _scope(ask)
        if kinds:
            where += " AND kind IN (SELECT unnest(?::VARCHAR[]))"
            its.append(sorted(kinds - {"link"}))
        where, its = _with_words(ask, where, its, "name")
        parts.append(
            f"SELECT false AS link, message, number, time, name AS label, size, '' AS url, 1 AS n FROM attachments "
            f"WHERE {where}"
        )
        values += its
    if not kinds or "link" in kinds:
        where, its = _scope(ask)
        grouped = (
            "SELECT true AS link, max(message) AS message, 0 AS number, max(time) AS time, url AS label, 0 AS size, "
            f"url, count(*) AS n FROM links WHERE {where}"
        )
        if ask.text.strip():
            grouped, its = _with_words(
                ask,
                grouped,
                its,
                "url || ' ' || coalesce((SELECT any_value(title) FROM titles t WHERE t.url = links.url), '')",
            )
        parts.append(f"{grouped} GROUP BY url")
        values += its
    return f"e AS ({' UNION ALL '.join(parts)})", values


def _scope(ask: p.Shared) -> tuple[str, list[Any]]:
    where, values = "room = ?", [int(ask.room)]
    if ask.author is not None:
        where, values = where + " AND author = ?", [*values, int(ask.author)]
    for bound, sign in ((ask.since, ">="), (ask.until, "<")):
        if bound is not None:
            where, values = f"{where} AND time {sign} make_timestamp(?)", [*values, max(0, min(bound, LAST_TIME))]
    return where, values


def _with_words(ask: p.Shared, where: str, values: list[Any], said: str) -> tuple[str, list[Any]]:
    for word in plain(ask.text).split():
        where, values = f"{where} AND contains(strip_accents(lower({said})), ?)", [*values, word]
    return where, values


def plain(text: str) -> str:
    """A text without case and accents, as DuckDB makes it."""
    taken_apart = unicodedata.normalize("NFD", text.lower())
    return unicodedata.normalize("NFC", "".join(one for one in taken_apart if not unicodedata.combining(one)))


def _files(cursor: duckdb.DuckDBPyConnection, wanted: list[tuple[int, int]]) -> dict[tuple[int, int], p.SharedFile]:
    if not wanted:
        return {}
    messages = sorted({message for message, _ in wanted})
    rows = cursor.execute(
        f"""SELECT message, number, author, epoch_us(time), {FILE} FROM attachments
        WHERE message BETWEEN {messages[0]} AND {messages[-1]} AND message IN (SELECT unnest($1::BIGINT[]))""",
        [messages],
    ).fetchall()
    return {
        (message, number): p.SharedFile(
            id=f"{message}-{number}", message=str(message), author=str(author), time=time, file=attachment(file)
        )
        for message, number, author, time, *file in rows
    }


def _links(cursor: duckdb.DuckDBPyConnection, ask: p.Shared, wanted: list[str]) -> dict[str, p.SharedLink]:
    if not wanted:
        return {}
    where, values = _scope(ask)
    rows = cursor.execute(
        f"""WITH l AS (SELECT url, message, author, time FROM links WHERE {where}
            AND url IN (SELECT unnest(?::VARCHAR[])))
        SELECT url, arg_max(author, message), epoch_us(max(time)), max(message, {NAMED}), count(*),
            coalesce((SELECT any_value(title) FROM titles t WHERE t.url = l.url), '')
        FROM l GROUP BY url""",
        [*values, wanted],
    ).fetchall()
    return {
        url: p.SharedLink(
            url=url,
            title=title,
            author=str(author),
            time=time,
            messages=[str(message) for message in messages],
            n_messages=count,
        )
        for url, author, time, messages, count, title in rows
    }
