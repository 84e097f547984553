from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from talks import START, talk, talks

import collabchat.analytics as ca

DAY = 1440


@pytest.fixture
def team() -> pd.DataFrame:
    """March: ana and bo; bo goes quiet. April: cy comes and is answered, dee comes and is not."""
    rows = [("x", "ana", day * DAY, "load") for day in range(0, 60, 2)]
    rows += [("x", "bo", day * DAY + 5, "ok") for day in range(0, 12, 2)]
    rows += [("x", "cy", 40 * DAY + 1, "may I ask?"), ("x", "ana", 40 * DAY + 9, "yes", {"reply_to": "37"})]
    rows += [("y", "dee", 50 * DAY, "hello?"), ("x", "cy", 55 * DAY, "thanks")]
    return talk(*rows)


def test_newcomers(team: pd.DataFrame) -> None:
    found = ca.newcomers(team, since=START + pd.Timedelta(days=1), links=ca.reply_links(team, guesses=False))
    assert found["author"].tolist() == ["cy", "dee"]
    assert found["messages"].tolist() == [2, 1]
    assert found["days"].tolist() == [2, 1]
    assert found["answered"].tolist() == [True, False]
    assert found.explain(0)["text"].tolist() == ["may I ask?", "thanks"]
    monthly = ca.newcomers(team, freq="M")
    assert monthly["newcomers"].tolist() == [2, 2]
    assert monthly["people"].tolist() == [2, 3]
    assert monthly["share"].tolist() == pytest.approx([1, 2 / 3])
    assert ca.newcomers(team, by="room")["author"].tolist() == ["ana", "bo", "cy", "dee"]


def test_gone_quiet(team: pd.DataFrame) -> None:
    found = ca.gone_quiet(team)
    assert found["author"].tolist() == ["bo"]
    assert found["messages"].tolist() == [6]
    assert found["longest_pause_days"].tolist() == [2.0]
    assert set(found.explain(0)["author"]) == {"bo"}
    assert ca.gone_quiet(team, days=7).empty
    assert ca.gone_quiet(team, quiet="60D").empty
    assert ca.gone_quiet(team, until=START + pd.Timedelta(days=20)).empty
    assert ca.gone_quiet(team, freq="M")["went_quiet"].tolist() == [1, 0]
    for wrong in ({"quiet": "-1D"}, {"days": 0}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            ca.gone_quiet(team, **wrong)


def test_retention(team: pd.DataFrame) -> None:
    found = ca.retention(team)
    assert found["cohort"].dt.strftime("%m").tolist() == ["03", "03", "04"]
    assert found["age"].tolist() == [0, 1, 0]
    assert found["arrived"].tolist() == [2, 2, 2]
    assert found["people"].tolist() == [2, 1, 2]
    assert found["share"].tolist() == [1.0, 0.5, 1.0]
    assert found["complete"].tolist() == [True, False, False]
    assert set(found.explain(2)["author"]) == {"cy", "dee"}


@settings(max_examples=15)
@given(talks())
def test_rules_of_arrivals(messages: pd.DataFrame) -> None:
    people = messages[(messages["kind"] == "text") & ~messages["deleted"]]
    found = ca.newcomers(messages)
    first = people.groupby("author")["time"].min()
    assert dict(zip(found["author"], found["time"], strict=True)) == first.to_dict()
    monthly = ca.newcomers(messages, freq="W")
    assert monthly["newcomers"].sum() == len(first)
    cohorts = ca.retention(messages, freq="W")
    weeks = people.assign(week=people["time"].dt.tz_localize(None).dt.to_period("W").dt.start_time)
    assert cohorts["people"].sum() == len(weeks.drop_duplicates(["author", "week"]))
    assert (cohorts["people"] <= cohorts["arrived"]).all()
    assert (cohorts.loc[cohorts["age"] == 0, "share"] == 1).all()
    messages = messages.assign(seq=range(len(messages)))  # the order of those of one moment
    mixed = messages.sample(frac=1, random_state=1)
    for figure in (ca.newcomers, ca.gone_quiet, ca.retention):
        pd.testing.assert_frame_equal(pd.DataFrame(figure(mixed)), pd.DataFrame(figure(messages)))


def test_nothing_and_one_message() -> None:
    for figure in (ca.newcomers, ca.gone_quiet, ca.retention):
        empty = figure(talk())
        assert empty.empty
        assert list(figure(talk(("x", "ana", 0, "hi"))).columns) == list(empty.columns)
