"""Files that nobody should have to open, and plain ones to compare them with; each is made here."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

WORKBOOK = {
    "[Content_Types].xml": (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="xl/workbook.xml" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        '<sheet name="Sales" sheetId="1" r:id="r1"/><sheet name="Notes" sheetId="2" r:id="r2"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="worksheets/sheet1.xml" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>'
        '<Relationship Id="r2" Target="worksheets/sheet2.xml" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
    ),
}
SHEET = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def zipped(parts: dict[str, str | bytes], *, packed: bool = True) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def workbook(rows: list[list[object]]) -> bytes:
    """A workbook of two sheets, the second of which is empty."""
    return zipped({**WORKBOOK, "xl/worksheets/sheet1.xml": _sheet(rows), "xl/worksheets/sheet2.xml": _sheet([])})


def _sheet(rows: list[list[object]]) -> str:
    lines = [
        f'<row r="{number}">' + "".join(_cell(value, at, number) for at, value in enumerate(row)) + "</row>"
        for number, row in enumerate(rows, 1)
    ]
    return SHEET + "".join(lines) + "</sheetData></worksheet>"


def _cell(value: object, at: int, number: int) -> str:
    where = f'r="{chr(65 + at)}{number}"'
    if isinstance(value, int | float):
        return f"<c {where}><v>{value}</v></c>"
    return f'<c {where} t="inlineStr"><is><t>{value}</t></is></c>'


def wide_workbook() -> bytes:
    """Two cells, as far from each other as there is room: a table of 17 thousand million cells."""
    sheet = SHEET + '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return zipped({**WORKBOOK, "xl/worksheets/sheet1.xml": sheet + "</sheetData></worksheet>"})


def bomb_workbook() -> bytes:
    """A sheet of 400 MB of spaces."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in WORKBOOK.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(SHEET.encode())
            for _ in range(100):
                part.write(b" " * 4_000_000)
    return file.getvalue()


def document(body: str, before: str = "") -> bytes:
    """A text document of paragraphs; ``before`` stands ahead of its root."""
    xml = (
        f'<?xml version="1.0"?>{before}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{body}</w:body></w:document>"
    )
    app = "<Properties><Pages>3</Pages></Properties>"
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": xml, "docProps/app.xml": app})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def entity_bomb() -> bytes:
    """A thousand million laughs."""
    lines = ['<!ENTITY a0 "ha">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return document(paragraph("&a9;"), before=f"<!DOCTYPE w [{''.join(lines)}]>")


def entity_of_a_file(path: Path) -> bytes:
    return document(paragraph("&file;"), before=f'<!DOCTYPE w [<!ENTITY file SYSTEM "{path.as_uri()}">]>')


def bomb_document() -> bytes:
    """A document of 300 MB of one word."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(b"<d>")
            for _ in range(75):
                part.write(b"<p>" * 1_000_000 + b"</p>" * 250_000)
    return file.getvalue()


def png(width: int, height: int, *, whole: bool = True) -> bytes:
    """A black picture of one bit a pixel; not ``whole``: a head that promises it."""
    head = b"IHDR" + struct.pack(">II", width, height) + b"\x01\0\0\0\0"
    packer = zlib.compressobj(1)
    rows = b"".join(packer.compress(bytes(1 + (width + 7) // 8)) for _ in range(height if whole else 1))
    return b"\x89PNG\r\n\x1a\n" + _chunk(head) + _chunk(b"IDAT" + rows + packer.flush()) + _chunk(b"IEND")


def _chunk(body: bytes) -> bytes:
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def gif(width: int, height: int) -> bytes:
    """A picture of one pixel on a screen that says how large it is."""
    screen = b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0" + bytes(3) + b"\xff\xff\xff"
    return screen + b"," + struct.pack("<HHHH", 0, 0, 1, 1) + b"\0\x02\x02\x44\x01\0;"


def parquet(rows: int = 3) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"id": list(range(rows)), "name": [f"n{at}" for at in range(rows)]}), file)
    return file.getvalue()


def bomb_parquet() -> bytes:
    """Ten thousand times the same megabyte, written once."""
    file = io.BytesIO()
    values = pa.DictionaryArray.from_arrays(pa.array([0] * 10_000, pa.int32()), ["x" * 1_000_000])
    pq.write_table(pa.table({"a": values}), file)
    return file.getvalue()


def deep_json(levels: int = 100_000) -> bytes:
    return b"[" * levels + b"]" * levels


def deep_notebook(levels: int = 100_000) -> bytes:
    return b'{"cells": [' + b'{"outputs": [' * levels + b"]}" * levels + b"]}"


def notebook(cells: list[dict[str, object]], **more: object) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}).encode()
