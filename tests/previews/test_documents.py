"""Documents, notebooks, text, code and archives: what people read in them, and nothing that they would do."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hostile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabchat import protocol as p
from collabchat.previews import notebook, office, texts
from collabchat.previews.languages import all_languages, language_of

Preview = Callable[[bytes | str, str], Any]
Words = Callable[[bytes | str, str], str]
FILES = Path(__file__).parents[2] / "data" / "files"
PNG = base64.b64encode(hostile.png(2, 2)).decode()


# ---------------------------------------------------------------- text and code


def test_text_and_code_show_their_first_lines(preview_of: Preview, words_of: Words) -> None:
    text = "".join(f"line {at}\n" for at in range(1_000))
    assert preview_of(text, "a.py") == p.TextPreview(
        text="".join(f"line {at}\n" for at in range(200)), language="python", n_lines=1_000, more=True
    )
    assert words_of(text, "a.py") == text
    assert preview_of("one\ntwo", "a.txt") == p.TextPreview(text="one\ntwo", n_lines=2)
    assert preview_of("", "a.py") == p.TextPreview(text="", language="python", n_lines=0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_any_encoding(encoding: str, preview_of: Preview, words_of: Words) -> None:
    content = "naïve € café\r\nzwei".encode(encoding)
    assert preview_of(content, "a.txt") == p.TextPreview(text="naïve € café\nzwei", n_lines=2)
    assert words_of(content, "a.txt") == "naïve € café\nzwei"


def test_a_line_of_megabytes_is_cut(preview_of: Preview, words_of: Words) -> None:
    shown = preview_of("x" * 3_000_000, "a.js")
    assert (len(shown.text), shown.n_lines, shown.more) == (65_536, 1, True)
    assert len(words_of("word " * 1_000_000, "a.txt")) == 1_000_000


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<!doctype html><script>alert(1)</script>", "a.html"),
        ("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg"),
        ("<svg onload='alert(1)'/>", "picture.png"),
        ("<?xml version='1.0'?><a/>", "a.xml"),
    ],
)
def test_what_a_browser_would_run_is_text(text: str, name: str, preview_of: Preview) -> None:
    assert preview_of(text, name) == p.TextPreview(text=text, language="xml", n_lines=1)


def test_languages_are_ones_that_the_panel_knows() -> None:
    source = (Path(__file__).parents[2] / "js" / "src" / "markdown" / "highlight.ts").read_text(encoding="utf-8")
    table = source.split("const LANGUAGES = {")[1].split("};")[0]
    assert all_languages() <= set(re.findall(r"\b([a-z]+)\b", table))
    assert language_of("Dockerfile", "text/x-dockerfile") == "dockerfile"
    assert language_of("Makefile", "text/x-makefile") == "makefile"
    assert language_of("notes", "text/plain") == ""


@given(st.binary(max_size=300))
def test_any_bytes_are_read_as_text_without_a_fault(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(content)
        shown = texts.preview(str(path), "a.txt", "text/plain")
    assert "\0" not in shown.text
    shown.text.encode()


# ---------------------------------------------------------------- notebooks


def test_a_notebook_as_it_was_saved(preview_of: Preview, words_of: Words) -> None:
    content = hostile.notebook(
        [
            {"cell_type": "markdown", "source": ["# Title\n", "words"]},
            {
                "cell_type": "code",
                "source": "print(1)",
                "execution_count": 7,
                "outputs": [
                    {"output_type": "stream", "name": "stdout", "text": ["\x1b[31m1\x1b[0m\n"]},
                    {"output_type": "display_data", "data": {"image/png": PNG, "text/plain": "<Figure>"}},
                    {
                        "output_type": "execute_result",
                        "data": {"text/html": "<script>alert(1)</script>", "text/plain": ["   a\n", "0  1"]},
                    },
                    {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []},
                ],
            },
            {"cell_type": "raw", "source": "as it is"},
        ],
        metadata={"language_info": {"name": "R"}},
    )
    shown = preview_of(content, "a.ipynb")
    assert shown == p.NotebookPreview(
        cells=[
            p.Cell(kind="markdown", source="# Title\nwords"),
            p.Cell(kind="code", source="print(1)", count=7, output="1\n   a\n0  1\nValueError: no", picture=PNG),
            p.Cell(kind="raw", source="as it is"),
        ],
        language="r",
        n_cells=3,
    )
    assert words_of(content, "a.ipynb") == "# Title\nwords\n\nprint(1)\n\n1\n   a\n0  1\nValueError: no\n\nas it is"


def test_a_notebook_of_version_3(preview_of: Preview) -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "source": "Old"},
        {
            "cell_type": "code",
            "input": "x",
            "prompt_number": 1,
            "outputs": [{"output_type": "pyout", "text": ["1"]}, {"output_type": "display_data", "png": PNG}],
        },
    ]
    content = json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]})
    assert preview_of(content, "a.ipynb").cells == [
        p.Cell(kind="markdown", source="## Old"),
        p.Cell(kind="code", source="x", count=1, output="1", picture=PNG),
    ]


def test_a_large_notebook_is_shown_in_part(preview_of: Preview) -> None:
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(280_000)).decode()
    output = [{"output_type": "display_data", "data": {"image/png": picture}}]
    cells = [{"cell_type": "code", "source": "x" * 50_000, "outputs": output} for _ in range(100)]
    shown = preview_of(hostile.notebook(cells), "a.ipynb")
    assert (shown.n_cells, len(shown.cells)) == (100, 40)
    assert len(shown.cells[0].source) == 10_001
    assert 0 < sum(len(cell.picture) for cell in shown.cells) <= 2_000_000


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        '{"cells": 1}',
        '{"cells": [}',
        '{"worksheets": {"cells": []}}',
        hostile.notebook([])[:-3],
    ],
)
def test_what_is_no_notebook_says_so(content: bytes | str, preview_of: Preview) -> None:
    assert preview_of(content, "a.ipynb") == p.NoPreview(problem="This is not a notebook that can be read.")


KEYS = ["cell_type", "source", "outputs", "data", "text/plain", "image/png", "output_type", "text", "level", "png"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(PNG),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.sampled_from(["cell_type", "source", "outputs", "level"]), JSON), max_size=3))
def test_cells_of_any_shape(cells: list[dict[str, Any]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(hostile.notebook(cells, metadata=[]))
        shown = notebook.preview(str(path))
    assert isinstance(shown, p.NotebookPreview)
    assert shown.n_cells == len(cells)
    p.encode(p.Preview(req=p.new_req(), preview=shown))


# ---------------------------------------------------------------- office


def test_a_text_document(preview_of: Preview, words_of: Words) -> None:
    content = hostile.document(
        hostile.paragraph("Two words") + "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t>"
        "<w:instrText>HYPERLINK</w:instrText></w:r></w:p>" + hostile.paragraph("x &amp; y")
    )
    assert preview_of(content, "a.docx") == p.DocumentPreview(n_pages=3, text="Two words\na\tb\nc\nx & y")
    assert words_of(content, "a.docx") == "Two words\na\tb\nc\nx & y"


def test_slides_in_their_order(preview_of: Preview) -> None:
    space = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    slides = {
        f"ppt/slides/slide{at}.xml": f"<sld {space}><a:p><a:r><a:t>slide {at}</a:t></a:r></a:p></sld>"
        for at in (10, 2, 1)
    }
    content = hostile.zipped({"[Content_Types].xml": "<Types/>", **slides})
    assert preview_of(content, "a.pptx") == p.DocumentPreview(n_pages=3, text="slide 1\n\nslide 2\n\nslide 10")


def test_an_open_document(preview_of: Preview) -> None:
    space = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    content = hostile.zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<d {space}>\n <text:h>Head</text:h>\n <text:p>one<text:s/>two<text:tab/>3</text:p>\n</d>",
            "meta.xml": '<m meta:page-count="4"/>',
        },
        packed=False,
    )
    assert preview_of(content, "a.odt") == p.DocumentPreview(n_pages=4, text="Head\none two\t3")


def test_entities_are_refused(preview_of: Preview, words_of: Words, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    for content in (hostile.entity_bomb(), hostile.entity_of_a_file(secret)):
        assert preview_of(content, "a.docx") == p.NoPreview(problem=office.DEFINES)
        assert words_of(content, "a.docx") == ""


@pytest.mark.parametrize(
    "content",
    [
        hostile.document("<w:p>"),
        hostile.document(hostile.paragraph("x"))[:-60],
        hostile.document("<w:p>" * 2_000 + "</w:p>" * 2_000),
        hostile.zipped({"other.txt": "x"}),
        b"PK\x03\x04" + bytes(100),
    ],
)
def test_a_damaged_document_says_so(content: bytes, preview_of: Preview) -> None:
    assert preview_of(content, "a.docx") == p.NoPreview(problem="This document could not be read: it may be damaged.")


def test_old_office_files_and_the_like_have_none(preview_of: Preview) -> None:
    assert preview_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc") == p.NoPreview()
    assert preview_of(b"{\\rtf1 hello}", "a.rtf") == p.NoPreview()
    assert preview_of(b"OggS\0\x02" + bytes(40), "a.ogg") == p.NoPreview()
    assert preview_of(b"SQLite format 3\0" + bytes(90), "a.db") == p.NoPreview()
    assert preview_of(bytes(range(256)), "a.bin") == p.NoPreview()


# ---------------------------------------------------------------- PDF


def test_a_pdf(preview_of: Preview, words_of: Words) -> None:
    content = (FILES / "postmortem-2026-10-16.pdf").read_bytes()
    shown = preview_of(content, "a.pdf")
    assert shown.n_pages == 2
    assert "Thursday counted twice" in shown.text
    assert "No passenger was charged twice" in words_of(content, "a.pdf")


@pytest.mark.parametrize("cut", [20, 2_000, -500])
def test_a_damaged_pdf_never_fails(cut: int, preview_of: Preview, words_of: Words) -> None:
    content = (FILES / "postmortem-2026-10-16.pdf").read_bytes()[:cut]
    assert isinstance(preview_of(content, "a.pdf"), p.NoPreview | p.DocumentPreview)
    words_of(content, "a.pdf")


def test_without_pdfium_a_pdf_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, preview_of: Preview, words_of: Words
) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    shown = preview_of(b"%PDF-1.7", "a.pdf")
    assert shown == p.NoPreview(problem='PDF files are shown where the hub has the extra "files" installed.')
    assert words_of(b"%PDF-1.7", "a.pdf") == ""


# ---------------------------------------------------------------- archives


def tarred(mode: str, count: int = 3) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        for at in range(count):
            entry = tarfile.TarInfo(f"folder/{at}.txt")
            entry.size = at
            archive.addfile(entry, io.BytesIO(bytes(at)))
    return file.getvalue()


@pytest.mark.parametrize(
    ("mode", "name"), [("w", "a.tar"), ("w:gz", "a.tar.gz"), ("w:bz2", "a.tbz"), ("w:xz", "a.txz")]
)
def test_a_tar_shows_its_names(mode: str, name: str, preview_of: Preview) -> None:
    names = [("folder/0.txt", 0), ("folder/1.txt", 1), ("folder/2.txt", 2)]
    assert preview_of(tarred(mode), name) == p.ArchivePreview(names=names, n_entries=3)


def test_a_zip_shows_its_names(preview_of: Preview) -> None:
    content = hostile.zipped({f"{at}.txt": "x" * at for at in range(1_000)})
    shown = preview_of(content, "a.zip")
    assert shown.n_entries == 1_000
    assert len(shown.names) == 500
    assert shown.names[3] == ("3.txt", 3)
    inner = hostile.zipped({"a.zip": content, "../../etc/passwd": "x", "evil\0.txt": "x"})
    assert [name for name, _ in preview_of(inner, "a.zip").names] == ["a.zip", "../../etc/passwd", "evil"]


def test_a_packed_file_shows_its_name(preview_of: Preview) -> None:
    assert preview_of(gzip.compress(b"x" * 99), "a.csv.gz") == p.ArchivePreview(names=[("a.csv", 99)], n_entries=1)


def test_a_damaged_archive_says_so_or_shows_what_it_has(preview_of: Preview) -> None:
    problem = p.NoPreview(problem="This archive could not be read: it may be damaged.")
    assert preview_of(hostile.zipped({"a": "x"})[:-30], "a.zip") == problem
    assert preview_of(b"\x1f\x8b" + b"\0" * 10, "a.tar.gz").n_entries == 1
    assert preview_of(tarred("w:gz", 2_000)[:4_000], "a.tgz").n_entries > 0


def test_a_zip_that_holds_itself(preview_of: Preview) -> None:
    content = b"x"
    for _ in range(50):
        content = hostile.zipped({"again.zip": content})
    assert preview_of(content, "a.zip").names == [("again.zip", pytest.approx(len(content), abs=300))]


def test_a_zip_whose_directory_is_large(preview_of: Preview) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a", "x")
    raw = bytearray(file.getvalue())
    at = raw.rfind(b"PK\x05\x06")
    raw[at + 12 : at + 16] = (2**31).to_bytes(4, "little")
    assert preview_of(bytes(raw), "a.zip") == p.NoPreview(problem="This archive has too many entries to be listed.")
