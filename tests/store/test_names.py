"""Names under which files are stored and given back: safe on every system, whatever was sent."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collabchat.store.names import safe_name, visible_name

TABLE = {
    "report.csv": "report.csv",
    "../../etc/passwd": "passwd",
    "..\\..\\windows\\win.ini": "win.ini",
    "C:\\Users\\ana\\a.xlsx": "a.xlsx",
    "/": "file",
    "..": "file",
    ".": "file",
    "": "file",
    " \t ": "file",
    "a/": "a",
    ".gitignore": ".gitignore",
    "...hidden.txt": "...hidden.txt",
    "a\0b\x1b[31m.txt": "ab[31m.txt",
    "two\nlines.txt": "twolines.txt",
    "invoice\u202efdp.exe": "invoicefdp.exe",
    "a\u200b\u2066b\u2069\ufeff.txt": "ab.txt",
    "CON": "_CON",
    "con.txt": "_con.txt",
    "aux.": "_aux",
    "NUL .csv": "_NUL .csv",
    "com1.tar.gz": "_com1.tar.gz",
    "LPT²": "_LPT²",
    "com10": "com10",
    "console.log": "console.log",
    'a<b>c:d"e|f?g*h.txt': "a_b_c_d_e_f_g_h.txt",
    "trailing. . .": "trailing",
    " around .txt ": "around .txt",
    "Grüße 你好 مرحبا 🎉.txt": "Grüße 你好 مرحبا 🎉.txt",
    "u\u0308.txt": "ü.txt",
    "a\u200cb.txt": "a\u200cb.txt",
    "lone\ud800.txt": "lone_.txt",
    "x" * 300 + ".csv": "x" * 251 + ".csv",
    "你" * 200 + ".parquet": "你" * 82 + ".parquet",
    "." + "e" * 300: "." + "e" * 254,
}


@pytest.mark.parametrize(("given_name", "safe"), TABLE.items())
def test_a_name_becomes_a_safe_one(given_name: str, safe: str) -> None:
    assert safe_name(given_name) == safe


RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³")}
HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(list('./\\:*?"<>| \0\n\r\t\u202e\u2066\u200f\ud800conCONaux12你é🎉')),
    ),
    max_size=400,
)


@given(HOSTILE)
@example("con" + "." * 300)
@example("nul" + " " * 300 + ".txt")
@example("a." + "b" * 40 + "." * 5)
@example("x" * 250 + " . . ." + "csv")
def test_whatever_is_sent_the_name_is_safe_and_stays_so(name: str) -> None:
    safe = safe_name(name)
    assert 1 <= len(safe.encode()) <= 255
    assert safe not in (".", "..")
    assert not set(safe) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") for one in safe)
    assert not any(unicodedata.bidirectional(one) in BIDI for one in safe)
    assert safe == safe.strip()
    assert not safe.endswith(".")
    assert safe.split(".")[0].strip().casefold() not in RESERVED
    assert safe_name(safe) == safe
    shown = visible_name(name)
    assert not any(unicodedata.bidirectional(one) in BIDI or unicodedata.category(one) == "Cc" for one in shown)
    shown.encode()


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
