"""The handle that is made of a visitor's name."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabchat.errors import Invalid
from collabchat.panel.visitor import identity
from collabchat.protocol import Hello, new_req


@pytest.mark.parametrize(
    ("typed", "handle", "name"),
    [
        ("ana", "ana", "ana"),
        (" Ana   Ruiz ", "ana-ruiz", "Ana Ruiz"),
        ("@bo", "bo", "@bo"),
        ("Zoë O'Neil", "zoë-o-neil", "Zoë O'Neil"),
        ("山田 太郎", "山田-太郎", "山田 太郎"),
        ("J. R.", "j.-r", "J. R."),
        ("x" * 80, "x" * 40, "x" * 80),
        ("ana\u200b", "ana", "ana"),
    ],
)
def test_names(typed: str, handle: str, name: str) -> None:
    assert identity(typed) == (handle, name)


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "-.-", "x" * 81, "\u202e\u200f", "🎉"])
def test_no_names(typed: str) -> None:
    with pytest.raises(Invalid, match=r"\.$"):
        identity(typed)


@given(st.text(max_size=100))
def test_whatever_is_typed_the_hub_can_read_it(typed: str) -> None:
    try:
        handle, name = identity(typed)
    except Invalid:
        return
    hello = {"type": "hello", "req": new_req(), "version": 1, "oldest": 1, "user": handle, "name": name}
    assert msgspec.convert(hello, Hello).user == handle
    assert re.fullmatch(r"\S+", handle)
