"""What is generated from the protocol is what it should be."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import msgspec
import pytest

from collabchat import protocol
from collabchat.hub.rights import ROWS
from collabchat.protocol import Limits, decode_replies, decode_requests


def test_nothing_is_stale(generator: ModuleType) -> None:
    assert generator.main(["--check"]) == 0


def test_a_stale_page_is_found_and_mended(
    generator: ModuleType,
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(root / "docs", tmp_path / "docs")
    monkeypatch.setattr(generator, "ROOT", tmp_path)
    monkeypatch.setattr(generator, "DOCS", tmp_path / "docs")
    assert generator.main([]) == 0
    assert generator.main(["--check"]) == 0
    (tmp_path / "docs" / "protocol.md").write_text("# Old\n", encoding="utf-8")
    security = tmp_path / "docs" / "security.md"
    security.write_text(security.read_text(encoding="utf-8").replace("| `join` | public |", "| `join` | any |"))
    capsys.readouterr()
    assert generator.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert "protocol.md is stale" in said
    assert "security.md is stale" in said
    assert "limits.md" not in said
    assert generator.main([]) == 0
    assert generator.main(["--check"]) == 0
    assert security.read_text(encoding="utf-8") == (root / "docs" / "security.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def interfaces(root: Path) -> dict[str, dict[str, tuple[str, bool]]]:
    """Of protocol.ts: each interface's fields, with their type and whether they may be left out."""
    text = re.sub(
        r"/\*\*.*?\*/", "", (root / "js" / "src" / "protocol.ts").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    return {
        name: {
            field: (kind, mark == "?") for field, mark, kind in re.findall(r"^  (\w+)(\??): (.*);$", body, re.MULTILINE)
        }
        for name, body in re.findall(r"^export interface (\w+) \{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL)
    }


def flat(union: Any) -> list[type[msgspec.Struct]]:
    return list(get_args(union))


@pytest.mark.parametrize("struct", flat(protocol.AnyRequest), ids=lambda struct: struct.__name__)
def test_requests_in_typescript(
    struct: type[msgspec.Struct], interfaces: dict[str, dict[str, tuple[str, bool]]]
) -> None:
    shown = interfaces[struct.__name__]
    assert shown.pop("type") == (json.dumps(struct.__struct_config__.tag), False)
    expected = {field.encode_name: not field.required for field in msgspec.structs.fields(struct)}
    assert {name: optional for name, (_, optional) in shown.items()} == expected


@pytest.mark.parametrize(
    "struct", [*flat(protocol.AnyReply), *flat(protocol.AnyEventData)], ids=lambda struct: struct.__name__
)
def test_what_the_hub_says_in_typescript(
    struct: type[msgspec.Struct], interfaces: dict[str, dict[str, tuple[str, bool]]]
) -> None:
    shown = interfaces[struct.__name__]
    assert shown.pop("type") == (json.dumps(struct.__struct_config__.tag), False)
    assert set(shown) == {field.encode_name for field in msgspec.structs.fields(struct)}
    assert not any(optional for _, optional in shown.values())
    for field in msgspec.structs.fields(struct):
        assert ("null" in shown[field.encode_name][0]) == (type(None) in get_args(field.type))


def test_the_worked_exchange_is_of_this_protocol(root: Path) -> None:
    page = (root / "docs" / "protocol.md").read_text(encoding="utf-8")
    lines = re.findall(r"^([<>]) (.*)$", page, re.MULTILINE)
    assert len(lines) > 8
    for side, frame in lines:
        if side == ">":
            assert [type(request).__name__ for request in decode_requests(frame, Limits())] != ["Error"], frame
        else:
            assert decode_replies(frame)


def test_every_word_has_a_heading(root: Path) -> None:
    page = (root / "docs" / "protocol.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### (\w+)$", page, re.MULTILINE)
    words = [*flat(protocol.AnyRequest), *flat(protocol.AnyReply), *flat(protocol.AnyEventData)]
    # What stands inside of those under a word of its own, and what heads a binary frame of a client.
    words += [*flat(protocol.AnyPreview), protocol.SharedFile, protocol.SharedLink, protocol.Slice]
    assert sorted(str(struct.__struct_config__.tag) for struct in words) == sorted(
        name for name in headings if name[0].islower()
    )


def test_the_rights_shown_are_the_rights(root: Path) -> None:
    page = (root / "docs" / "security.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \|$", page, re.MULTILINE)
    assert [tuple(part.replace(", ", " ") for part in row) for row in shown] == [
        (command, kinds or "", "any member" if who == "workspace" else who, roles)
        for command, kinds, who, roles in ROWS
    ]


def test_the_limits_shown_are_the_limits(root: Path) -> None:
    page = (root / "docs" / "limits.md").read_text(encoding="utf-8")
    shown = {name: int(value.replace(",", "")) for name, value in re.findall(r"^\| `(\w+)` \| ([\d,]+) \|", page, re.M)}
    assert shown == msgspec.structs.asdict(Limits())


def test_every_error_code_is_explained(root: Path) -> None:
    page = (root / "docs" / "protocol.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| `(\w+)` \| `errors\.", page, re.MULTILINE)
    assert shown == list(get_args(protocol.ErrorCode))
