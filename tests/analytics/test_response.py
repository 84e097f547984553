from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from talks import START, talk, talks

import collabchat.analytics as ca
from collabchat.analytics.survival import survival_of

QUESTIONS = [
    ("Is the load done?", True),
    ("is the load done", True),
    ("Does anybody know where the keys are", True),
    ("please look at it", True),
    ("It is done.", False),
    ("see https://example.org/?q=1", False),
    ("`a ? b : c`", False),
    ("```\nwhat? \n```", False),
    ("> What did you say?\nNothing.", False),
    ("I know what you mean", False),
    ("", False),
]


@pytest.mark.parametrize(("text", "asks"), QUESTIONS)
def test_what_is_a_question(text: str, asks: bool) -> None:
    assert ca.is_question(pd.Series([text, None])).tolist() == [asks, False]


@pytest.fixture
def morning() -> pd.DataFrame:
    return talk(
        ("x", "ana", 0, "Is the load done?"),
        ("x", "ana", 1, "anybody?", {"reply_to": "1"}),
        ("x", "bo", 4, "yes", {"reply_to": "1"}),
        ("x", "cy", 10, "Who looks at the disk?", {"mentions": ["bo"]}),
        ("y", "bo", 20, "What about lunch?"),
        ("y", "dee", 30, "at one", {"reply_to": "5"}),
    )


def test_the_first_answer_of_somebody_else(morning: pd.DataFrame) -> None:
    found = ca.responses(morning, until=START + pd.Timedelta(hours=1)).set_index("message")
    assert found["answer"].dropna().to_dict() == {"1": "3", "5": "6"}
    assert found["seconds"].to_dict() == {"1": 240, "2": 59 * 60, "4": 50 * 60, "5": 600}


def test_an_answer_after_the_end_does_not_count(morning: pd.DataFrame) -> None:
    found = ca.responses(morning, until=START + pd.Timedelta(minutes=25)).set_index("message")
    assert found["answered"].to_dict() == {"1": True, "2": False, "4": False, "5": False}
    assert found.loc["5", "seconds"] == 300


def test_what_waits_for_an_answer(morning: pd.DataFrame) -> None:
    found = ca.open_questions(morning, at_least="20min")
    assert found["text"].tolist() == ["anybody?", "Who looks at the disk?"]
    assert [list(asked) for asked in found["asked"]] == [[], ["bo"]]
    assert found.explain(1)["text"].tolist() == ["Who looks at the disk?"]


def test_times_with_what_is_unanswered(morning: pd.DataFrame) -> None:
    found = ca.response_times(morning, by="room")
    assert found["messages"].tolist() == [3, 1]
    assert found["unanswered"].tolist() == [2, 0]
    assert found["median"].iloc[1] == 600
    assert math.isnan(found["median"].iloc[0])
    assert set(found.explain(1)["text"]) == {"What about lunch?"}
    first = ca.time_to_first_response(morning)
    assert (first["messages"].iloc[0], first["answered"].iloc[0]) == (2, 2)


def test_who_answers_whom(morning: pd.DataFrame) -> None:
    found = ca.response_matrix(morning)
    assert found.loc["bo", "ana"] == 1
    assert found.loc["dee", "bo"] == 1
    assert found.to_numpy().trace() == 0
    assert ca.response_matrix(morning, median=True).loc["bo", "ana"] == 240


@settings(max_examples=20)
@given(talks())
def test_each_question_is_answered_or_open(messages: pd.DataFrame) -> None:
    each = ca.responses(messages)
    counted = messages[(messages["kind"] == "text") & ~messages["deleted"]]
    assert len(each) == ca.is_question(counted["text"]).sum()
    assert set(each.loc[~each["answered"], "message"]) == set(ca.open_questions(messages)["message"])
    assert (each["author"] != each["answered_by"].fillna("")).all()
    times = ca.response_times(messages)
    assert times["answered"].iloc[0] + times["unanswered"].iloc[0] == times["messages"].iloc[0] == len(each)
    if len(each) and each["answered"].all():
        # Where nothing waits, the estimate is the plain one.
        assert times["median"].iloc[0] == np.quantile(each["seconds"], 0.5, method="inverted_cdf")


def test_the_curve_is_that_of_the_textbook() -> None:
    """Kaplan and Meier's product over the times at which something happened, by hand."""
    seconds = pd.Series([6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35], dtype=float)
    happened = pd.Series([True] * 9 + [False] * 12)
    curve = survival_of(seconds, happened).curve.set_index("seconds")["waiting"]
    # Remission times of Freireich and others (1963), as tabulated in every text on the subject.
    for at, waiting in {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}.items():
        assert curve[at] == pytest.approx(waiting, abs=5e-5)
    assert survival_of(seconds, happened).quantiles([0.5]) == [23]


@pytest.mark.parametrize("messages", [talk(), talk(("x", "ana", 0, "a"))], ids=["none", "one"])
def test_nothing_and_one_message(messages: pd.DataFrame) -> None:
    assert ca.responses(messages).empty
    assert ca.open_questions(messages).empty
    assert ca.response_times(messages)["messages"].tolist() == [0]
    assert ca.response_matrix(messages).empty
    with pytest.raises(ValueError, match="'questions', 'threads'"):
        ca.responses(messages, of="all")  # type: ignore[arg-type]
