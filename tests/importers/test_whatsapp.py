from __future__ import annotations

from pathlib import Path

import pytest

import collabchat as cc
from collabchat.errors import Invalid

ANDROID = """\
31/12/2023, 22:05 - Messages and calls are end-to-end encrypted.
31/12/2023, 22:06 - Ana Lee: Is it *done*?
Second line
31/12/2023, 22:07 - Bo: <Media omitted>
31/12/2023, 22:08 - Bo: plan.pdf (file attached)
01/01/2024, 00:01 - Ana Lee: This message was deleted
01/01/2024, 00:02 - Ana Lee left
"""
IPHONE = """\
[12/31/23, 10:05:00 PM] Ana: \u200eMessages and calls are end-to-end encrypted.
[12/31/23, 10:06:00\u202fPM] Ana: hello @\u2068Bo\u2069
[12/31/23, 10:07:00 PM] Bo: \u200eimage omitted
[1/1/24, 12:01:00 AM] Bo: new year ~already~
"""


def text(folder: Path, content: str, name: str = "WhatsApp Chat with Load.txt") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_android(tmp_path: Path) -> None:
    text(tmp_path, ANDROID)
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-")
    talk = cc.importers.read(tmp_path)
    found = talk.messages
    assert talk.format == "whatsapp"
    assert talk.rooms[["room", "kind"]].to_numpy().tolist() == [["Load", "private"]]
    assert found["kind"].tolist() == ["system", "text", "text", "text", "text", "system"]
    assert found["author"].tolist() == ["whatsapp", "Ana Lee", "Bo", "Bo", "Ana Lee", "Ana Lee"]
    assert found["text"].tolist()[1:3] == ["Is it **done**?\nSecond line", "*Media omitted*"]
    assert found["deleted"].tolist() == [False, False, False, False, True, False]
    assert found["n_files"].tolist() == [0, 0, 0, 1, 0, 0]
    assert str(found["time"][4]) == "2024-01-01 00:01:00+00:00"


def test_iphone(tmp_path: Path) -> None:
    found = cc.importers.read(text(tmp_path, IPHONE)).messages
    assert found["kind"].tolist() == ["system", "text", "text", "text"]
    assert found["text"].tolist()[1] == "hello @Bo"
    assert found["mentions"].tolist()[1] == ["Bo"]
    assert found["text"].tolist()[3] == "new year ~~already~~"
    assert str(found["time"][3]) == "2024-01-01 00:01:00+00:00"


def test_other_languages(tmp_path: Path) -> None:
    german = "03.04.24, 09:00 - Ana: <Medien ausgeschlossen>\n13.04.24, 09:01 - Bo: ja\n"
    found = cc.importers.read(text(tmp_path, german, "WhatsApp Chat mit Bo.txt")).messages
    assert found["text"].tolist() == ["*Medien ausgeschlossen*", "ja"]
    assert found["time"].dt.month.tolist() == [4, 4]


def test_an_order_that_cannot_be_told_is_asked_for(tmp_path: Path) -> None:
    path = text(tmp_path, "03/04/2024, 09:00 - Ana: one\n04/04/2024, 09:01 - Bo: two\n")
    with pytest.raises(Invalid, match="date_order"):
        cc.importers.read(path)
    assert cc.importers.read(path, date_order="dmy").messages["time"].dt.month.tolist() == [4, 4]
    assert cc.importers.read(path, date_order="mdy").messages["time"].dt.month.tolist() == [3, 4]


def test_what_is_broken_is_told(tmp_path: Path) -> None:
    path = text(tmp_path, "a line before all\n31/12/2023, 22:06 - Ana: one\n31/02/2024, 22:06 - Ana: two\n")
    talk = cc.importers.read(path)
    assert talk.messages["text"].tolist() == ["one"]
    assert talk.broken["reason"].tolist() == ["no message begins before it", "there is no such day"]


def test_a_name_with_a_path_brings_no_file(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    inside = tmp_path / "export"
    inside.mkdir()
    text(inside, "31/12/2023, 22:06 - Ana: ../secret.txt (file attached)\n")
    from collabchat.importers.format import Options
    from collabchat.importers.readers.whatsapp import FORMAT
    from collabchat.importers.records import Talk
    from collabchat.importers.source import Source

    made = [one for one in FORMAT.read(Source(inside), Options()) if isinstance(one, Talk)]
    assert [(file.path, "/" in file.name) for one in made for file in one.files] == [(None, False)]
