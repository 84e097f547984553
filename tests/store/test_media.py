"""What a file is taken for: its content first, then its name, and what a browser would run is never called so."""

from __future__ import annotations

import io
import json
import struct
import tarfile
import zipfile
from typing import get_args

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabchat import protocol as p
from collabchat.store.media import HEAD, media_of, served_type, text_of

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 3, 3) + bytes(9)
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(20)
WEBP = b"RIFF\x20\0\0\0WEBPVP8 " + bytes(20)
AVIF = b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(20)
SVG = '<?xml version="1.0"?>\n<!-- a <comment> -->\n<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'
NOTEBOOK = json.dumps({"cells": [], "nbformat": 4})


def zipped(*names: str, stored: bytes = b"x") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, stored)
    return file.getvalue()


def tarred(mode: str) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        archive.addfile(tarfile.TarInfo("a.txt"))
    return file.getvalue()


def parquet() -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"a": [1]}), file)
    return file.getvalue()


def arrow() -> bytes:
    sink = pa.BufferOutputStream()
    table = pa.table({"a": [1]})
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


OFFICE = ("[Content_Types].xml", "_rels/.rels")
ODS = b"application/vnd.oasis.opendocument.spreadsheet"

EXAMPLES: list[tuple[bytes | str, str, str, str]] = [
    # pictures: whatever they are called
    (PNG, "a.png", "image/png", "picture"),
    (PNG, "a.csv", "image/png", "picture"),
    (PNG, "a.html", "image/png", "picture"),
    (JPEG, "IMG_1.JPG", "image/jpeg", "picture"),
    (b"GIF89a\x05\0\x05\0\x80\0\0", "x", "image/gif", "picture"),
    (WEBP, "a", "image/webp", "picture"),
    (AVIF, "a.avif", "image/avif", "picture"),
    (AVIF.replace(b"avif", b"heic"), "a.heic", "image/heic", "other"),
    (b"II*\0" + bytes(20), "scan.tif", "image/tiff", "other"),
    # a name makes no picture
    (b"", "a.png", "text/plain", "document"),
    ("not a picture", "a.png", "text/plain", "document"),
    ("GIF89a/*", "a.gif", "text/plain", "document"),
    ("GIF89a=1;alert(1)", "a.js", "text/javascript", "code"),
    (bytes(range(256)), "a.png", "application/octet-stream", "other"),
    (b"\x89PNG", "a.png", "text/plain", "document"),
    # what a browser would run
    (SVG, "logo.svg", "image/svg+xml", "code"),
    (SVG, "logo.png", "image/svg+xml", "code"),
    (SVG, "data.csv", "image/svg+xml", "code"),
    ("<svg onload='x()'>", "a.txt", "image/svg+xml", "code"),
    ("<svg:svg xmlns:svg='http://www.w3.org/2000/svg'/>", "a", "image/svg+xml", "code"),
    ("\ufeff  <!DOCTYPE html><p>", "a.txt", "text/html", "code"),
    ("<!-- x --><html>", "report", "text/html", "code"),
    ("<script>alert(1)</script>", "a.csv", "text/html", "code"),
    ("plain words", "a.html", "text/html", "code"),
    ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "a", "application/xhtml+xml", "code"),
    ("<?xml version='1.0'?><feed/>", "a.txt", "application/xml", "code"),
    ("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", "a", "image/svg+xml", "code"),
    ("alert(1)", "a.mjs", "text/javascript", "code"),
    # data
    ("a,b\n1,2\n", "a.csv", "text/csv", "data"),
    ("a;b\n1;2\n".encode("utf-16"), "a.csv", "text/csv", "data"),
    ("Größe;Straße\n".encode("latin-1"), "a.CSV", "text/csv", "data"),
    ("", "a.csv", "text/csv", "data"),
    ("a\tb", "a.tsv", "text/tab-separated-values", "data"),
    ('{"a": 1}\n', "a.jsonl", "application/x-ndjson", "data"),
    ("[1]", "a.json", "application/json", "data"),
    (parquet(), "part-0", "application/vnd.apache.parquet", "data"),
    (arrow(), "a.feather", "application/vnd.apache.arrow.file", "data"),
    ("PAR1S, C'EST TOUT", "a.txt", "text/plain", "document"),
    (
        zipped(*OFFICE, "xl/workbook.xml"),
        "book",
        IN_XLSX := "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "data",
    ),
    (zipped(*OFFICE, "xl/workbook.xml"), "book.png", IN_XLSX, "data"),
    (zipped("mimetype", "content.xml", stored=ODS), "b.zip", ODS.decode(), "data"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20), "old.xls", "application/vnd.ms-excel", "data"),
    (b"SQLite format 3\0" + bytes(90), "a.db", "application/vnd.sqlite3", "data"),
    (bytes(8) + b"DUCK" + bytes(20), "a.duckdb", "application/vnd.duckdb", "data"),
    # documents
    (b"%PDF-1.7\n%\xe2\xe3", "a.html", "application/pdf", "document"),
    (
        zipped(*OFFICE, "word/document.xml"),
        "a.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "document",
    ),
    ("# Title\n<div>", "README.md", "text/markdown", "document"),
    ("<div align=center>", "README.md", "text/markdown", "document"),
    ("words", "LICENSE", "text/plain", "document"),
    ("日本語の文".encode(), "ノート", "text/plain", "document"),
    # code and notebooks
    ("import os", "a.py", "text/x-python", "code"),
    ("FROM scratch", "Dockerfile", "text/x-dockerfile", "code"),
    (NOTEBOOK, "a.ipynb", "application/x-ipynb+json", "notebook"),
    ("not a notebook", "a.ipynb", "text/plain", "document"),
    ("interface A {}", "a.ts", "text/x-typescript", "code"),
    (b"\x47" + bytes(187), "a.ts", "application/octet-stream", "other"),
    # sound and video
    (b"ID3\x04" + bytes(30), "a.mp3", "audio/mpeg", "sound"),
    (b"\xff\xfb\x90\0" + bytes(30), "a.mp3", "audio/mpeg", "sound"),
    (b"\xff\xfb\x90\0" + bytes(30), "a.dat", "application/octet-stream", "other"),
    (b"RIFF\x24\0\0\0WAVEfmt \x10\0", "a.wav", "audio/wav", "sound"),
    (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "a.mp4", "video/mp4", "video"),
    (b"\0\0\0\x18ftypM4A \0\0\0\0isommp42", "a.m4a", "audio/mp4", "sound"),
    (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "a.webm", "video/webm", "video"),
    (b"OggS\0\x02" + bytes(40), "a.ogg", "audio/ogg", "sound"),
    # archives and the rest
    (zipped("a.txt"), "a.zip", "application/zip", "archive"),
    (zipped("a.txt"), "a.png", "application/zip", "archive"),
    (zipped(), "a.zip", "application/zip", "archive"),
    (zipped("a.txt"), "x.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document"),
    (tarred("w"), "a.tar", "application/x-tar", "archive"),
    (tarred("w:gz"), "a.tgz", "application/gzip", "archive"),
    (b"7z\xbc\xaf\x27\x1c\0\4", "a.7z", "application/x-7z-compressed", "archive"),
    (b"MZ\x90\0\3\0\0\0", "setup.txt", "application/vnd.microsoft.portable-executable", "other"),
    (b"\x7fELF\2\1\1\0", "tool", "application/x-elf", "other"),
    (b"\0" * 100, "zeros.csv", "application/octet-stream", "other"),
]


@pytest.mark.parametrize(("content", "name", "media_type", "kind"), EXAMPLES)
def test_a_file_is_what_it_holds(content: bytes | str, name: str, media_type: str, kind: str) -> None:
    head = content.encode() if isinstance(content, str) else content
    assert media_of(head, name) == (media_type, kind)


RUN = [media_type for _, _, media_type, _ in EXAMPLES if any(word in media_type for word in ("html", "xml", "script"))]


@pytest.mark.parametrize("media_type", sorted({*RUN, "application/pdf", "text/css", "image/svg+xml", "text/x-vue"}))
def test_what_a_browser_would_run_is_served_as_bytes(media_type: str) -> None:
    assert served_type(media_type) == "application/octet-stream"


@pytest.mark.parametrize(
    ("media_type", "served"),
    [
        ("image/png", "image/png"),
        ("image/avif", "image/avif"),
        ("audio/mpeg", "audio/mpeg"),
        ("video/webm", "video/webm"),
        ("text/plain", "text/plain"),
        ("text/csv", "text/plain"),
        ("text/markdown", "text/plain"),
        ("audio/x; charset=evil", "application/octet-stream"),
        ("", "application/octet-stream"),
        ("video/x\n", "application/octet-stream"),
    ],
)
def test_the_rest_stays_what_it_is_or_is_plain(media_type: str, served: str) -> None:
    assert served_type(media_type) == served


HEADS = [content.encode() if isinstance(content, str) else content for content, *_ in EXAMPLES]
NAMES = [name for _, name, *_ in EXAMPLES]
MARKS = {"image/png": PNG[:8], "image/jpeg": JPEG[:3], "image/gif": b"GIF8", "image/webp": b"RIFF"}


@given(
    st.binary(max_size=200) | st.sampled_from(HEADS) | st.text(max_size=100).map(lambda text: text.encode()),
    st.binary(max_size=20),
    st.text(max_size=20) | st.sampled_from(NAMES),
)
def test_anything_is_something(head: bytes, more: bytes, name: str) -> None:
    """It never raises, a name alone makes no picture, and text is never a picture, sound or video."""
    media_type, kind = media_of(head + more, name)
    assert kind in get_args(p.FileKind)
    assert 0 < len(media_type) <= 120
    if media_type in MARKS:
        assert (head + more).startswith(MARKS[media_type])
        assert kind == "picture"
    if text_of(head + more) is not None:
        assert kind not in {"picture", "sound", "video"}
        assert served_type(media_type) in {"text/plain", "application/octet-stream"}


@given(st.sampled_from(HEADS), st.integers(0, 40), st.sampled_from(NAMES))
def test_a_cut_head_is_something_too(head: bytes, length: int, name: str) -> None:
    assert media_of(head[:length], name)[1] in get_args(p.FileKind)


def test_no_more_than_the_head_is_looked_at() -> None:
    assert media_of(b"a" * HEAD + b"\0" * HEAD, "a") == ("text/plain", "document")
    hard = "<!--" * 20_000 + "<!doctype [" * 20_000
    assert media_of(hard.encode(), "a.xml") == ("application/xml", "code")


def test_a_character_that_is_cut_is_no_reason() -> None:
    assert text_of("zażółć".encode()[:-1]) == "zażół"
    assert text_of(b"\xff\xfea\0b") == "a"
