"""How often the guesses are right, over the annotated IRC logs: better than the two obvious rules."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from collabchat.analytics.guessing import Talk, guess
from collabchat.analytics.talk import said

FOLDER = Path(os.environ.get("COLLABCHAT_REALDATA", "../shared/data")) / "irc-disentanglement"
LINE = re.compile(r"^\[(\d\d):(\d\d)\] (?:<([^>]+)>|\* (\S+)) ?(.*)$")
Links = dict[tuple[str, int], set[int]]


def logs(part: str) -> Iterator[tuple[str, pd.DataFrame, dict[int, set[int]]]]:
    """Each log with its lines of people (``seq`` is the number of the line), and what each answers."""
    for raw in sorted((FOLDER / part).glob("*.raw.txt")):
        rows, minutes = [], 0
        for number, line in enumerate(raw.read_text(encoding="utf-8", errors="replace").split("\n")):
            if match := LINE.match(line):
                at = int(match[1]) * 60 + int(match[2])
                # The clock has twelve hours in some of them; it never goes back.
                while at < minutes - 60:
                    at += 12 * 60
                minutes = max(minutes, at)
                rows.append((number, match[3] or match[4], pd.Timestamp(minutes * 60, unit="s", tz="UTC"), match[5]))
        answers: dict[int, set[int]] = {}
        for pair in raw.with_name(raw.name.replace(".raw.", ".annotation.")).read_text().splitlines():
            one, other = map(int, pair.split()[:2])
            answers.setdefault(max(one, other), set()).add(min(one, other))
        yield raw.name, pd.DataFrame(rows, columns=["seq", "author", "time", "text"]), answers


def score(found: Links, expected: Links) -> float:
    """F1 over links; a message that answers nothing is linked to itself, as in the annotation."""
    right = sum(len(found[key] & expected[key]) for key in expected)
    precision = right / sum(map(len, found.values()))
    recall = right / sum(map(len, expected.values()))
    return 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize(("part", "least"), [("test", 0.64), ("channel-two", 0.70)])
def test_better_than_the_line_before_and_the_one_who_is_named(part: str, least: float) -> None:
    if not FOLDER.is_dir():
        pytest.skip(f"the annotated logs are not in {FOLDER}: set COLLABCHAT_REALDATA")
    expected: Links = {}
    guessed, before, named = dict(expected), dict(expected), dict(expected)
    for name, frame, answers in logs(part):
        talk = Talk(said(frame))
        best, _ = guess(talk)
        lines = frame["seq"].tolist()
        place = {line: at for at, line in enumerate(lines)}
        for line, wanted in answers.items():
            key = name, line
            expected[key] = wanted
            guessed[key] = before[key] = named[key] = {line}  # lines of the channel itself
            if line in place:
                at = place[line]
                last = {lines[at - 1]} if at else {line}
                to = talk.addressee[at]
                theirs = next((lines[j] for j in range(at - 1, -1, -1) if to >= 0 and talk.author[j] == to), None)
                guessed[key] = {lines[best[at]]} if best[at] >= 0 else {line}
                before[key], named[key] = last, last if theirs is None else {theirs}
    f1 = score(guessed, expected)
    assert f1 > least
    assert f1 > score(named, expected) + 0.05
    assert f1 > score(before, expected) + 0.05
