from __future__ import annotations

import math
from datetime import date

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from talks import START, talk, talks

import collabchat.analytics as ca

times = st.lists(st.integers(0, 10**6), min_size=2, max_size=40)


def test_published_values() -> None:
    """Goh and Barabási: even events are -1; the example of two bursts by hand."""
    assert ca.burstiness([0, 10, 20, 30, 40]) == -1
    assert ca.burstiness([0, 1, 2, 3, 100, 101, 102, 103]) == pytest.approx(0.3908, abs=5e-5)
    assert ca.burstiness([0, 10, 20, 30, 40], corrected=True) == -1


@given(times)
def test_burstiness_and_memory_by_their_formulas(values: list[int]) -> None:
    gaps = np.diff(sorted(values))
    n, mean, deviation = len(values), gaps.mean(), gaps.std()
    if mean:
        r = deviation / mean
        assert ca.burstiness(values) == pytest.approx((r - 1) / (r + 1))
        above, below = math.sqrt(n + 1), math.sqrt(n - 1)
        kim = (above * r - below) / ((above - 2) * r + below)
        assert ca.burstiness(values, corrected=True) == pytest.approx(kim)
    found = ca.memory(values)
    if len(gaps) > 2 and gaps[:-1].std() and gaps[1:].std():
        assert found == pytest.approx(np.corrcoef(gaps[:-1], gaps[1:])[0, 1], abs=1e-9)
    else:
        assert math.isnan(found)


@given(st.integers(2, 12))
def test_the_correction_reaches_one_for_the_greatest_burst_of_few_events(n: int) -> None:
    """All events but one at once: Kim and Jo's measure is 1 there, the other one is not."""
    values = [0] * (n + 1) + [100]
    gaps = np.diff(values)
    r = gaps.std() / gaps.mean()
    assert r == pytest.approx(math.sqrt(len(gaps) - 1))
    assert ca.burstiness(values, corrected=True) <= 1 + 1e-9
    assert ca.burstiness(values) < ca.burstiness(values, corrected=True)


@settings(max_examples=12)
@given(talks())
def test_activity_has_each_message_once(messages: pd.DataFrame) -> None:
    counted = messages[(messages["kind"] == "text") & ~messages["deleted"]]
    found = ca.activity(messages, tz="Asia/Kathmandu")
    assert found["messages"].sum() == len(counted)
    local = counted["time"].dt.tz_convert("Asia/Kathmandu")
    expected = local.groupby([local.dt.day_of_week, local.dt.hour]).size()
    assert dict(zip(zip(found["weekday"], found["hour"], strict=True), found["messages"], strict=True)) == dict(
        expected
    )
    for row in range(len(found)):
        assert len(found.explain(row)) == found["messages"].iloc[row]


@settings(max_examples=12)
@given(talks())
def test_a_shifted_clock_shifts_the_hours_alone(messages: pd.DataFrame) -> None:
    later = messages.assign(time=messages["time"] + pd.Timedelta(hours=5))
    here = ca.activity(messages, tz="Etc/GMT-5")[["weekday", "hour", "messages"]]
    assert pd.DataFrame(here).equals(pd.DataFrame(ca.activity(later)[["weekday", "hour", "messages"]]))


def test_each_author_has_a_zone() -> None:
    messages = talk(("x", "ana", 0, "a"), ("x", "bo", 0, "b"), ("x", "cy", 0, "c"))
    zones = pd.Series({"ana": "Europe/Madrid", "bo": "America/New_York"})
    assert ca.activity(messages, tz=zones)["hour"].tolist() == [4, 9, 10]


def test_working_hours() -> None:
    monday = [(0, False), (9 * 60 - 1, False), (9 * 60, True), (13 * 60 + 30, True), (-1, False)]
    messages = talk(*(("x", "ana", minutes, "a") for minutes, _ in monday))
    found = ca.after_hours(messages, tz="UTC", start=18, end=23)
    assert found["outside"].iloc[0] == sum(not inside for _, inside in monday)
    assert found["messages"].iloc[0] == 5
    free = ca.after_hours(messages, start=0, end=24, holidays={date(2026, 3, 2)})
    assert free["free_day"].iloc[0] == 5
    assert free["share"].iloc[0] == 1
    # A shift over midnight belongs to the day on which it began: Friday's goes on into Saturday.
    friday = START + pd.Timedelta(days=4)
    saturday = talk(("x", "ana", (friday - START).total_seconds() / 60 + 16 * 60, "at one o'clock"))
    assert ca.after_hours(saturday, start=22, end=6)["outside"].iloc[0] == 0
    with pytest.raises(ValueError, match="0 to 24"):
        ca.after_hours(messages, start=25)


@settings(max_examples=12)
@given(talks(), st.integers(1, 500))
def test_sessions_are_what_a_slow_loop_finds(messages: pd.DataFrame, minutes: int) -> None:
    gap = pd.Timedelta(minutes=minutes)
    counted = messages[(messages["kind"] == "text") & ~messages["deleted"]]
    expected = []
    for room, part in counted.groupby("room"):
        last = None
        for at in part["time"].sort_values():
            if last is None or at - last > gap:
                expected.append([room, at, at, 0])
            expected[-1][2:] = [at, expected[-1][3] + 1]
            last = at
    found = ca.sessions(messages, gap=gap)
    rows = [tuple(row) for row in found[["room", "start", "end", "messages"]].itertuples(index=False)]
    assert sorted(rows) == sorted(map(tuple, expected))
    assert found["start"].is_monotonic_increasing


def test_a_fire_stands_out_and_a_busy_room_does_not() -> None:
    usual = [("x", "ana" if n % 2 else "bo", n * 60, "as ever") for n in range(24 * 30)]
    busy = [("y", "ana" if n % 2 else "bo", n, "always so") for n in range(24 * 60 * 10)]
    fire = [("x", "cy" if n % 2 else "bo", 24 * 60 * 20 + n / 4, "it burns") for n in range(100)]
    alone = [("x", "dee", 24 * 60 * 25 + n / 4, "a list") for n in range(100)]
    found = ca.incidents(talk(*sorted([*usual, *busy, *fire, *alone], key=lambda row: row[2])))
    assert found["room"].tolist() == ["x"]
    assert found["people"].iloc[0] == 2
    assert 100 <= found["messages"].iloc[0] <= 103
    assert {"it burns"} <= set(found.explain(0)["text"]) <= {"it burns", "as ever"}


@pytest.mark.parametrize("messages", [talk(), talk(("x", "ana", 0, "a"))], ids=["none", "one"])
def test_nothing_and_one_message(messages: pd.DataFrame) -> None:
    n = len(messages)
    assert len(ca.activity(messages, by="room", freq="D")) == n
    assert ca.after_hours(messages)["messages"].tolist() == [n]
    assert math.isnan(ca.burstiness(messages))
    assert math.isnan(ca.memory(messages))
    assert len(ca.burstiness(messages, by="room")) == n
    assert len(ca.sessions(messages)) == n
    assert len(ca.incidents(messages)) == 0
