"""The tables that are generated into pages which are otherwise written by hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from vocabulary import ROOT, Vocabulary

RIGHTS = ROOT / "collabchat" / "hub" / "rights.py"


def with_region(page: Path, name: str, table: Iterator[str]) -> str:
    """The page with what stands between its two marks replaced."""
    text = page.read_text(encoding="utf-8")
    pattern = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if len(pattern.findall(text)) != 1:
        raise ValueError(f"{page} has no place for {name}")
    body = "\n".join(table)
    return pattern.sub(lambda match: f"{match[1]}{body}\n{match[2]}", text)


def limits_table(words: Vocabulary) -> Iterator[str]:
    """The fields of `Limits` with their values."""
    yield "| limit | value | |"
    yield "| --- | --- | --- |"
    for field in words.structs["Limits"].fields:
        if field.default is None:
            raise ValueError(f"the limit {field.name} has no value")
        yield f"| `{field.name}` | {ast.literal_eval(field.default):,} | {_explained(field.name, field.doc)} |"


def _explained(name: str, doc: str) -> str:
    return " ".join(doc.split()) or {
        "room_members": "Members of a room.",
        "members": "Members of the workspace.",
        "rooms": "Rooms of the workspace.",
    }.get(name, "")


def rights_table() -> Iterator[str]:
    """The rows of the table of rights."""
    yield "| command | rooms | who | roles |"
    yield "| --- | --- | --- | --- |"
    for command, kinds, standings, roles in _rows():
        who = "any member" if standings == "workspace" else standings.replace(" ", ", ")
        yield f"| `{command}` | {kinds.replace(' ', ', ')} | {who} | {roles.replace(' ', ', ')} |"


def _rows() -> Iterator[tuple[str, ...]]:
    """`ROWS` as it stands in the source, with its constants filled in."""
    constants: dict[str, str] = {}
    for statement in ast.parse(RIGHTS.read_text(encoding="utf-8")).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value))):
                constants[name] = value
            case ast.AnnAssign(target=ast.Name(id="ROWS"), value=ast.Tuple(elts=rows)):
                for row in rows:
                    assert isinstance(row, ast.Tuple)
                    yield tuple(
                        constants[part.id] if isinstance(part, ast.Name) else str(ast.literal_eval(part))
                        for part in row.elts
                    )
