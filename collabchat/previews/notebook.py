"""Notebooks of any version, as they were saved: nothing is run, and HTML among the outputs is passed over."""

from __future__ import annotations

import base64
import binascii
import json
import re
from pathlib import Path
from typing import Any, Literal

from collabchat import protocol as p
from collabchat.previews.jobs import Unreadable

CELLS = 40
SOURCE = 10_000
"""Characters of a cell's source, and of its outputs."""
PICTURE = 400_000
"""Bytes of Base64 of one picture."""
PICTURES = 2_000_000
"""Of all pictures."""
LARGEST = 64 * 2**20
"""Bytes of a notebook."""
NO_NOTEBOOK = "This is not a notebook that can be read."
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f]")
_MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}

Json = dict[str, Any]


def preview(path: str) -> p.AnyPreview:
    """The first cells."""
    notebook = load(path)
    found = cells(notebook)
    shown: list[p.Cell] = []
    left = PICTURES
    for cell in found[:CELLS]:
        picture = _picture(cell, min(left, PICTURE))
        left -= len(picture)
        count = cell.get("execution_count", cell.get("prompt_number"))
        shown.append(
            p.Cell(
                kind=_kind(cell),
                source=_cut(source(cell)),
                count=count if isinstance(count, int) and not isinstance(count, bool) else None,
                output=_cut(output(cell)),
                picture=picture,
            )
        )
    return p.NotebookPreview(cells=shown, language=_language(notebook), n_cells=len(found))


def load(path: str) -> Json:
    """The notebook as JSON.

    Raises
    ------
    Unreadable
        Where it is none.
    """
    file = Path(path)
    if file.stat().st_size > LARGEST:
        raise Unreadable("This notebook is too large to be shown.")
    try:
        found = json.loads(file.read_bytes())
    except ValueError:
        raise Unreadable(NO_NOTEBOOK) from None
    if not isinstance(found, dict) or not isinstance(found.get("cells", found.get("worksheets")), list):
        raise Unreadable(NO_NOTEBOOK)
    return found


def cells(notebook: Json) -> list[Json]:
    """All cells; up to version 3 they stand in worksheets."""
    found = notebook.get("cells")
    if not isinstance(found, list):
        sheets = [sheet for sheet in notebook.get("worksheets", []) if isinstance(sheet, dict)]
        found = [cell for sheet in sheets if isinstance(sheet.get("cells"), list) for cell in sheet["cells"]]
    return [cell for cell in found if isinstance(cell, dict)]


def source(cell: Json) -> str:
    """What stands in a cell."""
    text = _text(cell.get("source", cell.get("input", "")))
    level = cell.get("level")
    if cell.get("cell_type") == "heading" and isinstance(level, int):
        return "#" * max(1, min(level, 6)) + " " + text
    return text


def output(cell: Json) -> str:
    """A cell's outputs as text: what was printed, errors, and of what was shown the plain form."""
    parts: list[str] = []
    outputs = cell.get("outputs")
    for one in outputs if isinstance(outputs, list) else []:
        if not isinstance(one, dict):
            continue
        match one.get("output_type"):
            case "stream":
                parts.append(_text(one.get("text")))
            case "error" | "pyerr":
                trace = one.get("traceback")
                lines = "\n".join(line for line in trace if isinstance(line, str)) if isinstance(trace, list) else ""
                parts.append((lines or f"{_text(one.get('ename'))}: {_text(one.get('evalue'))}") + "\n")
            case _:
                data = one.get("data")
                plain = data.get("text/plain") if isinstance(data, dict) else one.get("text")
                shown = _text(plain)
                if shown and not _has_picture(one):
                    parts.append(shown if shown.endswith("\n") else shown + "\n")
    return _COLOURS.sub("", "".join(parts)).rstrip("\n")


def _has_picture(one: Json) -> bool:
    """Where there is a picture, the plain form says only that there is one."""
    data = one.get("data")
    return isinstance(data, dict) and any(media_type in data for media_type in _MAGIC)


def _picture(cell: Json, most: int) -> str:
    outputs = cell.get("outputs")
    for one in outputs if isinstance(outputs, list) else []:
        if not isinstance(one, dict):
            continue
        data = one.get("data")
        data = data if isinstance(data, dict) else {}
        for media_type, magic in _MAGIC.items():
            old = one.get(media_type.removeprefix("image/"))  # as version 3 has it
            text = "".join(_text(data.get(media_type, old)).split())
            if not 0 < len(text) <= most:
                continue
            try:
                if base64.b64decode(text, validate=True).startswith(magic):
                    return text
            except (binascii.Error, ValueError):
                continue
    return ""


def _kind(cell: Json) -> Literal["markdown", "code", "raw"]:
    match cell.get("cell_type"):
        case "code":
            return "code"
        case "markdown" | "heading" | "html":
            return "markdown"
        case _:
            return "raw"


def _language(notebook: Json) -> str:
    metadata = notebook.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        part = metadata.get(key)
        if isinstance(part, dict) and isinstance(part.get(name), str):
            return str(part[name])[:40].lower()
    return "python"


def _text(value: object) -> str:
    """A text, or its lines."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return ""


def _cut(text: str) -> str:
    clean = text.encode("utf-8", "replace").decode()
    return clean if len(clean) <= SOURCE else clean[:SOURCE] + "…"
