"""Data files: what is shown of them is what is in them, however they were written."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sys
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import hostile
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collabchat import protocol as p
from collabchat.previews.limits import Deadline
from collabchat.previews.tables import delimited, preview

Preview = Callable[[bytes | str, str], Any]


def types(shown: p.TablePreview) -> dict[str, str]:
    return {column.name: column.type for column in shown.columns}


def column(shown: p.TablePreview, name: str) -> p.Column:
    return next(one for one in shown.columns if one.name == name)


# ---------------------------------------------------------------- CSV

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0;\t|"), max_size=12)
NAMES = st.text("abcdefghäöß_", min_size=1, max_size=8)


def written(names: list[str], rows: list[list[str]]) -> tuple[str, list[list[str]]]:
    """A file, and what the csv module reads out of it but the names."""
    file = io.StringIO()
    csv.writer(file).writerows([names, *rows])
    return file.getvalue(), list(csv.reader(io.StringIO(file.getvalue(), newline="")))[1:]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    names = draw(st.lists(NAMES, min_size=2, max_size=5))
    return names, draw(st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), max_size=30))


@given(tables())
def test_a_csv_is_read_as_the_csv_module_reads_it(table: tuple[list[str], list[list[str]]]) -> None:
    names, rows = table
    text, expected = written(names, rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(text.encode())
        source = delimited.read(str(path), "text/csv", Deadline())
    assert source.names == names
    assert (source.n_rows, source.n_columns, len(source)) == (len(expected), len(names), len(expected))
    for at, found in enumerate(source.columns):
        assert found.to_pylist() == [row[at] or None for row in expected]


@settings(max_examples=10, deadline=None)
@given(tables())
def test_what_is_shown_of_a_csv_is_what_was_read(table: tuple[list[str], list[list[str]]]) -> None:
    names, rows = table
    text, expected = written(names, rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(text.encode())
        shown = preview(str(path), "text/csv", Deadline())
    assert isinstance(shown, p.TablePreview)
    assert [one.name for one in shown.columns] == names
    assert (shown.n_rows, shown.n_columns, shown.looked_at) == (len(expected), len(names), len(expected))
    assert shown.rows == [[cell or None for cell in row] for row in expected[:20]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_any_delimiter_and_encoding(delimiter: str, encoding: str, preview_of: Preview) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows([["Straße", "Größe"], ["Öl, roh\nzwei", "1"], ["b", "2"]])
    shown = preview_of(file.getvalue().encode(encoding), "a.csv")
    assert types(shown) == {"Straße": "VARCHAR", "Größe": "BIGINT"}
    assert shown.rows == [["Öl, roh\nzwei", "1"], ["b", "2"]]


TEXT = "n,x,b,d,t,clock,zip,mixed,na\n" + "".join(
    f"{n},{n / 4},{'true' if n % 3 else 'false'},2026-01-{n:02},2026-01-01T{n:02}:00:00Z,{n:02}:30,0{n}12,"
    f"{'x' if n == 7 else n},{'NA' if n % 2 else n}\n"
    for n in range(1, 21)
)


def test_types_and_figures(preview_of: Preview) -> None:
    shown = preview_of(TEXT, "a.csv")
    assert types(shown) == {
        "n": "BIGINT",
        "x": "DOUBLE",
        "b": "BOOLEAN",
        "d": "DATE",
        "t": "TIMESTAMP",
        "clock": "TIME",
        "zip": "BIGINT",
        "mixed": "VARCHAR",
        "na": "BIGINT",
    }
    n = column(shown, "n")
    assert (n.least, n.greatest, n.distinct, n.nulls) == ("1", "20", 20, 0)
    assert (len(n.bars), sum(n.bars)) == (12, 20)
    assert column(shown, "x").least == "0.25"
    assert column(shown, "b").common == [("true", 14), ("false", 6)]
    assert column(shown, "d").greatest == "2026-01-20"
    assert sum(column(shown, "t").bars) == 20
    assert column(shown, "na").nulls == 10
    assert len(column(shown, "mixed").common) == 5
    assert shown.rows[0][5:] == ["01:30", "0112", "1", "NA"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(-(10**12), 10**12) | st.none(), min_size=1, max_size=50))
def test_bars_hold_every_number_once(values: list[int | None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        pq.write_table(pa.table({"n": pa.array(values, pa.int64())}), path)
        shown = preview(str(path), "application/vnd.apache.parquet", Deadline())
    assert isinstance(shown, p.TablePreview)
    there = [value for value in values if value is not None]
    found = shown.columns[0]
    assert found.nulls == len(values) - len(there)
    assert found.distinct == len(set(there))
    if there:
        least, width = min(there), max(there) - min(there)
        bars = [0] * (12 if width else 1)
        for value in there:
            bars[min(11, int((value - least) / width * 12)) if width else 0] += 1
        assert found.bars == bars
        assert (found.least, found.greatest) == (str(min(there)), str(max(there)))


@pytest.mark.parametrize(
    ("text", "names", "rows"),
    [
        ("1,2\n3,4\n", ["column0", "column1"], [["1", "2"], ["3", "4"]]),
        ("2026-01-01,a\n2026-01-02,b\n", ["column0", "column1"], [["2026-01-01", "a"], ["2026-01-02", "b"]]),
        ("a,b\n", ["a", "b"], []),
        ("country,2019,2020,2021\nFR,1,2,3\n", ["country", "2019", "2020", "2021"], [["FR", "1", "2", "3"]]),
        ("a,,a\n1,2,3\n", ["a", "column1", "a"], [["1", "2", "3"]]),
        ("id,7\n1,x\n", ["id", "7"], [["1", "x"]]),
        ("a,b\n1\n1,2,3\n\n4,5\n", ["a", "b", "column2"], [["1", None, None], ["1", "2", "3"], ["4", "5", None]]),
        ("sep=|\na|b,c\n1|2\n", ["a", "b,c"], [["1", "2"]]),
        ("a;b\n1,5;2\n3,25;4\n", ["a", "b"], [["1,5", "2"], ["3,25", "4"]]),
        ("name\nAna\nBo\n", ["name"], [["Ana"], ["Bo"]]),
        ('a,b\n"x ""y""",2\n', ["a", "b"], [['x "y"', "2"]]),
        ('a,b\n"never closed,1\n' + "c,2\n" * 300_000, ["a", "b"], [['"never closed', "1"], *[["c", "2"]] * 19]),
        ("a,b\r\n1,2\r\n", ["a", "b"], [["1", "2"]]),
        ("a,b\r1,2\r", ["a", "b"], [["1", "2"]]),
        ("", [], []),
        ("\n\n\n", [], []),
        ("a\0,b\n1,2\n", None, None),
    ],
)
def test_rows_as_people_write_them(
    text: str, names: list[str] | None, rows: list[list[str | None]] | None, preview_of: Preview
) -> None:
    shown = preview_of(text, "a.csv")
    if names is None:
        assert shown == p.NoPreview()  # with a NUL in it, it is no text
        return
    assert [one.name for one in shown.columns] == names
    assert shown.rows == rows


def test_a_comma_in_numbers_is_understood(preview_of: Preview) -> None:
    shown = preview_of("a;b\n1,5;2\n3,25;4\n", "a.csv")
    assert types(shown) == {"a": "DOUBLE", "b": "BIGINT"}
    assert column(shown, "a").greatest == "3.25"


def test_the_first_columns_of_a_wide_table(preview_of: Preview) -> None:
    text = "\n".join(",".join(f"{row}{at}" if row else f"c{at}" for at in range(3_000)) for row in range(5))
    shown = preview_of(text, "a.csv")
    assert (shown.n_columns, len(shown.columns), shown.n_rows) == (3_000, 50, 4)
    assert all(len(row) == 50 for row in shown.rows)


def test_cells_are_cut(preview_of: Preview) -> None:
    shown = preview_of("a,b\n" + "x" * 5_000 + ",1\n", "a.csv")
    assert shown.rows[0][0] == "x" * 120 + "…"
    assert column(shown, "a").common == [("x" * 120 + "…", 1)]


def test_a_long_table_is_counted_and_looked_at_in_part(preview_of: Preview) -> None:
    shown = preview_of("a,b\n" + '1,"x\ny"\n' * 250_000, "a.csv")
    assert (shown.n_rows, shown.looked_at) == (250_000, 100_000)
    assert column(shown, "a").bars == [100_000]


def test_rows_that_take_too_long_to_count_are_not_counted(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("a,b\n" + "1,2\n" * 200_000)
    source = delimited.read(str(path), "text/csv", Deadline(0))
    assert source.n_rows is None
    assert len(source) > 0


# ---------------------------------------------------------------- JSON


def test_json_lines(preview_of: Preview) -> None:
    rows = [{"a": 1, "b": "x"}, {"a": 2, "c": {"deep": [1]}}, {"a": None, "b": "y"}]
    shown = preview_of("\n".join(map(json.dumps, rows)), "a.jsonl")
    assert types(shown) == {"a": "BIGINT", "b": "VARCHAR", "c": "VARCHAR"}
    assert shown.rows == [["1", "x", None], ["2", None, '{"deep": [1]}'], [None, "y", None]]
    assert shown.n_rows == 3


def test_json_arrays(preview_of: Preview) -> None:
    rows = [{"n": at, "text": "ä" * (at % 500)} for at in range(20_000)]
    shown = preview_of(json.dumps(rows, ensure_ascii=False), "a.json")
    assert (shown.n_rows, shown.n_columns) == (20_000, 2)
    assert column(shown, "n").greatest == "19999"
    mixed = preview_of('[{"a": 1}, {"a": "x"}, {"a": 1.5, "b": 123456789012345678901234567890}]', "a.json")
    assert types(mixed) == {"a": "VARCHAR", "b": "VARCHAR"}


@pytest.mark.parametrize("text", ['{"a": 1}', "[1, 2, 3]", "[]", '"x"', "[[1, 2]]"])
def test_other_json_is_shown_as_text(text: str, preview_of: Preview) -> None:
    assert preview_of(text, "a.json") == p.TextPreview(text=text, language="json", n_lines=1)


@pytest.mark.parametrize("text", ['[{"a": 1}, {"a"', "[1 2]", '[{"a": 1}', "[{]"])
def test_broken_json_says_so(text: str, preview_of: Preview) -> None:
    assert preview_of(text, "a.json") == p.NoPreview(problem="This file is no JSON: it may be cut or damaged.")


def test_a_half_of_a_character_is_no_reason(preview_of: Preview) -> None:
    shown = preview_of('{"a": "\\ud800x", "\\ud800": NaN}', "a.jsonl")
    assert shown.rows == [["?x", "nan"]]


# ---------------------------------------------------------------- columns


ODD = pa.table(
    {
        "a.b": pa.array([1, 2, None]),
        "nested": pa.array([{"x": 1}, {"x": 2}, None]),
        "list": pa.array([[1], [], None]),
        "price": pa.array([Decimal("1.50"), None, Decimal("2.25")]),
        "code": pa.array(["a", "b", "a"]).dictionary_encode(),
        "when": pa.array([dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)] * 3),
        "bytes": pa.array([b"\0\1", b"x", None]),
        "nan": pa.array([float("nan"), float("inf"), 1.0]),
    }
)


def arrow(table: Any, *, stream: bool = False) -> bytes:
    sink = pa.BufferOutputStream()
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    return sink.getvalue().to_pybytes()


def parquet(table: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


def feathered(table: Any, **options: Any) -> bytes:
    file = io.BytesIO()
    feather.write_feather(table, file, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (parquet(ODD), "a.parquet"),
        (arrow(ODD), "a.arrow"),
        (arrow(ODD, stream=True), "a.arrows"),
        (feathered(ODD, compression="zstd"), "a.feather"),
    ],
)
def test_columns_of_every_kind(content: bytes, name: str, preview_of: Preview) -> None:
    shown = preview_of(content, name)
    assert (shown.n_rows, shown.n_columns) == (3, 8)
    assert types(shown)["a.b"] == "BIGINT"
    assert types(shown)["price"] == "DECIMAL(3,2)"
    assert types(shown)["when"] == "TIMESTAMP WITH TIME ZONE"
    assert types(shown)["code"] == "VARCHAR"
    assert shown.rows[0] == ["1", "{'x': 1}", "[1]", "1.50", "a", "2020-01-01 12:00:00+00", "\\x00\\x01", "nan"]
    assert shown.rows[2][:4] == [None, None, None, "2.25"]
    assert column(shown, "nan").bars == [1]
    assert column(shown, "code").common == [("a", 2), ("b", 1)]


def test_a_table_without_columns_or_rows(preview_of: Preview) -> None:
    assert preview_of(parquet(pa.table({"a": pa.array([], pa.int64())})), "a.parquet").rows == []
    assert preview_of(parquet(pa.table({})), "a.parquet").columns == []
    assert preview_of(arrow(pa.table({"a": pa.array([], pa.string())})), "a.arrow").n_rows == 0


@pytest.mark.parametrize("cut", [9, 30, -1, -4, -20])
@pytest.mark.parametrize(("content", "name"), [(parquet(ODD), "a.parquet"), (arrow(ODD), "a.arrow")])
def test_a_broken_footer_says_so(content: bytes, name: str, cut: int, preview_of: Preview) -> None:
    shown = preview_of(content[:cut], name)
    assert shown == p.NoPreview(problem="This file could not be read: it may be cut or damaged.")


def test_more_rows_than_are_looked_at(preview_of: Preview) -> None:
    table = pa.table({"n": list(range(150_000))})
    for content, name in ((parquet(table), "a.parquet"), (feathered(table), "a.feather")):
        shown = preview_of(content, name)
        assert (shown.n_rows, shown.looked_at) == (150_000, 100_000)


# ---------------------------------------------------------------- workbooks


def test_a_workbook(preview_of: Preview, words_of: Callable[[bytes, str], str]) -> None:
    content = hostile.workbook([["name", "n", "x"], ["Ana", 1, 1.5], ["Bo", 2, 2.25], ["Cy", 4, 0]])
    shown = preview_of(content, "a.xlsx")
    assert types(shown) == {"name": "VARCHAR", "n": "BIGINT", "x": "DOUBLE"}
    assert shown.rows == [["Ana", "1", "1.5"], ["Bo", "2", "2.25"], ["Cy", "4", "0.0"]]
    assert (shown.n_rows, shown.sheets) == (3, ["Sales", "Notes"])
    assert words_of(content, "a.xlsx").split()[:6] == ["Sales", "Notes", "name", "n", "x", "Ana"]


def test_a_workbook_without_names(preview_of: Preview) -> None:
    assert preview_of(hostile.workbook([[1, 2], [3, 4]]), "a.xlsx").rows == [["1", "2"], ["3", "4"]]
    assert preview_of(hostile.workbook([]), "a.xlsx").sheets == ["Sales", "Notes"]


def test_an_open_document_workbook(preview_of: Preview) -> None:
    cells = "".join(
        f'<table:table-row><table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
        f'<table:table-cell office:value-type="date" office:date-value="2026-01-0{day}"/></table:table-row>'
        for name, day in (("a", 1), ("b", 2))
    )
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    content = hostile.zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="One">{cells}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
            "META-INF/manifest.xml": '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        },
        packed=False,
    )
    shown = preview_of(content, "a.ods")
    assert types(shown) == {"column0": "VARCHAR", "column1": "DATE"}
    assert shown.rows == [["a", "2026-01-01"], ["b", "2026-01-02"]]


def test_without_calamine_a_workbook_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, preview_of: Preview) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    shown = preview_of(hostile.workbook([["a"]]), "a.xlsx")
    assert shown == p.NoPreview(problem='Workbooks are shown where the hub has the extra "files" installed.')


def test_words_of_columns(words_of: Callable[[bytes, str], str]) -> None:
    assert words_of(hostile.parquet(2), "a.parquet") == "id name\n0 n0\n1 n1"
