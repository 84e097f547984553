"""The counts of the real data's README, which were taken from the raw files."""

from __future__ import annotations

from collections import Counter

from collabchat.importers.format import Options
from collabchat.importers.readers import gitter, irc
from collabchat.importers.records import Talk
from collabchat.importers.source import Source
from tests.helpers.real_talk import folder


def test_gitter() -> None:
    source = Source(folder() / "freecodecamp-gitter" / "archives")
    assert gitter.matches(source)
    found = Counter(type(one).__name__ for one in gitter.read(source, Options()))
    assert found == {"Room": 133, "Person": 3_391, "Talk": 99_895}


def test_irc() -> None:
    source = Source(folder() / "irc-disentanglement")
    assert irc.matches(source)
    kinds: Counter[str] = Counter()
    keys: set[tuple[str, str]] = set()
    answers = 0
    for one in irc.read(source, Options(date="2010-01-01")):  # the second channel's logs name no day
        if isinstance(one, Talk):
            kinds[one.kind] += 1
            keys.add((one.room, one.key))
            answers += one.reply_to is not None
    assert kinds.total() == len(keys) == 254_564
    assert kinds["text"] > 220_000
    marked = sum(len(irc.links_of(path)) for path in source.files("**/*.annotation.txt"))
    assert marked == 83_811
    assert 60_000 < answers < marked  # those that begin a conversation answer nothing
