"""The words of many texts at once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Ints = np.ndarray[Any, np.dtype[np.int64]]

# What stands between words. Nicknames may hold brackets and bars, and file names dots and slashes.
_BETWEEN = r"[\s,:;!?()<>\"@#=*]+"
_TRIMMED = ".'`\u2019-_/"


class Tokens(NamedTuple):
    """Each word of each text, in order."""

    row: Ints
    """In which text it stands."""
    place: Ints
    """Which word of the text it is, from 0."""
    word: Ints
    """Which of ``words`` it is."""
    words: list[str]
    """The different words, in lower case."""

    def spread(self) -> Ints:
        """In how many texts each word occurs."""
        width = max(len(self.words), 1)
        pairs = distinct(self.row * width + self.word)
        return np.bincount(pairs % width, minlength=len(self.words)).astype(np.int64)


def distinct(numbers: Ints) -> Ints:
    """The different numbers, in order. (By sorting: numpy's own way is slow for numbers that are close together.)"""
    ordered = np.sort(numbers)
    return ordered[np.concatenate([[True], np.diff(ordered) != 0])] if len(ordered) else ordered


def tokens_of(texts: pd.Series) -> Tokens:
    """Cut texts into words; missing ones have none."""
    plain = pa.array(texts.fillna("").astype(str), pa.large_string())
    lists = pc.split_pattern_regex(pc.utf8_lower(plain), _BETWEEN)
    offsets = lists.offsets.to_numpy().astype(np.int64)
    flat = lists.flatten().dictionary_encode()
    codes = flat.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    trimmed = pd.Series(pc.utf8_trim(flat.dictionary, _TRIMMED).to_pylist(), dtype=object)
    same, words = pd.factorize(trimmed)
    row = np.repeat(np.arange(len(plain), dtype=np.int64), np.diff(offsets))
    word = same[codes].astype(np.int64) if len(codes) else codes
    filled = np.array([bool(one) for one in words], dtype=bool)
    kept = filled[word] if len(word) else np.zeros(0, dtype=bool)
    row, word = row[kept], word[kept]
    first = np.searchsorted(row, row, side="left")
    return Tokens(row, np.arange(len(row), dtype=np.int64) - first, word, [str(one) for one in words])
