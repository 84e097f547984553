"""The language: any text is a query, and what is printed is read again as the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabchat.store.search.dates import span
from collabchat.store.search.fold import aligned, fold, spaced_tokens
from collabchat.store.search.query import And, Filter, Not, Or, Term, parse, printed

_PIECES = (
    "or OR - ( ) \" “ ” „ « » from: in: has: has:file is: is:x a voice b* * ** :: c++ before: 2026 ' ' () :) (: --x "
    "-> x\"y f(x) -( é 会議 '' from:\"a from:(b to:me -from:me //: in:/ \u0301 \u0307 \n"
)
PIECES = st.sampled_from([*_PIECES.split(" "), " ", "or or"])
JOINED = st.lists(PIECES, max_size=14)
QUERIES = st.one_of(st.text(max_size=50), JOINED.map("".join), JOINED.map(" ".join))


@given(QUERIES)
def test_any_text_is_a_query_and_is_printed_as_one_that_is_the_same(text: str) -> None:
    query = parse(text)
    again = parse(str(query))
    assert again.node == query.node
    assert str(again) == str(query)
    assert again.problems == ()


@given(st.text(max_size=60))
def test_what_is_folded_stays_as_it_is_and_its_pieces_are_all_of_it(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert "".join(spaced_tokens(folded)) == folded


@given(st.text(alphabet=st.characters(max_codepoint=0x2FFF), max_size=60))
def test_each_folded_letter_knows_where_it_comes_from(text: str) -> None:
    folded, origin = aligned(text)
    assert len(origin) == len(folded) + 1
    assert origin == sorted(origin)
    assert all(0 <= place <= len(text) for place in origin)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("late invoice", And((Term("late"), Term("invoice")))),
        ('"late  invoice"', Term("late invoice", "phrase")),
        ('"not closed', Term("not closed", "phrase")),
        ("“curly quotes”", Term("curly quotes", "phrase")),
        ("-draft load", And((Not(Term("draft")), Term("load")))),
        ("a or b c", Or((Term("a"), And((Term("b"), Term("c")))))),
        ("(a or b) c", And((Or((Term("a"), Term("b"))), Term("c")))),
        ("-(a b)", Not(And((Term("a"), Term("b"))))),
        ("or", Term("or", "phrase")),
        ("a or", And((Term("a"), Term("or", "phrase")))),
        ("inv*", Term("inv", "prefix")),
        ("*", Term("*")),
        ("C++ std::sort", And((Term("C++"), Term("std::sort")))),
        ("f(x) (y)", And((Term("f(x)"), Term("y")))),
        ("--force", Term("--force", "phrase")),
        (":) :(", And((Term(":)", "phrase"), Term(":(", "phrase")))),
        ("http://x.org in:", Term("http://x.org")),
        ("FROM:@ana In:#load", And((Filter("from", "@ana"), Filter("in", "#load")))),
        ('from:"Ana Lima"', Filter("from", "Ana Lima")),
        ("-from:bo", Not(Filter("from", "bo"))),
        ("has:links is:pin", And((Filter("has", "link"), Filter("is", "pinned")))),
        ("", None),
        ("  \n ", None),
        ('""', None),
        ("()", Term("()")),
        (")) (", And((Term("))", "phrase"), Term("(", "phrase")))),
    ],
)
def test_what_is_meant(text: str, node: object) -> None:
    assert parse(text).node == node


def test_what_is_not_understood_is_said_and_looked_for() -> None:
    query = parse("has:wings is: flying")
    assert query.node == And((Term("wings", "phrase"), Term("flying")))
    assert query.problems == (
        "has:wings is not known; there are file, link, image, code, reaction, pin, question.",
        "is: needs something after the colon.",
    )


def test_a_thousand_parentheses_are_no_trouble() -> None:
    text = "(" * 500 + "deep" + ")" * 500
    node = parse(text).node
    assert node is not None
    assert parse(printed(node)).node == node


NOW = int(datetime(2026, 2, 4, 23, 30, tzinfo=UTC).timestamp() * 1e6)  # a Wednesday


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2026-01-31", "2026-01-31", "2026-02-01"),
        ("31.1.2026", "2026-01-31", "2026-02-01"),
        ("31.1.", "2026-01-31", "2026-02-01"),
        ("5.2.", "2025-02-05", "2025-02-06"),
        ("2026/1/5", "2026-01-05", "2026-01-06"),
        ("today", "2026-02-04", "2026-02-05"),
        ("Yesterday", "2026-02-03", "2026-02-04"),
        ("this week", "2026-02-02", "2026-02-09"),
        ("last week", "2026-01-26", "2026-02-02"),
        ("last_week", "2026-01-26", "2026-02-02"),
        ("last month", "2026-01-01", "2026-02-01"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("jan", "2026-01-01", "2026-02-01"),
        ("March", "2025-03-01", "2025-04-01"),
        ("january 2024", "2024-01-01", "2024-02-01"),
        ("2024", "2024-01-01", "2025-01-01"),
        ("2024-12", "2024-12-01", "2025-01-01"),
        ("3 Jan", "2026-01-03", "2026-01-04"),
        ("jan 3, 2025", "2025-01-03", "2025-01-04"),
        ("monday", "2026-02-02", "2026-02-03"),
        ("last wednesday", "2026-01-28", "2026-01-29"),
        ("7 days ago", "2026-01-28", "2026-01-29"),
        ("2w", "2026-01-21", "2026-01-22"),
    ],
)
def test_dates_as_people_write_them(words: str, first: str, last: str) -> None:
    found = span(words, now=NOW)
    assert found is not None
    days = [datetime.fromtimestamp(one / 1e6, UTC).date().isoformat() for one in (found.start, found.end)]
    assert days == [first, last]


def test_a_day_and_a_week_begin_where_the_asker_is() -> None:
    there = span("today", now=NOW, utc_offset=60)
    assert there is not None
    assert datetime.fromtimestamp(there.start / 1e6, UTC).isoformat() == "2026-02-04T23:00:00+00:00"
    sunday = span("this week", now=NOW, first_day=6)
    assert sunday is not None
    assert datetime.fromtimestamp(sunday.start / 1e6, UTC).date().isoformat() == "2026-02-01"


@given(st.text(max_size=30))
def test_no_text_is_too_odd_for_a_date(text: str) -> None:
    span(text, now=NOW)


@pytest.mark.parametrize("words", ["2026-13-01", "31.2.2026", "someday", "0000", "99999-1-1", "9999 years ago", "-1"])
def test_what_is_no_date(words: str) -> None:
    assert span(words, now=NOW) is None
