"""A line of an IRC log: when, where, who and what, in the shapes that IRC programs write."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_MONTH = "|".join(MONTHS)
HEAD = re.compile(
    r"(?:(?P<room>[#&+!][^\s,:\]]*):?[ \t]+)?"
    r"\[?(?:(?P<y>\d{4})[-./](?P<mo>\d\d?)[-./](?P<d>\d\d?)[T ,]+"
    rf"|(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*,?[ ])?(?P<mon>{_MONTH})\w*\.?[ ]+"
    r"(?P<md>\d\d?),?[ ]+(?:(?P<my>\d{4}),?[ ]+)?)?"
    r"[\[(]?(?P<h>\d\d?):(?P<mi>\d\d)(?::(?P<s>\d\d)(?:[.,]\d+)?)?(?:[ ]?(?P<half>[ap])m\b)?"
    r"(?:Z|[ ]?[+-]\d\d:?\d\d(?=\]))?[\])]?"
    r"(?P<body>[ \t].*|$)",
    re.IGNORECASE,
)
_LONG_DATE = re.compile(
    rf"(?P<mon>{_MONTH})\w*\.?\s+(?P<d>\d\d?),?\s+(?:(?P<h>\d\d?):(?P<mi>\d\d)(?::\d\d)?\s+)?(?:[A-Z]{{2,5}}\s+)?(?P<y>\d{{4}})"
    r"|(?P<iy>\d{4})-(?P<im>\d\d)-(?P<id>\d\d)"
    rf"|(?P<d2>\d\d?)\.?\s+(?P<mon2>{_MONTH})\w*\.?\s+(?P<y2>\d{{4}})",
    re.IGNORECASE,
)
_DAY_LINE = re.compile(
    r"\s*(?:---\s+(?:Log (?:opened|closed)|Day changed)|\*\*\*\*\s+(?:BEGIN|ENDING) LOGGING AT|"
    r"Session (?:Start|Time|Close):?|"
    r"\[\d\d:\d\d\]\s+---\s+(?:mon|tue|wed|thu|fri|sat|sun)|Session Ident:)",
    re.IGNORECASE,
)
_DOES = frozenset(
    (
        *("has", "have", "is", "sets", "sets:", "set", "left", "entered", "changes", "changed", "joined", "quit"),
        *("was", "kicked", "parted", "gives", "removes", "invited", "topic"),
    )
)
_TOLD_OF = re.compile(
    r"^\S+ (?:(?:\[[^\]]*\]|\([^)]*\))\s+)?(?:has (?:joined|left|quit|changed|kicked|set|been|parted)\b|"
    r"is now known as\b|"
    r"sets (?:mode|channel)|gives (?:channel|voice)|removes (?:channel|voice)|(?:joined|left) [#&]|was kicked|"
    r"changes topic|entered the room|left the room)",
)
_SIGNS = " @+%&~!."

Kind = Literal["text", "bot", "system"]


class Said(NamedTuple):
    """What one line tells."""

    kind: Kind
    nick: str
    """Empty where nobody in particular did it."""
    text: str
    action: bool = False


class DayLine(NamedTuple):
    """A line that a program writes about the log itself; the date is None where it names none."""

    date: tuple[int, int, int] | None


def day_line(line: str) -> DayLine | None:
    """What a line like ``--- Day changed Tue Nov 15 2005`` says."""
    if line[:1] not in "-*S[ \t" or _DAY_LINE.match(line) is None:
        return None
    return DayLine(date_in(line))


def date_in(text: str) -> tuple[int, int, int] | None:
    """The first written date: ``Nov 15 2005``, ``15 Nov 2005``, ``2005-11-15``."""
    match = _LONG_DATE.search(text)
    if match is None:
        return None
    if match["iy"]:
        return int(match["iy"]), int(match["im"]), int(match["id"])
    if match["y2"]:
        return int(match["y2"]), MONTHS[match["mon2"].lower()], int(match["d2"])
    return int(match["y"]), MONTHS[match["mon"].lower()], int(match["d"])


def said(body: str) -> Said:
    """Who says or does what, without the time before it."""
    body = body.lstrip(" \t")
    first = body[:1]
    if first == "<":
        if body[:4] == "<-- " or body[:4] == "<--\t":
            return _told(body[4:])
        end = body.find(">", 2)
        if end > 0:
            nick = body[1:end].strip(_SIGNS)
            text = body[end + 1 :]
            if nick:
                return Said("text", nick, text[1:] if text[:1] in (" ", "\t") else text)
        return Said("system", "", body)
    if "\t" in body and first not in "*=":
        nick, _, text = body.partition("\t")
        nick = nick.strip()
        if nick in ("-->", "--", "<--"):
            return _notice(text) or _told(text)
        if nick and " " not in nick:
            return Said("text", nick.lstrip(_SIGNS), text)
    if first == "*":
        return _starred(body)
    if body[:4] in ("-!- ", "=== ", "--- ", "--> ") or body[:3] == "-- ":
        return _told(body.partition(" ")[2])
    if first == "-" and (end := body.find("- ", 2)) > 0 and " " not in body[1:end]:
        nick = body[1:end].partition(":")[0].partition("(")[0]
        # A notice is what programs answer with.
        return Said("bot", nick, body[end + 2 :]) if nick else Said("system", "", body)
    if body.startswith("Action: "):
        nick, _, text = body[8:].partition(" ")
        return Said("text", nick, text, action=bool(text))
    return _told(body)


def _notice(text: str) -> Said | None:
    if not text.startswith("Notice("):
        return None
    nick, closed, rest = text[7:].partition("): ")
    return Said("bot", nick, rest) if closed else None


def _starred(body: str) -> Said:
    """``* nick waves``, and the programs that tell of joins in the same way."""
    if body.startswith("***"):
        return _told(body.lstrip("*").strip())
    text = body[1:].strip()
    if text.startswith(("Joins: ", "Parts: ", "Quits: ")) or _TOLD_OF.match(text):
        return _told(text)
    nick, _, what = text.replace("\t", " ", 1).partition(" ")
    what = what.strip()
    return Said("text", nick, what, action=True) if what else Said("system", nick, text or "*")


def _told(text: str) -> Said:
    """A join, a leave, a rename, a mode, a topic: who did it stands first, or last."""
    text = text.strip(" \t")
    start = text.split(" ", 3)
    if start[0] in ("Joins:", "Parts:", "Quits:") and len(start) > 1:
        return Said("system", start[1].strip(_SIGNS), text)
    if start[0].lower().startswith(("mode", "servermode")) and " by " in text:
        return Said("system", text.rpartition(" by ")[2].split(",")[0].split(" ")[0].strip(_SIGNS), text)
    if start[0] in ("Topic", "Irssi:", "Netsplit", "You", "Now", "Disconnected", "Connected"):
        return Said("system", "", text)
    if len(start) > 1 and (start[1] in _DOES or start[1][:1] in "[("):
        return Said("system", start[0].strip(_SIGNS), text)
    return Said("system", "", text or "-")
