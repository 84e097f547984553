"""Talk of another chat as frames: `collabchat.importers.read`."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import collabchat as cc
from collabchat.errors import Invalid, NotFound

from .reading import written

USERS = [
    {"id": "U1", "name": "ana", "real_name": "Ana A."},
    {"id": "U2", "name": "bo"},
    {"id": "U3", "name": "ANA"},  # another one of that name
]


def said(user: str, ts: str, text: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "ts": ts, "text": text, **more}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    written(folder / "users.json", USERS)
    written(folder / "channels.json", [{"id": "C1", "name": "general"}, {"id": "C2", "name": "empty"}])
    first = "1700000000.000100"
    talk = [
        said("U2", "1700000060.000100", "It is, see <#C2>", thread_ts=first),
        said("U1", first, "Is the load *done*, <@U2> or <@U3>?", thread_ts=first, reply_count=1),
        said("U3", "1700000120.000100", "Thanks", reactions=[{"name": "+1", "users": ["U1", "U2"]}]),
        {"type": "message", "subtype": "channel_join", "user": "U3", "ts": "1700000090.000100", "text": "joined"},
        {"type": "message", "user": "U2", "ts": "no time", "text": "?"},
    ]
    written(folder / "general" / "2023-11-14.json", talk)
    return folder


def test_frames_of_an_export(export: Path) -> None:
    talk = cc.importers.read(export)
    found = talk.messages
    assert talk.format == "slack"
    assert found["text"].tolist()[:2] == ["Is the load **done**, @bo or @ANA-2?", "It is, see #empty"]
    assert found["author"].tolist() == ["ana", "bo", "ANA-2", "ANA-2"]
    assert found["kind"].tolist() == ["text", "text", "system", "text"]
    assert found["mentions"].tolist() == [["bo", "ANA-2"], [], [], []]
    root = found["id"][0]
    assert found["thread"].tolist()[:2] == [root, root]  # on the root itself too
    assert found["thread"].isna().tolist() == [False, False, True, True]
    assert found["seq"].tolist() == [1, 2, 3, 4]
    assert found["time"].is_monotonic_increasing
    assert found["n_reactions"].tolist() == [0, 0, 0, 2]
    assert talk.reactions[["author", "emoji"]].to_numpy().tolist() == [["ana", "👍"], ["bo", "👍"]]
    assert talk.rooms[["room", "n_messages"]].to_numpy().tolist() == [["general", 4], ["empty", 0]]
    assert talk.members["name"].tolist()[0] == "Ana A."
    assert talk.broken["file"].tolist() == ["general/2023-11-14.json"]
    assert "no time" in talk.broken["record"][0]


def test_the_columns_are_those_of_a_workspace(export: Path, chat_of: Callable[..., cc.Chat]) -> None:
    chat = chat_of("ana")
    chat.create_room("general").post("hello")
    own = chat.messages()
    found = cc.importers.read(export).messages
    assert list(found.columns) == list(own.columns)
    assert found["time"].dtype == own["time"].dtype == "datetime64[us, UTC]"
    assert (found["deleted"].dtype, found["n_files"].dtype.kind) == (own["deleted"].dtype, own["n_files"].dtype.kind)
    both = pd.concat([found, own], ignore_index=True)
    assert cc.analytics.participation(both)["messages"].sum() == 4


def test_an_export_with_nothing_said(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    written(folder / "users.json", USERS)
    written(folder / "channels.json", [{"id": "C1", "name": "general"}])
    talk = cc.importers.read(folder)
    assert (len(talk.messages), len(talk.rooms), len(talk.members)) == (0, 1, 3)
    assert cc.analytics.participation(talk.messages).empty


def test_what_is_refused(export: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no .*nowhere"):
        cc.importers.read(tmp_path / "nowhere")
    with pytest.raises(NotFound, match="no format 'slak'"):
        cc.importers.read(export, format="slak")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("hello")
    with pytest.raises(Invalid, match="none of the known formats"):
        cc.importers.read(tmp_path / "notes")
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(export / "users.json", "users.json")
    with pytest.raises(Invalid, match="unpack it"):
        cc.importers.read(packed)
