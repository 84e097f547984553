from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from collabchat.importers.markup import zulip as zulip_marks
from collabchat.importers.markup.zulip_html import turned
from collabchat.importers.readers import zulip, zulip_archive
from collabchat.importers.records import mention, mention_room

from .reading import Read, read, written

REALM = {
    "zerver_realm": [{"string_id": "lab", "uri": "https://lab.example.org"}],
    "zerver_userprofile": [
        {"id": 1, "full_name": "Ana Lee", "email": "user1@lab.example.org"},
        {"id": 2, "full_name": "Bo", "email": "user2@lab.example.org"},
        {"id": 3, "full_name": "Loader", "email": "loader-bot@lab.example.org", "is_bot": True},
    ],
    "zerver_userprofile_crossrealm": [
        {"id": 9, "full_name": "Notification Bot", "email": "notification-bot@zulip.com", "is_bot": True}
    ],
    "zerver_stream": [
        {"id": 7, "name": "data", "description": "the load", "invite_only": True, "date_created": 1_600_000_000.5}
    ],
    "zerver_recipient": [
        {"id": 70, "type": 2, "type_id": 7},
        {"id": 71, "type": 1, "type_id": 2},
        {"id": 72, "type": 3, "type_id": 5},
    ],
    "zerver_subscription": [{"user_profile": 1, "recipient": 70}, {"user_profile": 2, "recipient": 70, "active": False}]
    + [{"user_profile": each, "recipient": 72} for each in (1, 2, 3)],
    "zerver_reaction": [
        {
            "message": 101,
            "user_profile": 2,
            "emoji_name": "flag",
            "emoji_code": "1f1e9-1f1ea",
            "reaction_type": "unicode_emoji",
        },
        {"message": 101, "user_profile": 2, "emoji_name": "own", "emoji_code": "12", "reaction_type": "realm_emoji"},
    ],
}


def message(key: int, text: str, sender: int = 1, recipient: int = 70, **more: Any) -> dict[str, Any]:
    return {
        "id": key,
        "sender": sender,
        "recipient": recipient,
        "subject": "Load",
        "content": text,
        "rendered_content": None,
        "date_sent": 1_700_000_000 + key + 0.25,
        **more,
    }


def export(folder: Path, *messages: dict[str, Any]) -> Read:
    written(folder / "realm.json", REALM)
    written(folder / "messages-000001.json", {"zerver_message": list(messages), "zerver_usermessage": []})
    return read(zulip, folder)


def test_streams_topics_direct_messages_and_reactions(tmp_path: Path) -> None:
    upload = tmp_path / "uploads" / "2" / "ab" / "plan.txt"
    upload.parent.mkdir(parents=True)
    upload.write_text("x")
    rendered = '<p>see <span class="user-mention" data-user-id="2">@Bo</span> <a href="/user_uploads/2/ab/plan.txt">plan.txt</a> <a href="/user_uploads/2/ab/gone.txt">gone.txt</a></p>'  # noqa: E501
    found = export(
        tmp_path,
        message(101, "first", last_edit_time=1_700_000_200.0),
        message(102, "raw", rendered_content=rendered),
        message(103, "hi", recipient=71),
        message(104, "all", recipient=72, sender=3),
        message(105, "moved", sender=9),
        message(106, "lost", recipient=999),
    )
    room = found.rooms["stream:7"]
    assert (room.name, room.kind, room.members, room.created_at) == ("data", "private", ["1"], 1_600_000_000_500_000)
    first, second, third, fourth, fifth = found.talks
    assert first.text == "**Load**\n\nfirst"
    assert first.time == 1_700_000_101_250_000
    assert first.edited_at == 1_700_000_200_000_000
    assert [(one.emoji, one.by) for one in first.reactions] == [("🇩🇪", "2"), (":own:", "2")]
    assert second.text == f"see {mention('2')} plan.txt gone.txt"
    assert second.thread == "101"
    assert [(one.path, one.url) for one in second.files] == [
        (upload, ""),
        (None, "https://lab.example.org/user_uploads/2/ab/gone.txt"),
    ]
    assert (third.room, found.rooms["direct:1,2"].kind, third.thread) == ("direct:1,2", "direct", None)
    assert (found.rooms[fourth.room].kind, fourth.kind) == ("private", "bot")
    assert fifth.kind == "system"
    assert len(found.broken) == 1


def test_the_archive_tool(tmp_path: Path) -> None:
    written(tmp_path / "stream_index.json", {"streams": {"data load": {"id": 7}}, "time": 1})
    said = {"sender_full_name": "Ana", "timestamp": 1_700_000_003}
    quoting = '<p><span class="user-mention silent" data-user-id="1">Ana</span> <a href="#narrow/stream/7-x/topic/y/near/11">said</a>:</p>\n<blockquote>\n<p>one</p>\n</blockquote>\n<p>yes <span class="user-mention" data-user-id="4">@Nobody</span></p>'  # noqa: E501
    written(
        tmp_path / "7-data-load" / ".2Efirst.3F.json",
        [
            {"id": 11, "content": "<p>one</p>", **said},
            {"id": 14, "content": quoting, "sender_full_name": "Bo", "timestamp": 1_700_000_009},
        ],
    )
    written(
        tmp_path / "7-data-load" / "second.json",
        [
            {"id": 12, "content": "<p>two</p>", "sender_full_name": "Notification Bot", "timestamp": 1_700_000_005},
            {"id": "x"},
        ],
    )
    found = read(zulip_archive, tmp_path)
    assert [room.name for room in found.rooms.values()] == ["data load"]
    assert [one.key for one in found.talks] == ["11", "12", "14"]
    first, second, third = found.talks
    assert first.text == "**.first?**\n\none"
    assert second.kind == "system"
    assert (third.thread, third.reply_to) == ("11", "11")
    assert third.text == f"{mention('Ana')} said:\n\n> one\n\nyes @Nobody"
    assert len(found.broken) == 1


CODE = '<div class="codehilite" data-code-language="Python"><pre><span></span><code><span class="k">x</span> = 1\n\n\ny\n</code></pre></div>'  # noqa: E501
TABLE = "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1|2</td><td></td></tr></tbody></table>"
SPOILER = '<div class="spoiler-block"><div class="spoiler-header"><p>End</p></div><div class="spoiler-content" aria-hidden="true"><p>he won</p></div></div>'  # noqa: E501
KATEX = '<span class="katex"><span class="katex-mathml"><math><semantics><mi>x</mi><annotation encoding="application/x-tex">x^2</annotation></semantics></math></span><span class="katex-html">x2</span></span>'  # noqa: E501


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<p>a <strong>b</strong> <em>c</em> <del>d</del> <code>e`f</code> &lt;g&gt;</p>",
            "a **b** _c_ ~~d~~ ``e`f`` <g>",
        ),
        ("<p>one<br>\ntwo</p>\n<p>three</p>", "one\ntwo\n\nthree"),
        (CODE, "```python\nx = 1\n\n\ny\n```"),
        (TABLE, "| a | b |\n| --- | --- |\n| 1\\|2 |  |"),
        (SPOILER, "**End**\n\n> he won"),
        (f"<p>so {KATEX}</p>", "so $x^2$"),
        (f'<p><span class="katex-display">{KATEX}</span></p>', "$$ x^2 $$"),
        ("<ol start='3'><li>a</li><li><p>b</p><ul><li>c</li></ul></li></ol>", "3. a\n4. b\n   - c"),
        ("<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote><p>c</p>", "> a\n>\n> > b\n\nc"),
        (
            '<p><a href="https://a.org/x">https://a.org/x</a> <a href="https://a.org/b_(c)">it</a></p>',
            "https://a.org/x [it](<https://a.org/b_(c)>)",
        ),
        ('<p><span aria-label="smile" class="emoji emoji-1f642" role="img" title="smile">:smile:</span></p>', "🙂"),
        (
            '<p><a class="stream" data-stream-id="7" href="/x">#data</a> <span class="user-mention" data-user-id="*">@all</span></p>',  # noqa: E501
            f"{mention_room('7')} @all",
        ),
        ("<h2>a</h2><hr>", "## a\n\n---"),
        ('<p><time datetime="2024-01-01T00:00:00Z">2024-01-01T00:00:00Z</time></p>', "2024-01-01T00:00:00Z"),
    ],
)
def test_html(html: str, expected: str) -> None:
    assert turned(html, lambda key, name: mention(key), lambda key, name: mention_room(key)).text == expected


def test_a_picture_alone_is_a_file_and_no_line() -> None:
    html = '<p>look:<br>\n<a href="/user_uploads/2/a/b.png">b.png</a></p>\n<div class="message_inline_image"><a href="/user_uploads/2/a/b.png" title="b.png"><img src="/x"></a></div><p>so</p>'  # noqa: E501
    made = turned(html, lambda key, name: name, lambda key, name: name)
    assert made.text == "look:\n\nso"
    assert made.files == (("/user_uploads/2/a/b.png", "b.png"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@**Bo|2** @_**Ana** @*devs* @**all** `@**Bo**`", "<2|Bo> <|Ana> @devs @all `@**Bo**`"),
        ("#**data** #**data>Load**", "#data #data > Load"),
        ("```quote\none\ntwo\n```\nthree", "> one\n> two\n\nthree"),
        ("````quote\n```quote\na\n```\nb\n````", "> > a\n>\n> b"),
        ("```spoiler End\nx\n```", "**End**\n\n> x"),
        ("```python\nx = '#**a**'\n```", "```python\nx = '#**a**'\n```"),
        ("$$x^2$$ :tada: <time:2024-01-01T10:00Z>", "$x^2$ 🎉 2024-01-01T10:00Z"),
    ],
)
def test_markdown(text: str, expected: str) -> None:
    assert zulip_marks.turned(text, lambda key, name: f"<{key}|{name}>", lambda _, name: f"#{name}").text == expected


def test_markdown_that_quotes() -> None:
    made = zulip_marks.turned(
        "@_**Bo|2** [said](https://lab.example.org/#narrow/stream/7-data/topic/x/near/55):\n```quote\none\n```\nyes",
        lambda key, name: name,
        lambda key, name: name,
    )
    assert (made.quotes, made.text) == ("55", "Bo said:\n> one\n\nyes")


def test_a_hostile_message_keeps_its_words_and_takes_no_long_time() -> None:
    html = "<blockquote>" * 5_000 + "<p>deep</p>"
    assert "deep" in turned(html, lambda key, name: name, lambda key, name: name).text
    raw = "```quote\n" * 20_000
    assert zulip_marks.turned(raw, lambda key, name: name, lambda key, name: name).text == raw
