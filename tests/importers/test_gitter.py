from __future__ import annotations

from pathlib import Path

import collabchat as cc

from .reading import written

ROOM, ANA, BO = "a" * 24, "b" * 24, "c" * 24


def test_rows_without_a_header(tmp_path: Path) -> None:
    rows = [
        (ROOM, "Team/Load", "2016-01-02T10:01:00.000Z", BO, "bo", "2" * 24, "@ana it is"),
        (ROOM, "Team/Load", "2016-01-02T10:00:00.000Z", ANA, "ana", "1" * 24, '"done?\nsecond ""line"""'),
    ]
    path = tmp_path / "load.tsv"
    path.write_text("".join("\t".join(row) + "\n" for row in rows) + "only\ttwo\n", encoding="utf-8")
    talk = cc.importers.read(path)
    assert talk.format == "gitter"
    assert talk.rooms["room"].tolist() == ["Load"]
    assert talk.messages["text"].tolist() == ['done?\nsecond "line"', "@ana it is"]
    assert talk.messages["author"].tolist() == ["ana", "bo"]
    assert talk.messages["mentions"].tolist() == [[], ["ana"]]
    assert talk.broken["reason"].tolist() == ["2 fields, not 7"]


def test_messages_of_the_api(tmp_path: Path) -> None:
    def said(key: str, user: str, text: str, **more: object) -> dict[str, object]:
        person = {"id": user, "username": user[0], "displayName": user[0].upper()}
        return {"id": key, "sent": f"2016-01-02T10:0{key}:00.000Z", "text": text, "fromUser": person, **more}

    data = [said("1", ANA, "done?"), said("2", BO, "yes", parentId="1"), {"id": "3", "sent": "never", "text": "x"}]
    talk = cc.importers.read(written(tmp_path / "load.json", data))
    found = talk.messages
    assert found["thread"].tolist() == ["1", "1"]
    assert found["author"].tolist() == ["b", "c"]
    assert talk.broken["reason"].tolist() == ["no time"]
