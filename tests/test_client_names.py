"""Names to save under: they stay in their folder, and none is there twice."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabchat.client.archive import unique
from collabchat.client.downloads import safe_name
from collabchat.client.files import size_text


@pytest.mark.parametrize(
    ("said", "safe"),
    [
        ("load.csv", "load.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\load.csv", "load.csv"),
        ("..", "file"),
        (".", "file"),
        ("", "file"),
        (" . ", "file"),
        ("folder/", "file"),
        (".hidden", ".hidden"),
        ("NUL.txt", "_NUL.txt"),
        ("com1", "_com1"),
        ("console.log", "console.log"),
        ('a:b?"c"', "a_b__c_"),
        ("a\nb\x00\u202egnp.exe", "abgnp.exe"),
        ("x" * 300 + ".csv", "x" * 251 + ".csv"),
        ("." + "x" * 300, "." + "x" * 254),
        ("日" * 100 + ".csv", "日" * 83 + ".csv"),
        ("half \ud800.txt", "half _.txt"),
    ],
)
def test_a_safe_name(said: str, safe: str) -> None:
    assert safe_name(said) == safe


@given(st.text(st.characters(), max_size=400))
def test_any_name_stays_in_its_folder(said: str) -> None:
    name = safe_name(said)
    assert name not in ("", ".", "..")
    assert not set(name) & set('/\\:*?"<>|\x00\n')
    assert len(name.encode()) <= 255
    assert os.path.basename(name) == name  # noqa: PTH119
    assert safe_name(name) == name


@given(
    st.lists(st.sampled_from(["a.csv", "A.csv", "a (2).csv", "a", ".a", "ß.csv", "SS.csv", "a.tar.gz"]), max_size=12)
)
def test_no_name_is_there_twice(names: list[str]) -> None:
    found = unique(names)
    assert len({name.casefold() for name in found}) == len(names)
    assert all(
        given == name or given.startswith(name.rpartition(".")[0]) for given, name in zip(found, names, strict=True)
    )
    assert found[:1] == names[:1]


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (9_950, "9.9 kB"), (10_000, "10 kB"),
        (999_499, "999 kB"), (999_500, "1.0 MB"), (95_000_000, "95 MB"), (1_500_000_000, "1.5 GB"),
        (2_000_000_000_000_000, "2,000 TB"),
    ],
)  # fmt: skip
def test_sizes_in_words(size: int, text: str) -> None:
    assert size_text(size) == text
