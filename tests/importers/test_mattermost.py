from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from collabchat.importers.readers import mattermost
from collabchat.importers.records import mention, mention_room

from .reading import Read, read

START = [
    {"type": "version", "version": 1},
    {"type": "team", "team": {"name": "lab", "display_name": "Lab"}},
    {"type": "channel", "channel": {"team": "lab", "name": "data", "type": "O", "header": "the load"}},
    {"type": "channel", "channel": {"team": "lab", "name": "inner", "type": "P"}},
    {
        "type": "user",
        "user": {
            "username": "ana",
            "first_name": "Ana",
            "last_name": "Lee",
            "teams": [{"name": "lab", "channels": [{"name": "data"}]}],
        },
    },
    {"type": "user", "user": {"username": "bo.b", "nickname": "Bo"}},
    {"type": "bot", "bot": {"username": "loader", "display_name": "Loader"}},
]


def post(at: int, text: str, user: str = "ana", **more: Any) -> dict[str, Any]:
    return {
        "type": "post",
        "post": {
            "team": "lab",
            "channel": "data",
            "user": user,
            "message": text,
            "create_at": 1_700_000_000_000 + at,
            **more,
        },
    }


def export(folder: Path, *lines: dict[str, Any] | str) -> Read:
    whole = [one if isinstance(one, str) else json.dumps(one) for one in (*START, *lines)]
    (folder / "export.jsonl").write_text("\n".join(whole) + "\n")
    return read(mattermost, folder)


def test_posts_replies_reactions_and_files_in_the_order_of_time(tmp_path: Path) -> None:
    (tmp_path / "data" / "x").mkdir(parents=True)
    (tmp_path / "data" / "x" / "plan.txt").write_text("a plan")
    reply = {
        "user": "bo.b",
        "message": "yes",
        "create_at": 1_700_000_000_500,
        "reactions": [{"user": "ana", "emoji_name": "+1", "create_at": 1_700_000_000_600}],
    }
    found = export(
        tmp_path,
        post(300, "later"),
        post(
            100,
            "first, @bo.b. See ~inner and @nobody `@ana` :tada:",
            replies=[reply],
            is_pinned=True,
            edit_at=1_700_000_000_200,
            attachments=[{"path": "x/plan.txt"}, {"path": "../../../etc/passwd"}],
        ),
        post(400, "joined", type="system_join_channel"),
        post(700, "loaded", user="loader"),
        post(800, "hook", props={"from_webhook": "true", "attachments": [{"text": "told"}]}),
    )
    assert [one.text for one in found.talks][1:] == ["later", "joined", "yes", "loaded", "hook\n\ntold"]
    first = found.talks[0]
    assert first.text == f"first, {mention('bo.b')}. See {mention_room('lab/inner')} and @nobody `@ana` 🎉"
    assert first.pinned
    assert first.edited_at == 1_700_000_000_200_000
    assert [(one.name, one.path) for one in first.files] == [
        ("plan.txt", tmp_path / "data" / "x" / "plan.txt"),
        ("passwd", None),
    ]
    answer = found.talks[3]
    assert answer.thread == first.key
    assert [(one.emoji, one.by, one.time) for one in answer.reactions] == [("👍", "ana", 1_700_000_000_600_000)]
    assert [one.kind for one in found.talks] == ["text", "text", "system", "text", "bot", "bot"]
    assert found.people["ana"].name == "Ana Lee"
    assert found.rooms["lab/data"].members == ["ana"]
    assert found.rooms["lab/inner"].kind == "private"


def test_direct_rooms_and_two_of_one_time(tmp_path: Path) -> None:
    direct = {
        "type": "direct_post",
        "direct_post": {
            "channel_members": ["bo.b", "ana"],
            "user": "ana",
            "message": "hi",
            "create_at": 1_700_000_000_000,
        },
    }
    three = {
        "type": "direct_post",
        "direct_post": {
            "channel_members": ["bo.b", "ana", "cy"],
            "user": "cy",
            "message": "all",
            "create_at": 1_700_000_000_001,
        },
    }
    found = export(
        tmp_path, {"type": "direct_channel", "direct_channel": {"members": ["ana", "bo.b"]}}, direct, direct, three
    )
    assert found.rooms["direct:ana,bo.b"].kind == "direct"
    assert found.rooms["direct:ana,bo.b,cy"].kind == "private"
    assert [one.key for one in found.talks][:2] == [
        "direct:ana,bo.b:1700000000000:ana",
        "direct:ana,bo.b:1700000000000:ana:2",
    ]


@pytest.mark.parametrize(
    "line", ["{", '{"type": "post", "post": {"user": 7}}', '{"type": "post", "post": {"user": "ana", "create_at": -1}}']
)
def test_a_broken_line_is_told(tmp_path: Path, line: str) -> None:
    found = export(tmp_path, post(1, "one"), line, post(2, "two"))
    assert [one.text for one in found.talks] == ["one", "two"]
    assert [one.line for one in found.broken] == [len(START) + 2]
