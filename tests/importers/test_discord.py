from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from collabchat.importers.markup.discord import markdown
from collabchat.importers.readers import discord
from collabchat.importers.records import mention

from .reading import read, written

ANA = {"id": "1", "name": "ana", "nickname": "Ana Lee", "isBot": False}
BOT = {"id": "9", "name": "loader", "isBot": True}


def message(key: str, second: int, text: str, author: dict[str, Any] = ANA, **more: Any) -> dict[str, Any]:
    return {
        "id": key,
        "type": "Default",
        "timestamp": f"2024-03-01T10:00:{second:02d}.5+00:00",
        "content": text,
        "author": author,
        **more,
    }


def channel(*messages: dict[str, Any], key: str = "100", name: str = "data", **more: Any) -> dict[str, Any]:
    about = {"id": key, "type": "GuildTextChat", "name": name, "topic": None, **more}
    return {
        "guild": {"id": "5", "name": "Lab"},
        "channel": about,
        "messages": list(messages),
        "messageCount": len(messages),
    }


def test_messages_replies_reactions_files_and_threads(tmp_path: Path) -> None:
    (tmp_path / "data_Files").mkdir()
    (tmp_path / "data_Files" / "a b.txt").write_text("x")
    bo = {"id": "2", "name": "bo", "isBot": False}
    written(
        tmp_path / "data.json",
        channel(
            message(
                "11",
                1,
                "hello @Ana Lee",
                bo,
                mentions=[ANA],
                isPinned=True,
                attachments=[
                    {"url": "data_Files/a%20b.txt", "fileName": "a b.txt"},
                    {"url": "../../x", "fileName": "x"},
                ],
            ),
            message(
                "12",
                3,
                "yes",
                type="Reply",
                reference={"messageId": "11"},
                timestampEdited="2024-03-01T12:00:00+01:00",
                reactions=[
                    {"emoji": {"id": "", "name": "👍"}, "users": [bo]},
                    {"emoji": {"id": "7", "name": "own"}, "users": [bo]},
                ],
            ),
            message("13", 5, "loaded", BOT, embeds=[{"title": "Load", "url": "https://a.org", "description": "ok"}]),
            message("14", 6, "Joined the server.", bo, type="GuildMemberJoin"),
        ),
    )
    written(
        tmp_path / "thread.json",
        channel(
            message("21", 2, "within", bo),
            message("20", 1, "", type="ThreadStarterMessage"),
            key="11",
            name="hello",
            type="GuildPublicThread",
            categoryId="100",
        ),
    )
    found = read(discord, tmp_path)
    assert list(found.rooms) == ["100"]
    assert [one.key for one in found.talks] == ["11", "21", "12", "13", "14"]
    first, inside, reply, bot, joined = found.talks
    assert first.text == f"hello {mention('1')}"
    assert first.pinned
    assert [one.path for one in first.files] == [tmp_path / "data_Files" / "a b.txt", None]
    assert inside.thread == "11"
    assert (reply.reply_to, reply.edited_at) == ("11", 1_709_290_800_000_000)
    assert [(one.emoji, one.by) for one in reply.reactions] == [("👍", "2"), (":own:", "2")]
    assert (bot.kind, bot.text) == ("bot", "loaded\n\n**[Load](https://a.org)**\nok")
    assert joined.kind == "system"


@pytest.mark.parametrize("indent", [2, None])
def test_a_file_that_ends_too_early_and_a_broken_record(tmp_path: Path, indent: int | None) -> None:
    whole = json.dumps(
        channel(message("1", 1, 'a "}]{" b'), {"id": "2"}, message("3", 3, "three"), message("4", 4, "four")),
        indent=indent,
    )
    (tmp_path / "data.json").write_text(whole[: whole.index("four")])
    found = read(discord, tmp_path)
    assert [one.text for one in found.talks] == ['a "}]{" b', "three"]
    assert len(found.broken) == 2


def test_a_direct_channel(tmp_path: Path) -> None:
    bo = {"id": "2", "name": "bo", "isBot": False}
    made = channel(message("1", 1, "hi"), message("2", 2, "ho", bo), type="DirectTextChat")
    written(tmp_path / "dm.json", made | {"guild": {"id": "0", "name": "Direct Messages"}})
    found = read(discord, tmp_path)
    assert found.rooms["100"].kind == "direct"
    assert found.rooms["100"].members == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<@!12> <@&3> <#4> <:own:55> <t:0:R>", "@12 @&3 #4 :own: 1970-01-01 00:00 UTC"),
        ("`<@12>` ||x||", "`<@12>` ||x||"),
        (">>> one\ntwo", "> one\n> two"),
        ("-# small", "small"),
    ],
)
def test_markdown(text: str, expected: str) -> None:
    assert markdown(text, lambda sign, key: sign + key) == expected
