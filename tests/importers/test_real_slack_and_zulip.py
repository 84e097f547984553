"""The counts of the real data's README, which were taken from the raw files."""

from __future__ import annotations

import re
from collections import Counter

from collabchat.importers.readers import slack, zulip_archive
from tests.helpers.real_talk import folder

from .reading import read


def test_slack() -> None:
    found = read(slack, folder() / "houston-slack" / "export")
    assert (len(found.rooms), len(found.people), len(found.talks), len(found.broken)) == (16, 71, 1_382, 0)
    assert Counter(one.kind for one in found.talks) == {"text": 1_031, "system": 351}
    assert sum(bool(one.files) for one in found.talks) == 67
    assert all(one.thread is None for one in found.talks)
    assert not [one for one in found.talks if re.search(r"<[@#!]|&(?:amp|lt|gt);", one.text)]


def test_zulip() -> None:
    found = read(zulip_archive, folder() / "ncar-zulip" / "zulip_json")
    assert (len(found.rooms), len(found.people), len(found.talks), len(found.broken)) == (32, 171, 6_707, 0)
    assert {one.author for one in found.talks} == set(found.people)
    last: dict[str, int] = {}
    for one in found.talks:
        assert last.get(one.room, 0) <= one.time
        last[one.room] = one.time
        assert "<p>" not in one.text
    assert sum(one.reply_to is not None for one in found.talks) == 126
