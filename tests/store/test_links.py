"""Links as people write them, and none where there is none."""

from __future__ import annotations

import time

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collabchat.store import link_rows
from collabchat.store.links import links_in

ONE = {
    "see https://example.org/a": "https://example.org/a",
    "https://example.org/a.": "https://example.org/a",
    "https://example.org/a, and": "https://example.org/a",
    "https://example.org/a!": "https://example.org/a",
    "https://example.org/a?": "https://example.org/a",
    "https://example.org/a;": "https://example.org/a",
    "https://example.org/a…": "https://example.org/a",
    "is it https://example.org/a?!": "https://example.org/a",
    "(https://example.org/a)": "https://example.org/a",
    "(see https://example.org/a).": "https://example.org/a",
    "[https://example.org/a]": "https://example.org/a",
    "{https://example.org/a}": "https://example.org/a",
    "<https://example.org/a>": "https://example.org/a",
    '"https://example.org/a"': "https://example.org/a",
    "'https://example.org/a'": "https://example.org/a",
    "„https://example.org/a“": "https://example.org/a",
    "«https://example.org/a»": "https://example.org/a",
    "**https://example.org/a**": "https://example.org/a",
    "*https://example.org/a*": "https://example.org/a",
    "_https://example.org/a_": "https://example.org/a",
    "~~https://example.org/a~~": "https://example.org/a",
    "link:https://example.org/a": "https://example.org/a",
    "here:\nhttps://example.org/a\nand there": "https://example.org/a",
    "> https://example.org/a": "https://example.org/a",
    "- https://example.org/a": "https://example.org/a",
    "| a | https://example.org/a |": "https://example.org/a",
    "[docs](https://example.org/a)": "https://example.org/a",
    '[docs](https://example.org/a "The title")': "https://example.org/a",
    "[docs](<https://example.org/a>)": "https://example.org/a",
    "![plot](https://example.org/a.png)": "https://example.org/a.png",
    "[a]: https://example.org/a": "https://example.org/a",
    "<https://example.org/a|docs>": "https://example.org/a",
    "https://en.wikipedia.org/wiki/Join_(SQL)": "https://en.wikipedia.org/wiki/Join_(SQL)",
    "https://web.archive.org/web/2020/https://example.org/a": "https://web.archive.org/web/2020/https://example.org/a",
    "https://example.org/a。": "https://example.org/a",
    "\uff08https://example.org/a\uff09": "https://example.org/a",
    "(https://en.wikipedia.org/wiki/Join_(SQL))": "https://en.wikipedia.org/wiki/Join_(SQL)",
    "[join](https://en.wikipedia.org/wiki/Join_(SQL)).": "https://en.wikipedia.org/wiki/Join_(SQL)",
    "HTTPS://EXAMPLE.ORG/Path": "https://example.org/Path",
    "https://example.org": "https://example.org",
    "https://example.org/": "https://example.org",
    "https://example.org/#": "https://example.org",
    "https://example.org/a#": "https://example.org/a",
    "https://example.org/a#part": "https://example.org/a#part",
    "https://example.org:443/a": "https://example.org/a",
    "http://example.org:80/a": "http://example.org/a",
    "https://example.org:8443/a": "https://example.org:8443/a",
    "https://example.org/?q=a+b&c=%20d": "https://example.org/?q=a+b&c=%20d",
    "https://example.org?q=1": "https://example.org?q=1",
    "https://example.org/a@b": "https://example.org/a@b",
    "https://example.org/~ana/x-y_z.html": "https://example.org/~ana/x-y_z.html",
    "http://localhost:8888/lab?token=1": "http://localhost:8888/lab?token=1",
    "http://127.0.0.1:5000": "http://127.0.0.1:5000",
    "http://wiki/page": "http://wiki/page",
    "ftp://example.org/data.zip": "ftp://example.org/data.zip",
    "www.example.com": "https://www.example.com",
    "WWW.Example.de/x": "https://www.example.de/x",
    "example.com": "https://example.com",
    "(example.org).": "https://example.org",
    "python.org/downloads": "https://python.org/downloads",
    "docs.example.io/a/b": "https://docs.example.io/a/b",
    "https://münchen.de/straße": "https://münchen.de/straße",
    "https://xn--mnchen-3ya.de/straße": "https://münchen.de/straße",
    "https://例え.jp/道": "https://例え.jp/道",
    "看https://example.org/a 吧": "https://example.org/a",
    "пример.рф": "https://пример.рф",
    "`code` https://example.org/a": "https://example.org/a",
    "an unclosed ` and https://example.org/a": "https://example.org/a",
    "`` a ` b `` https://example.org/a": "https://example.org/a",
    "```\ncode\n```\nhttps://example.org/a": "https://example.org/a",
}


@pytest.mark.parametrize(("text", "link"), ONE.items())
def test_one_link(text: str, link: str) -> None:
    assert links_in(text) == [link]


NONE = [
    *("", "hello", "file.py", "see README.md", "v1.2.3", "1.2.3.4", "e.g. this", "i.e.", "a.b.c", "df.info()"),
    *("df.info", "os.name", "np.nan", "self.app", "Node.js", "ASP.NET", "socket.io", "main.rs", "run.sh", "x.pl"),
    *("package.json", "data.tar.gz", "Makefile.am", "ana@example.com", "mailto:ana@example.com", "//example.org"),
    *("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://", "https://", "https://.", "://"),
    *("C:\\data\\a.com.txt", "src/collab/links.py", "10:30", "a:b", "3.5 GB", "well...", "wait..what", "@bo.", "#1"),
    *("`https://example.org`", "`` https://example.org ` ``", "```\nhttps://example.org\n```", "~~~\nwww.a.com\n~~~"),
    *("````\n```\nhttps://example.org\n```\n````", "```python\nx = 'https://example.org'", "> ```\n> www.a.com\n> ```"),
    *("https://" + "a" * 3_000 + ".org", "http://[bad", "https://exa mple"[:8]),
]


@pytest.mark.parametrize("text", NONE)
def test_no_link(text: str) -> None:
    assert links_in(text) == []


def test_each_once_in_order_and_not_too_many() -> None:
    text = "https://b.org https://a.org/ HTTPS://A.org [x](https://b.org) https://a.org/#x"
    assert links_in(text) == ["https://b.org", "https://a.org", "https://a.org/#x"]
    assert links_in("[https://a.org](https://b.org)") == ["https://a.org", "https://b.org"]
    assert len(links_in(" ".join(f"https://a.org/{n}" for n in range(500)))) == 200


PIECES = st.sampled_from(
    [
        *(
            "https://",
            "http://",
            "www.",
            "ftp://",
            "a.org",
            "example.com",
            "/",
            "(",
            ")",
            "[",
            "](",
            "<",
            ">",
            "`",
            "```",
        ),
        *("\n", " ", "~~~", ".", ",", "é", "你好", "xn--", "xn--mnchen-3ya.de", ":80", "#", "?", "@", "%", "\\", "|"),
        *("_", "*", "[::1]", "\u202e", "рф", ":", "//", "'", '"', "-"),
    ]
)


@given(st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=200)))
@example("https://xn--0000000000000000000000000/")
@example("http://a.org:99999")
@example("https://\u017f.com \u0130.com")
def test_any_text_is_read_and_what_is_found_is_a_link(text: str) -> None:
    for link in links_in(text):
        assert link.startswith(("http://", "https://", "ftp://"))
        assert not any(letter.isspace() for letter in link)
        assert len(link) <= 4_096
        # Written by itself it is found again, as it is.
        assert links_in(link) in ([link], [])
    assert links_in(text) == links_in(text)


@pytest.mark.parametrize(
    "piece",
    ["https://", "www.", "a.", "a.com", "(", "http://a.org/(", "`", "` `` ", "://", "[x](https://a.org/", "~~~\n"],
)
def test_no_text_takes_long(piece: str) -> None:
    """It runs beside the log: the longest message may not hold up the others."""
    text = (piece * 40_000)[:40_000]
    start = time.process_time()
    links_in(text)
    links_in(text.replace("", " ")[:40_000])
    assert time.process_time() - start < 1


def test_what_has_no_sign_of_a_link_costs_next_to_nothing() -> None:
    text = "The nightly load of the orders table took 97 minutes, e.g. in load.py; can somebody have a look? " * 3
    start = time.process_time()
    for _ in range(1_000):
        assert links_in(text) == []
    assert time.process_time() - start < 0.1  # a tenth of a millisecond each, on a slow day


def test_what_leaves_the_database_when_a_file_is_upgraded_is_what_can_have_links() -> None:
    with duckdb.connect() as database:
        for text in ONE:
            assert database.execute("SELECT regexp_matches(?, ?, 'i')", [text, link_rows.SIGN]).fetchone() == (True,), (
                text
            )
        for text in ("The load is done.", "e.g. file.py of v1.2.3", "ana@example.net"):
            assert database.execute("SELECT regexp_matches(?, ?, 'i')", [text, link_rows.SIGN]).fetchone() == (False,)
