"""Real conversations, read in place: ``COLLABCHAT_REALDATA`` says where they lie, else ``../shared/data``."""

from __future__ import annotations

import csv
import html
import json
import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pytest


class Said(NamedTuple):
    """What somebody said in a room."""

    room: str
    author: str
    text: str


def folder() -> Path:
    """Where they lie; the test is skipped where they do not."""
    here = Path(__file__).parents[2]
    found = Path(os.environ.get("COLLABCHAT_REALDATA", here.parent / "shared" / "data"))
    if not (found / "README.md").exists():
        pytest.skip(f"no real conversations in {found} (COLLABCHAT_REALDATA says where they are)")
    return found


def read(each: int = 3_000) -> list[Said]:
    """At most so many messages of each source."""
    data = folder()
    found: list[Said] = []
    for source in (_gitter, _zulip, _slack, _irc):
        found += [one for one in islice(source(data), each) if one.text.strip()]
    return found


def _gitter(data: Path) -> Iterator[Said]:
    for file in sorted((data / "freecodecamp-gitter" / "archives").glob("*.tsv"), key=lambda one: one.stat().st_size):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines, delimiter="\t"):
                if len(row) >= 7:
                    yield Said("gitter", row[4], row[6])


def _zulip(data: Path) -> Iterator[Said]:
    for file in sorted((data / "ncar-zulip" / "zulip_json").glob("*/*.json")):
        for message in json.loads(file.read_text(encoding="utf-8")):
            text = html.unescape(re.sub(r"<[^>]+>", " ", message["content"]))
            yield Said("zulip", message["sender_full_name"], text)


def _slack(data: Path) -> Iterator[Said]:
    for file in sorted((data / "houston-slack" / "export").glob("*/*.json")):
        for message in json.loads(file.read_text(encoding="utf-8")):
            if message.get("text"):
                yield Said("slack", message.get("user", "nobody"), message["text"])


def _irc(data: Path) -> Iterator[Said]:
    line = re.compile(r"\[\d\d:\d\d\] <([^>]+)> (.*)")
    for file in sorted((data / "irc-disentanglement" / "dev").glob("*.raw.txt")):
        for match in map(line.match, file.read_text(encoding="utf-8", errors="replace").splitlines()):
            if match:
                yield Said("irc", match[1], match[2])
