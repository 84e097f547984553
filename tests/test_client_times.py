"""Times that people give: every way of saying one moment means the same microsecond, and the past is refused."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabchat import errors
from collabchat.client.records import as_time
from collabchat.client.times import any_moment, moment

NOW = 1_800_000_000_000_000
MICRO = timedelta(microseconds=1)
FAR = 2_000_000_000_000_000

micros = st.integers(NOW + 1, NOW + FAR)
zones = st.one_of(
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
    st.timezones(),
)


@pytest.fixture
def madrid() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Madrid"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@given(at=micros, zone=zones)
def test_a_moment_is_the_same_in_every_zone_and_library(at: int, zone: Any) -> None:
    aware = as_time(at).astimezone(zone)
    assert moment(aware, "at", now=NOW) == at
    assert moment(pd.Timestamp(as_time(at)), "at", now=NOW) == at
    assert moment(as_time(at) - as_time(NOW), "at", now=NOW) == at
    assert moment(pd.Timedelta(at - NOW, "us"), "at", now=NOW) == at
    assert moment(np.timedelta64(at - NOW, "us"), "at", now=NOW) == at
    assert any_moment(aware, "at") == at


@given(at=micros)
def test_without_a_zone_it_is_this_computers_time(at: int) -> None:
    naive = as_time(at).astimezone().replace(tzinfo=None)
    said = moment(naive, "at", now=NOW)
    # In the hour that comes twice, the first one is meant unless `fold` says else.
    assert said == at or naive.fold == 0
    assert as_time(said).astimezone().replace(tzinfo=None, fold=0) == naive.replace(fold=0)
    assert moment(pd.Timestamp(naive), "at", now=NOW) == said
    assert moment(np.datetime64(naive, "us"), "at", now=NOW) == said


@given(at=st.integers(0, NOW), zone=zones)
def test_what_has_passed_is_refused(at: int, zone: Any) -> None:
    for value in (as_time(at).astimezone(zone), as_time(at) - as_time(NOW), pd.Timestamp(as_time(at))):
        with pytest.raises(errors.Invalid, match="at"):
            moment(value, "at", now=NOW)


def test_summer_and_winter(madrid: None) -> None:
    assert moment(datetime(2030, 7, 1, 9, 0), "at", now=NOW) == moment(
        datetime(2030, 7, 1, 7, tzinfo=UTC), "at", now=NOW
    )
    assert moment(datetime(2030, 1, 1, 9, 0), "at", now=NOW) == moment(
        datetime(2030, 1, 1, 8, tzinfo=UTC), "at", now=NOW
    )
    # The hour that there is not, and the one that there is twice.
    assert moment(datetime(2030, 3, 31, 2, 30), "at", now=NOW) > NOW
    first, second = (moment(datetime(2030, 10, 27, 2, 30, fold=fold), "at", now=NOW) for fold in (0, 1))
    assert second - first == 3_600_000_000
    assert any_moment(date(2030, 7, 1), "at") == any_moment(datetime(2030, 6, 30, 22, tzinfo=UTC), "at")


def test_nanoseconds_are_cut_off() -> None:
    assert moment(pd.Timestamp(NOW * 1000 + 1_999, tz="UTC"), "at", now=NOW) == NOW + 1
    assert moment(np.timedelta64(1_999, "ns"), "at", now=NOW) == NOW + 1


def test_a_time_ago() -> None:
    before = time.time_ns() // 1000
    ago = any_moment(timedelta(hours=1), "at")
    assert before - 3_600_000_000 <= ago <= time.time_ns() // 1000 - 3_600_000_000


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("2030-01-01", "fromisoformat"),
        (3600, "timedelta"),
        (1.5, "timedelta"),
        (True, "at is a datetime"),
        (None, "at is a datetime"),
        (date(2030, 1, 1), "a day alone has no time"),
        (pd.NaT, "at is a datetime"),
        (np.datetime64("NaT"), "at is a datetime"),
        (timedelta(0), "counts from now"),
        (timedelta(seconds=-1), "counts from now"),
        (datetime(2001, 1, 1), "has passed .*without a zone"),
        (datetime(2001, 1, 1, tzinfo=UTC), r"2001-01-01 00:00:00\+00:00 has passed\."),
    ],
)
def test_what_is_no_time_to_come(value: Any, says: str) -> None:
    with pytest.raises(errors.Invalid, match=says):
        moment(value, "at", now=NOW)


@pytest.mark.parametrize(
    "value", [datetime.min, timedelta.max, datetime.max.replace(tzinfo=timezone(timedelta(hours=-14)))]
)
def test_the_ends_of_time(madrid: None, value: Any) -> None:
    with pytest.raises(errors.Invalid, match="too far away"):
        moment(value, "at", now=NOW)
