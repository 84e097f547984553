"""``collabchat search``: find messages by their words."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from collabchat.cli import count_of, existing, workspace_of

if TYPE_CHECKING:
    from collabchat import Chat, protocol

_BOLD, _DIM, _MARK, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[1;33m", "\x1b[0m"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("workspace", type=workspace_of, metavar="WORKSPACE", help="the folder")
    parser.add_argument(
        "query",
        nargs="+",
        metavar="QUERY",
        help="words, and filters such as from:bo in:pipeline has:file after:2026-01-01",
    )
    parser.add_argument("--limit", type=count_of, default=20, metavar="N", help="at most so many (20)")
    parser.add_argument("--room", metavar="ROOM", help="only in this room")
    parser.add_argument("--sort", choices=("relevance", "newest", "oldest"), default="relevance", help="the order")
    parser.add_argument(
        "--user", metavar="HANDLE", help="whose messages are looked through: your login name's, unless said"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(options: argparse.Namespace) -> int:
    import collabchat
    from collabchat.client import searching

    query = " ".join(options.query)
    with collabchat.connect(existing(options.workspace), user=options.user) as chat:
        room = chat.room(options.room).id if options.room else None
        answers = list(
            searching.ask(chat._session, query, room=room, limit=options.limit, sort=options.sort, inflected=True)
        )
        hits = [_facts(chat, hit) for found in answers for hit in found.hits]
    first = answers[0]
    if options.json:
        print(json.dumps(_answer(first, hits), ensure_ascii=False))
        return 0
    _show(first, hits)
    return 0


def _facts(chat: Chat, hit: protocol.Hit) -> dict[str, Any]:
    from collabchat.client.records import as_time

    directory, message = chat._session.directory, hit.message
    file = None
    if hit.file is not None:
        place = int(hit.file.partition("-")[2])
        file = {"id": hit.file, "name": message.files[place - 1].name if place <= len(message.files) else ""}
    return {
        "id": message.id,
        "room": directory.name_of(message.room),
        "author": directory.handle(message.author),
        "time": as_time(message.time),
        "text": message.text,
        "snippet": hit.snippet,
        "score": hit.score,
        "file": file,
    }


def _answer(found: protocol.Found, hits: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "query": found.query,
        "total": found.total,
        "at_least": found.at_least,
        "problems": found.problems,
        "correction": found.correction,
        "indexed": found.indexed,
        "hits": [{**hit, "time": hit["time"].isoformat()} for hit in hits],
    }


def _show(found: protocol.Found, hits: list[dict[str, Any]]) -> None:
    bold, dim, mark, plain = (_BOLD, _DIM, _MARK, _PLAIN) if _in_colour() else ("",) * 4
    for hit in hits:
        when = hit["time"].astimezone().strftime("%Y-%m-%d %H:%M")
        file = f" · {_line(hit['file']['name'])}" if hit["file"] else ""
        print(f"{bold}{_line(hit['room'])}{plain} · {_line(hit['author'])} {dim}· {when}{file} · {hit['id']}{plain}")
        words = (
            f"{mark}{_line(part)}{plain}" if place % 2 else _line(part) for place, part in enumerate(hit["snippet"])
        )
        print(f"  {''.join(words)}")
    for problem in found.problems:
        print(problem, file=sys.stderr)
    if not hits:
        nearest = f" Did you mean: {found.correction}" if found.correction else ""
        print(f"Nothing fits {found.query!r}.{nearest}")
    elif found.at_least or found.total > len(hits):
        print(f"{len(hits):,} of {'more than ' if found.at_least else ''}{found.total:,}; --limit shows more.")
    if not found.indexed:
        print("The index is being built: the messages themselves were looked through.", file=sys.stderr)


def _line(text: str) -> str:
    """Text that moves no cursor and sets no colour, whatever somebody wrote."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _in_colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
