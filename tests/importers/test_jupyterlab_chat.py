from __future__ import annotations

from pathlib import Path

import collabchat as cc

from .reading import written

USERS = {
    "ana": {"username": "ana", "name": "Ana", "display_name": "Ana Lee"},
    "helper": {"username": "helper", "display_name": "Helper", "bot": True},
}


def test_a_chat(tmp_path: Path) -> None:
    (tmp_path / "load.csv").write_text("a,b\n")
    messages = [
        {"type": "msg", "id": "m2", "time": 1_700_000_060.5, "sender": "helper", "body": "@Ana-Lee it is"},
        {"type": "msg", "id": "m1", "time": 1_700_000_000.0, "sender": "ana", "body": "done?", "attachments": ["f1"]},
        {"type": "msg", "id": "m3", "time": 1_700_000_070.0, "sender": "ana", "body": "", "deleted": True},
        {"type": "msg", "id": "m4", "time": 1_700_000_080.0, "sender": "ana", "body": "well", "edited": True},
        {"type": "msg", "id": "m5", "sender": "ana", "body": "without a time"},
    ]
    attachments = {"f1": {"value": "load.csv", "type": "file"}}
    written(
        tmp_path / "load.chat",
        {"messages": messages, "users": USERS, "attachments": attachments, "metadata": {"id": "room-1"}},
    )
    talk = cc.importers.read(tmp_path)
    found = talk.messages
    assert talk.format == "jupyterlab-chat"
    assert talk.rooms[["room", "room_id"]].to_numpy().tolist() == [["load", "room-1"]]
    assert found["id"].tolist() == ["m1", "m2", "m3", "m4"]
    assert found["kind"].tolist() == ["text", "bot", "text", "text"]
    assert found["text"].tolist()[:2] == ["done?", "@ana it is"]
    assert found["n_files"].tolist() == [1, 0, 0, 0]
    assert found["deleted"].tolist() == [False, False, True, False]
    assert found["edited_at"].isna().tolist() == [True, True, True, False]
    assert len(talk.broken) == 1


def test_an_empty_chat_and_a_broken_one(tmp_path: Path) -> None:
    (tmp_path / "new.chat").write_text("")
    assert cc.importers.read(tmp_path / "new.chat").messages.empty
    (tmp_path / "cut.chat").write_text('{"messages": [')
    assert len(cc.importers.read(tmp_path / "cut.chat").broken) == 1
