"""Which formats can be read, and which of them a folder or a file is."""

from __future__ import annotations

import zipfile
from importlib import import_module
from pathlib import Path

from collabchat.errors import Invalid, NotFound
from collabchat.importers.format import Format
from collabchat.importers.source import Source

FORMATS = (
    *("slack", "mattermost", "zulip", "zulip-archive", "discord", "jupyterlab-chat", "gitter", "whatsapp", "irc"),
)
"""In the order in which they are tried."""


def format_of(name: str) -> Format:
    """The format of this name.

    Raises
    ------
    NotFound
        Where there is none.
    """
    if name not in FORMATS:
        raise NotFound(f"There is no format {name!r}; there are {', '.join(FORMATS)}.")
    found: Format = import_module(f"collabchat.importers.readers.{name.replace('-', '_')}").FORMAT
    return found


def source_of(path: Path) -> Source:
    """What lies at a path.

    Raises
    ------
    NotFound
        Where nothing does.
    Invalid
        Where it is a packed archive.
    """
    if not path.exists():
        raise NotFound(f"There is no {path}.")
    if path.is_file() and (zipfile.is_zipfile(path) or path.name.endswith((".tar", ".tar.gz", ".tgz"))):
        raise Invalid(f"{path} is a packed archive: unpack it, then name the folder.")
    return Source(path)


def recognised(source: Source) -> Format:
    """The format of a source, by a look at it.

    Raises
    ------
    Invalid
        Where it is none that is known.
    """
    for name in FORMATS:
        found = format_of(name)
        if found.matches(source):
            return found
    raise Invalid(f"{source.path} is in none of the known formats ({', '.join(FORMATS)}); format= names one.")
