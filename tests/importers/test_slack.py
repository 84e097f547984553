from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from collabchat.errors import Invalid
from collabchat.importers.format import Options
from collabchat.importers.markup.slack import markdown
from collabchat.importers.markup.slack_blocks import blocks
from collabchat.importers.readers import slack
from collabchat.importers.records import mention, mention_room
from collabchat.importers.source import Source

from .reading import Read, read, written

USERS = [
    {"id": "U1", "team_id": "T9", "name": "ana", "profile": {"real_name": "Ana Lee"}},
    {"id": "U2", "name": "bo", "deleted": True, "profile": {"real_name": "Bo"}},
    {"id": "U3", "name": "loader", "is_bot": True, "profile": {"bot_id": "B3"}},
]
CHANNELS = [
    {"id": "C1", "name": "data", "created": "1700000000", "members": ["U1", "U2"], "topic": {"value": "a &amp; b"}},
    {"id": "C2", "name": "old", "is_archived": True, "members": []},
]


def message(number: int, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": "U1", "text": "hello", "ts": f"170000{number:04d}.000100", **more}


def export(folder: Path, *messages: dict[str, Any], channel: str = "data") -> Read:
    written(folder / "users.json", USERS)
    written(folder / "channels.json", CHANNELS)
    written(folder / channel / "2023-11-14.json", list(messages))
    return read(slack, folder)


def test_people_and_rooms(tmp_path: Path) -> None:
    written(tmp_path / "groups.json", [{"id": "G1", "name": "inner", "members": ["U1"]}])
    written(tmp_path / "dms.json", [{"id": "D1", "members": ["U1", "U2"]}, {"id": "D2", "members": ["U1"]}])
    written(tmp_path / "mpims.json", [{"id": "G2", "name": "mpdm-ana--bo--loader-1", "members": ["U1", "U2", "U3"]}])
    written(tmp_path / "D1" / "2023-11-14.json", [message(1)])
    found = export(tmp_path, message(2))
    assert found.people["U1"].name == "Ana Lee"
    assert found.people["U3"].bot
    kinds = {room.name: room.kind for room in found.rooms.values()}
    assert kinds == {
        "data": "public",
        "old": "public",
        "inner": "private",
        "D1": "direct",
        "ana": "private",
        "mpdm-ana--bo--loader-1": "private",
    }
    assert found.rooms["C1"].topic == "a & b"
    assert found.rooms["C1"].created_at == 1_700_000_000_000_000
    assert found.rooms["C2"].archived
    assert [one.key for one in found.talks] == ["D1:1700000001.000100", "C1:1700000002.000100"]
    assert slack.identity(Source(tmp_path)) == "T9"


def test_the_same_time_in_two_channels_and_a_channel_and_people_that_no_list_has(tmp_path: Path) -> None:
    written(tmp_path / "lost" / "2023-11-14.json", [message(1, user="U7", text="hi <@U8|cy>")])
    found = export(tmp_path, message(1))
    assert {one.key for one in found.talks} == {"lost:1700000001.000100", "C1:1700000001.000100"}
    assert found.people["U8"].handle == "cy"
    assert found.people["U7"].handle == "U7"


def test_threads_edits_deletions_and_reactions(tmp_path: Path) -> None:
    root, reply, also = "1700000001.000100", message(2, thread_ts="1700000001.000100"), message(3)
    also |= {"thread_ts": root, "subtype": "thread_broadcast"}
    found = export(
        tmp_path,
        message(
            1,
            thread_ts=root,
            reactions=[{"name": "clap::skin-tone-3", "users": ["U2", "U9"]}, {"name": "our_own", "users": ["U2"]}],
        ),
        reply,
        also,
        message(4, subtype="tombstone", user="USLACKBOT", text="This message was deleted."),
        message(5, edited={"user": "U1", "ts": "1700000009.000000"}, pinned_to=["C1"]),
    )
    first, second, third, fourth, fifth = found.talks
    assert first.thread is None
    assert second.thread == third.thread == first.key
    assert (second.broadcast, third.broadcast) == (False, True)
    assert [(one.emoji, one.by) for one in first.reactions] == [("👏🏼", "U2"), ("👏🏼", "U9"), (":our_own:", "U2")]
    assert fourth.deleted
    assert fourth.text == ""
    assert fifth.edited_at == 1_700_000_009_000_000
    assert fifth.pinned


def test_what_is_said_by_bots_and_by_slack_itself(tmp_path: Path) -> None:
    found = export(
        tmp_path,
        message(1, subtype="channel_join", text="<@U1|ana> has joined the channel"),
        {
            "type": "message",
            "subtype": "bot_message",
            "bot_id": "B7",
            "username": "builds",
            "text": "",
            "ts": "1700000002.0001",
            "attachments": [
                {
                    "title": "Build 7",
                    "title_link": "https://example.org/7",
                    "text": "*failed*",
                    "fields": [{"title": "by", "value": "bo"}],
                }
            ],
        },
        message(3, user="U3", bot_id="B3", text="loaded"),
        message(4, subtype="me_message", text="waves"),
        message(
            5,
            attachments=[{"from_url": "https://example.org", "text": "what a page says of itself"}],
            text="<https://example.org>",
        ),
    )
    assert [one.kind for one in found.talks] == ["system", "bot", "bot", "text", "text"]
    assert found.talks[0].text == "has joined the channel"
    assert found.talks[1].text == "**[Build 7](https://example.org/7)**\n**failed**\n**by**: bo"
    assert found.people["B7/builds"].bot
    assert found.people["B7/builds"].handle == "builds"
    assert found.talks[3].text == "/me waves"
    assert found.talks[4].text == "https://example.org"


def test_files_local_copies_and_addresses_without_their_key(tmp_path: Path) -> None:
    local = tmp_path / "__uploads" / "F0000001" / "plan.txt"
    local.parent.mkdir(parents=True)
    local.write_text("a plan")
    found = export(
        tmp_path,
        message(1, files=[{"id": "F0000001", "name": "plan.txt", "url_private": "https://files.slack.com/a?t=xoxe-1"}]),
        message(2, files=[{"id": "F0000002", "name": "b.png", "url_private": "https://files.slack.com/b?t=xoxe-1"}]),
        message(3, files=[{"id": "F0000003", "mode": "tombstone"}]),
        message(
            4,
            subtype="file_share",
            text="<@U1> uploaded a file",
            file={"id": "F0000004", "name": "c", "initial_comment": {"comment": "see *this*"}},
        ),
        message(
            5,
            subtype="file_comment",
            text="x",
            file={"id": "F0000004", "name": "c"},
            comment={"comment": "nice", "user": "U2"},
        ),
    )
    assert found.talks[0].files[0].path == local
    assert found.talks[1].files[0].url == "https://files.slack.com/b"
    assert found.talks[2].files == []
    assert (found.talks[3].text, found.talks[3].kind) == ("see **this**", "text")
    assert (found.talks[4].author, found.talks[4].text, found.talks[4].reply_to) == ("U2", "nice", found.talks[3].key)


def test_a_shared_message_is_quoted_and_answered(tmp_path: Path) -> None:
    shared = {"is_share": True, "channel_id": "C1", "ts": "1700000001.000100", "text": "done", "author_name": "Ana"}
    found = export(tmp_path, message(1), message(2, text="see", attachments=[shared]))
    assert found.talks[1].reply_to == found.talks[0].key
    assert found.talks[1].text == "see\n\n> **Ana**: done"


def test_what_is_broken_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    export(tmp_path, message(1))
    (tmp_path / "data" / "2023-11-15.json").write_text(
        '[\n{"ts": "1700000020.1", "user": "U1", "text": 7},\n{"ts": "1700000021.1", "user": "U1"},\n{"ts": "x"}]'
    )
    (tmp_path / "data" / "2023-11-16.json").write_text(
        '[\n{"ts": "1700000030.1", "user": "U1", "text": "whole"},\n{"ts": "17'
    )
    found = read(slack, tmp_path)
    assert [one.text for one in found.talks] == ["hello", "", "whole"]
    assert [(one.file, one.line) for one in found.broken] == [
        ("data/2023-11-15.json", 2),
        ("data/2023-11-15.json", None),
        ("data/2023-11-16.json", 3),
    ]


def test_something_else_is_no_export(tmp_path: Path) -> None:
    assert not slack.matches(Source(tmp_path))
    with pytest.raises(Invalid, match=r"channels\.json"):
        list(slack.read(Source(tmp_path), Options()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain _words_ 2*3*4", "plain _words_ 2*3*4"),
        ("*bold* _it_ ~gone~ `a*b*c`", "**bold** _it_ ~~gone~~ `a*b*c`"),
        ("a &lt;tag&gt; &amp; more", "a <tag> & more"),
        ("<@U1> <@U1|ana> in <#C1|data>", f"{mention('U1')} {mention('U1')} in {mention_room('C1')}"),
        ("<!here> <!subteam^S1|@devs> <!date^1^{date}|today>", "@here @devs today"),
        (
            "<https://a.org|the log> <https://a.org> <mailto:a@b.org|a@b.org>",
            "[the log](https://a.org) https://a.org a@b.org",
        ),
        ("<http://a.org/b_(c)|it> <http://a.org|a.org>", "[it](<http://a.org/b_(c)>) http://a.org"),
        ("&gt; said\nanswer", "> said\n\nanswer"),
        ("&gt;&gt;&gt; one\ntwo", "> one\n> two"),
        ("so ```x = *1*\ny &lt; 2``` then", "so \n```\nx = *1*\ny < 2\n```\n then"),
        (":tada: :+1::skin-tone-2: :our_own: 10:30:45", "🎉 👍🏻 :our_own: 10:30:45"),
        ("• one\n• two", "- one\n- two"),
    ],
)
def test_mrkdwn(text: str, expected: str) -> None:
    assert markdown(text) == expected


def test_blocks() -> None:
    def section(*elements: dict[str, Any]) -> dict[str, Any]:
        return {"type": "rich_text_section", "elements": list(elements)}

    found = blocks(
        [
            {"type": "header", "text": {"type": "plain_text", "text": "Load"}},
            {
                "type": "rich_text",
                "elements": [
                    section(
                        {"type": "text", "text": "bold ", "style": {"bold": True}},
                        {"type": "user", "user_id": "U1"},
                        {"type": "emoji", "name": "tada"},
                    ),
                    {
                        "type": "rich_text_list",
                        "style": "ordered",
                        "elements": [
                            section({"type": "text", "text": "one"}),
                            section({"type": "link", "url": "https://a.org", "text": "two"}),
                        ],
                    },
                    {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]},
                    {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
                ],
            },
            {"type": "section", "text": {"type": "mrkdwn", "text": "*done*"}},
        ],
        lambda sign, key, label: f"{sign}{key}",
    )
    assert found == "**Load**\n\n**bold** @U1🎉\n1. one\n2. [two](https://a.org)\n> said\n\n```\nx = 1\n```\n\n**done**"


def test_signs_of_our_own_and_records_that_are_too_deep_break_nothing(tmp_path: Path) -> None:
    assert markdown("\ue0027\ue003 *b* <@U1>") == f"7\ue003 **b** {mention('U1')}"
    export(tmp_path, message(1))
    deep = "[" * 100_000
    (tmp_path / "data" / "2023-11-15.json").write_text('[{"ts": "1700000020.1", "user": "U1", "blocks": ' + deep)
    found = read(slack, tmp_path)
    assert [one.text for one in found.talks] == ["hello"]
    assert [one.file for one in found.broken] == ["data/2023-11-15.json"]
