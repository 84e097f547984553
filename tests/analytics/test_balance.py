from __future__ import annotations

import math

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from talks import talk, talks

import collabchat.analytics as ca

PUBLISHED = (1000, 202, 90, 33, 332, 343, 42, 433)
counts = st.lists(st.integers(0, 10_000), min_size=1, max_size=30).filter(any)


def test_published_values() -> None:
    """The worked example of CHAOSS' Contributor Absence Factor, and its Gini by an independent table."""
    assert ca.absence_factor(PUBLISHED) == 2
    assert ca.gini(PUBLISHED) == pytest.approx(0.4855, abs=5e-5)
    assert ca.gini((0, 0, 0, 10)) == 0.75
    assert ca.gini((3, 3, 3)) == pytest.approx(0)
    assert ca.entropy((1, 1, 1, 1)) == 2
    assert ca.entropy((1, 1, 1, 1), normalised=True) == 1
    assert math.isnan(ca.gini(()))
    assert math.isnan(ca.entropy((0, 0)))
    assert ca.absence_factor(()) == 0


@given(counts)
def test_gini_is_half_of_the_relative_mean_difference(values: list[int]) -> None:
    pairs = sum(abs(a - b) for a in values for b in values)
    assert ca.gini(values) == pytest.approx(pairs / (2 * len(values) ** 2 * (sum(values) / len(values))), abs=1e-9)


@given(counts, st.floats(0.05, 0.95))
def test_the_absence_factor_is_the_smallest_number_that_is_enough(values: list[int], share: float) -> None:
    factor, ordered = ca.absence_factor(values, share=share), sorted(values, reverse=True)
    assert sum(ordered[:factor]) >= share * sum(values) - 1e-6
    assert sum(ordered[: factor - 1]) < share * sum(values) + 1e-6


@given(counts)
def test_entropy_agrees_with_scipy(values: list[int]) -> None:
    stats = pytest.importorskip("scipy.stats")
    assert ca.entropy(values) == pytest.approx(stats.entropy(values, base=2), abs=1e-9)


@settings(max_examples=12)
@given(talks())
def test_participation_counts_each_message_of_people_once(messages: pd.DataFrame) -> None:
    counted = messages[(messages["kind"] == "text") & ~messages["deleted"]]
    for by in (None, "room"):
        found = ca.participation(messages, by=by)
        assert found["messages"].sum() == len(counted)
        assert found["words"].sum() == sum(len(text.split()) for text in counted["text"])
        if len(found):
            shares = found.groupby(by)["share"].sum() if by else found["share"].sum()
            assert np.allclose(shares, 1)
        for row in range(len(found)):
            assert len(found.explain(row)) == found["messages"].iloc[row]
            assert set(found.explain(row)["author"]) == {found["author"].iloc[row]}


@settings(max_examples=12)
@given(talks(), st.randoms(use_true_random=False))
def test_order_names_and_zones_do_not_matter(messages: pd.DataFrame, random: object) -> None:
    shuffled = messages.sample(frac=1, random_state=7)
    renamed = messages.assign(author=("p-" + messages["author"]).astype("string"))
    moved = messages.assign(time=messages["time"].dt.tz_convert("Asia/Tokyo"))
    figures = [
        [ca.gini(one), ca.entropy(one), ca.absence_factor(one), *ca.participation(one)["messages"].sort_values()]
        for one in (messages, shuffled, renamed, moved)
    ]
    for other in figures[1:]:
        assert np.allclose(np.array(figures[0], float), np.array(other, float), equal_nan=True)


@settings(max_examples=12)
@given(talks())
def test_rooms_apart_are_as_each_alone(messages: pd.DataFrame) -> None:
    together = ca.gini(messages, by="room")
    for room, value in zip(together["room"], together["gini"], strict=True):
        assert value == pytest.approx(ca.gini(messages[messages["room"] == room]))


def test_those_who_say_nothing_count_where_they_are_named() -> None:
    messages = talk(("x", "ana", 0, "a"), ("x", "bo", 1, "b"))
    assert ca.gini(messages) == 0
    assert ca.gini(messages, members=["ana", "bo", "cy", "dee"]) == 0.5


def test_turns() -> None:
    messages = talk(
        ("x", "ana", 0, "a"), ("x", "ana", 1, "b"), ("y", "bo", 2, "c"), ("x", "bo", 3, "d"), ("x", "ana", 4, "e")
    )
    found = ca.turn_taking(messages)
    assert found["room"].tolist() == ["x", "y"]
    assert found["messages"].tolist() == [4, 1]
    assert found["turns"].tolist() == [3, 1]
    assert found["alternation"].iloc[0] == pytest.approx(2 / 3)
    assert math.isnan(found["alternation"].iloc[1])


def test_what_is_no_talk_is_refused() -> None:
    with pytest.raises(TypeError, match="DataFrame of messages"):
        ca.participation([1, 2])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'time'"):
        ca.participation(pd.DataFrame({"author": ["ana"]}))
    with pytest.raises(ValueError, match="the column 'team'"):
        ca.participation(talk(("x", "ana", 0, "a")), by="team")
    with pytest.raises(ValueError, match="freq is a period"):
        ca.participation(talk(("x", "ana", 0, "a")), freq="fortnight")
    with pytest.raises(ValueError, match="from 0 on"):
        ca.gini([1, -1])
    with pytest.raises(IndexError, match="There are 1 rows"):
        ca.participation(talk(("x", "ana", 0, "a"))).explain(3)


@pytest.mark.parametrize("messages", [talk(), talk(("x", "ana", 0, "a"))], ids=["none", "one"])
def test_nothing_and_one_message(messages: pd.DataFrame) -> None:
    n = len(messages)
    assert len(ca.participation(messages, by="room", freq="W")) == n
    assert ca.turn_taking(messages, by=None)["messages"].tolist() == [n]
    assert len(ca.gini(messages, by="room")) == n
    assert ca.absence_factor(messages) == n
