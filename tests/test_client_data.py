"""Tables out of files: every format by its type or name, options of pandas, and what is said of what is broken."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import pandas as pd
import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal

from collabchat import errors
from collabchat.client.data import form_of, read_table

FRAME = pd.DataFrame({"table": ["visits", "orders"], "seconds": [12, 30]})


@dataclass
class Stored:
    """A file of a message, as far as a table needs one."""

    name: str
    content: bytes
    type: str = "application/octet-stream"

    def open(self) -> BinaryIO:
        return io.BytesIO(self.content)

    def df(self, **options: Any) -> pd.DataFrame:
        return read_table(cast(Any, self), options)


def arrow(stream: bool) -> bytes:
    table = pa.Table.from_pandas(FRAME, preserve_index=False)
    sink = io.BytesIO()
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def parquet() -> bytes:
    sink = io.BytesIO()
    FRAME.to_parquet(sink)
    return sink.getvalue()


def workbook() -> bytes:
    """The smallest workbook that there is, written by hand."""

    def cell(place: str, value: object) -> str:
        if isinstance(value, str):
            return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c r="{place}"><v>{value}</v></c>'

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    relations = f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}'
    lines = [list(FRAME.columns), *FRAME.to_numpy().tolist()]
    rows = "".join(
        f'<row r="{r}">{cell(f"A{r}", first)}{cell(f"B{r}", second)}</row>'
        for r, (first, second) in enumerate(lines, 1)
    )
    sheets = f'<sheets xmlns:r="{office}"><sheet name="load" sheetId="1" r:id="r1"/></sheets>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": f'{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return sink.getvalue()


CSV = FRAME.to_csv(index=False).encode()
LINES = FRAME.to_json(orient="records", lines=True).encode()


@pytest.mark.parametrize(
    "file",
    [
        Stored("load.csv", CSV),
        Stored("load.CSV", CSV, "text/plain"),
        Stored("load", CSV, "text/csv; charset=utf-8"),
        Stored("load.txt", CSV, "text/csv"),
        Stored("load.tsv", FRAME.to_csv(index=False, sep="\t").encode(), "text/plain"),
        Stored("load.csv.gz", gzip.compress(CSV), "application/gzip"),
        Stored("load.csv.bz2", bz2.compress(CSV)),
        Stored("load.csv.xz", lzma.compress(CSV)),
        Stored("load.jsonl.gz", gzip.compress(LINES)),
        Stored("load.json", FRAME.to_json(orient="records").encode(), "application/json"),
        Stored("load.jsonl", LINES, "application/json"),
        Stored("load.ndjson", LINES),
        Stored("load", LINES, "application/x-ndjson"),
        Stored("load.parquet", parquet()),
        Stored("load", parquet(), "application/vnd.apache.parquet"),
        Stored("load.feather", arrow(stream=False)),
        Stored("load.arrow", arrow(stream=False)),
        Stored("load.arrows", arrow(stream=True)),
        Stored("load", arrow(stream=True), "application/vnd.apache.arrow.stream"),
        Stored("load.xlsx", workbook()),
        Stored("load", workbook(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
    ids=lambda file: f"{file.name}-{file.type}",
)
def test_every_format(file: Stored) -> None:
    assert_frame_equal(file.df(), FRAME)


def test_options_go_to_pandas() -> None:
    assert Stored("load.csv", CSV).df(usecols=["seconds"]).columns.tolist() == ["seconds"]
    assert Stored("load.csv", CSV.replace(b",", b";")).df(sep=";").equals(FRAME)
    assert Stored("load.parquet", parquet()).df(columns=["table"]).columns.tolist() == ["table"]
    assert Stored("load.arrows", arrow(stream=True)).df(columns=["table"]).columns.tolist() == ["table"]
    assert Stored("load.xlsx", workbook()).df(sheet_name="load", nrows=1).shape == (1, 2)
    assert Stored("load.jsonl", LINES).df(nrows=1).shape == (1, 2)
    with pytest.raises(TypeError, match="colour"):
        Stored("load.csv", CSV).df(colour="red")


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (Stored("load.csv", b""), "as CSV: No columns"),
        (Stored("load.csv", b"\xff\xfe\x00a,b\n"), "as CSV: "),
        (Stored("load.csv", b'a,b\n"1,2\n'), "as CSV: "),
        (Stored("load.csv.gz", CSV), "as CSV: "),
        (Stored("load.json", b"{"), "as JSON: "),
        (Stored("load.jsonl", b"{}\n{"), "as JSON lines: "),
        (Stored("load.parquet", b"PAR1PAR1"), "as Parquet: "),
        (Stored("load.parquet", parquet()[:-9]), "as Parquet: "),
        (Stored("load.arrow", b"ARROW1\0\0"), "as Arrow: "),
        (Stored("load.arrows", b"stream"), "as Arrow: "),
        (Stored("load.xlsx", b"PK\x03\x04"), "as a workbook: "),
        (Stored("load.xls", b"nothing"), "as a workbook: "),
    ],
    ids=lambda value: value.name if isinstance(value, Stored) else "",
)
def test_what_is_broken_says_so(file: Stored, says: str) -> None:
    with pytest.raises(errors.Invalid, match=f"'{file.name}' cannot be read {says}"):
        file.df()


@pytest.mark.parametrize("name", ["a.pdf", "a.png", "a", "a.tar.gz", "a.gz", "a.zip", ".csv.bak"])
def test_what_is_no_table(name: str) -> None:
    with pytest.raises(errors.Invalid, match="is no table that can be read"):
        Stored(name, b"x").df()


def test_a_packed_table_of_another_kind() -> None:
    with pytest.raises(errors.Invalid, match="is packed: unpack"):
        Stored("a.parquet.gz", gzip.compress(parquet())).df()


def test_what_a_name_and_a_type_say() -> None:
    assert form_of("application/vnd.ms-excel", "old.csv") == ("csv", None), "as some systems call every CSV"
    assert form_of("text/csv", "x") == ("csv", None)
    assert form_of("application/zip", "load.csv.zip") == ("csv", "zip")


def test_without_what_reads_workbooks(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(errors.Invalid, match=r"pip install 'collabchat\[files\]'"):
        Stored("load.xlsx", workbook()).df()
