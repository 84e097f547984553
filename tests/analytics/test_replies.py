from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given, settings
from talks import talk, talks

import collabchat.analytics as ca


def links(messages: pd.DataFrame, **options: Any) -> dict[str, tuple[str, str]]:
    found = ca.reply_links(messages, **options)
    return {row.message: (row.answers, row.how) for row in found.itertuples()}


def test_what_is_said_goes_before_what_is_guessed() -> None:
    messages = talk(
        ("x", "ana", 0, "Is the load done?"),
        ("x", "bo", 1, "something else"),
        ("x", "cy", 2, "it is", {"reply_to": "1"}),
        ("x", "dee", 3, "@bo what else?", {"mentions": ["bo"]}),
        ("x", "bo", 4, "nothing", {"thread": "1"}),
    )
    # 5 is in the thread of 1, where nobody but ana has spoken: cy's answer named the message, not the thread.
    assert links(messages) == {"3": ("1", "reply"), "4": ("2", "mention"), "5": ("1", "thread")}


def test_in_a_thread_one_answers_who_spoke_last() -> None:
    messages = talk(
        ("x", "ana", 0, "Is the load done?", {"thread": "1"}),
        ("x", "bo", 1, "no", {"thread": "1", "reply_to": "1"}),
        ("x", "ana", 2, "why", {"thread": "1", "reply_to": "1"}),
        ("x", "ana", 3, "and when", {"thread": "1", "reply_to": "1"}),
        ("x", "cy", 4, "at noon", {"thread": "1", "reply_to": "1"}),
        ("x", "bo", 5, "see above", {"thread": "1", "reply_to": "2"}),
    )
    assert {message: answered for message, (answered, _) in links(messages).items()} == {
        **{"2": "1", "3": "2", "4": "2", "5": "4"},
        "6": "2",
    }


def test_an_old_message_is_not_what_a_mention_answers() -> None:
    messages = talk(("x", "bo", 0, "a"), ("x", "ana", 60 * 25, "@bo", {"mentions": ["bo"]}))
    assert links(messages, guesses=False) == {}
    assert links(messages, guesses=False, within="2D") == {"2": ("1", "mention")}


def test_talk_without_any_sign_but_words_is_guessed() -> None:
    messages = talk(
        ("irc", "ana", 0, "how do I mount a usb stick?"),
        ("irc", "bo", 0.5, "has anybody seen the new kernel?"),
        ("irc", "cy", 1, "ana: plug it in, it is mounted by itself"),
        ("irc", "dee", 1.5, "bo, yes, the kernel works here"),
        ("irc", "ana", 2, "cy: thanks"),
    )
    assert links(messages) == {"3": ("1", "guess"), "4": ("2", "guess"), "5": ("3", "guess")}
    assert links(messages, guesses=False) == {}
    assert links(messages, sure=1.0) == {}


@settings(max_examples=25)
@given(talks())
def test_an_answer_comes_after_what_it_answers_in_its_room(messages: pd.DataFrame) -> None:
    found = ca.reply_links(messages)
    assert found["message"].is_unique
    assert found["sure"].between(0, 1).all()
    assert (found["seconds"] >= 0).all()
    rows = messages.set_index("id")
    assert (rows.loc[found["message"], "room"].to_numpy() == rows.loc[found["answers"], "room"].to_numpy()).all()
    assert (rows.loc[found["answers"], "author"].to_numpy() == found["to"].to_numpy()).all()
    assert found["message"].isin(messages.loc[(messages["kind"] == "text") & ~messages["deleted"], "id"]).all()


@settings(max_examples=15)
@given(talks())
def test_other_rooms_and_names_change_nothing(messages: pd.DataFrame) -> None:
    def both(frame: pd.DataFrame) -> set[tuple[str, str]]:
        found = ca.reply_links(frame, guesses=False)
        return set(zip(found["message"], found["answers"], strict=True))

    apart = set().union(*(both(part) for _, part in messages.groupby("room"))) if len(messages) else set()
    assert both(messages) == apart
    assert both(messages.sample(frac=1, random_state=1)) == apart
    assert both(messages.assign(author=("p-" + messages["author"]).astype("string"))) == apart


def test_a_frame_without_ids_rooms_or_threads() -> None:
    bare = talk(("x", "ana", 0, "Who is there?"), ("x", "bo", 1, "ana: me"))[["author", "time", "text"]]
    found = ca.reply_links(bare)
    assert found[["message", "answers"]].to_numpy().tolist() == [["1", "0"]]
    assert ca.reply_links(bare[["author", "time"]]).empty
