"""A log in a shape of its own: a regular expression with named groups says what is what."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

from collabchat.errors import Invalid
from collabchat.importers.readers.plain import lines

GROUPS = frozenset(
    [
        "room",
        "date",
        "year",
        "month",
        "day",
        "time",
        "hour",
        "minute",
        "second",
        "half",
        "nick",
        "text",
        "action",
        "system",
    ]
)
_TRIED = 500
_LONGEST = 2_000
_SECONDS = 5.0
_TRY = "import re,sys; p=re.compile(sys.argv[1]); [p.match(line) for line in sys.stdin.read().split(chr(10))]"


def compiled(pattern: str, sample: Path) -> re.Pattern[str]:
    """The pattern, once it has shown that it has the groups it needs and does not take for ever."""
    try:
        found = re.compile(pattern)
    except re.error as error:
        raise Invalid(f"the pattern is no regular expression: {error}") from None
    names = set(found.groupindex)
    if unknown := sorted(names - GROUPS):
        raise Invalid(f"the pattern has a group {unknown[0]!r}; it may have {', '.join(sorted(GROUPS))}")
    if not {"nick", "text"} <= names or not ({"time"} <= names or {"hour", "minute"} <= names):
        raise Invalid("the pattern needs the groups nick, text, and time (or hour and minute)")
    text = "\n".join(line[:_LONGEST] for _, line in islice(lines(sample), _TRIED))
    # An expression that goes wrong cannot be stopped from inside: so another process tries it first.
    try:
        subprocess.run(
            [sys.executable, "-I", "-c", _TRY, pattern],
            input=text.encode(errors="replace"),
            timeout=_SECONDS,
            check=True,
            capture_output=True,
            env={"PYTHONUTF8": "1"},
        )
    except subprocess.TimeoutExpired:
        raise Invalid(_too_slow("the first lines")) from None
    except subprocess.CalledProcessError as error:
        raise Invalid(f"the pattern cannot be used: {error.stderr.decode(errors='replace')[-200:]}") from None
    return found


def matched(pattern: re.Pattern[str], line: str, number: int) -> re.Match[str] | None:
    """The match of a line; a line that took a second ends the reading."""
    before = time.monotonic()
    found = pattern.match(line[:_LONGEST]) if len(line) > _LONGEST else pattern.match(line)
    if time.monotonic() - before > 1:
        raise Invalid(_too_slow(f"line {number}"))
    return found


def _too_slow(where: str) -> str:
    return (
        f"the pattern takes too long on {where}: a repetition inside a repetition, like (a+)+, tries every way; "
        "write [^ ]+ or the like instead"
    )
