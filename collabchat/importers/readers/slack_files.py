"""Files of a Slack export: their local copies, else their addresses."""

from __future__ import annotations

import os
import re
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from collabchat.importers.readers.slack_shapes import File
from collabchat.importers.records import Enclosed

_ID = re.compile(r"(F[A-Z0-9]{6,})(?:[-_.].*)?")


class Copies:
    """The local copies, by a file's id: ``__uploads/ID/name``, ``attachments/ID-name`` and the like."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def of(self, key: str | None) -> Path | None:
        return self._found.get(key) if key else None

    @cached_property
    def _found(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder, _, names in os.walk(self._root):
            above = _ID.fullmatch(Path(folder).name)
            for name in names:
                own = _ID.fullmatch(name)
                match = above or own
                if match is not None:
                    found.setdefault(match[1], Path(folder) / name)
        return {key: path for key, path in found.items() if path.is_file() and not path.is_symlink()}


def enclosed(file: File, copies: Copies) -> Enclosed | None:
    """A file of a message; None for one that was deleted there."""
    if file.mode == "tombstone":
        return None
    name = file.name or file.title or file.id or "file"
    path = copies.of(file.id)
    if path is not None:
        return Enclosed(name=name, path=path)
    if file.mode == "snippet" and file.preview and file.lines_more == 0 and not file.preview_is_truncated:
        return Enclosed(name=name, data=file.preview.encode())
    return Enclosed(name=name, url=without_token(file.url_private or file.permalink or ""))


def without_token(address: str) -> str:
    """Exports write a key to all files into each address: it does not belong into a message.

    Examples
    --------
    >>> without_token("https://files.slack.com/files-pri/T1-F1/a.png?t=xoxe-1")
    'https://files.slack.com/files-pri/T1-F1/a.png'
    """
    if "t=" not in address:
        return address
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name != "t"]
    return urlunsplit(parts._replace(query=urlencode(kept)))
