"""How unequally something is shared: figures over plain counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np


def counts_of(values: Iterable[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Counts as numbers that are none of them below zero.

    Raises
    ------
    ValueError
        Where they are not.
    """
    counts = np.asarray(list(values), dtype=np.float64)
    if counts.ndim != 1 or not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("Counts are numbers from 0 on, one for each person.")
    return counts


def gini_of(values: Iterable[Any]) -> float:
    """Gini's coefficient of some counts; see `gini`. Not a number where there is nothing to share."""
    counts = np.sort(counts_of(values))
    total = counts.sum()
    if not total:
        return float("nan")
    n = len(counts)
    return float(2 * (np.arange(1, n + 1) @ counts) / (n * total) - (n + 1) / n)


def entropy_of(values: Iterable[Any]) -> float:
    """Shannon's entropy of some counts in bits; see `entropy`. Not a number where there is nothing to share."""
    counts = counts_of(values)
    total = counts.sum()
    if not total:
        return float("nan")
    shares = counts[counts > 0] / total
    return float(-(shares @ np.log2(shares))) + 0.0


def evenness_of(values: Iterable[Any]) -> float:
    """Entropy over the most that it could be (Pielou's J): 1 where all have the same; not a number for one alone."""
    counts = counts_of(values)
    return entropy_of(counts) / float(np.log2(len(counts))) if len(counts) > 1 else float("nan")


def absence_factor_of(values: Iterable[Any], share: float = 0.5) -> int:
    """How many of those with the largest counts have more than this share together; see `absence_factor`."""
    if not 0 < share < 1:
        raise ValueError(f"share is between 0 and 1, not {share!r}.")
    counts = np.sort(counts_of(values))[::-1]
    total = counts.sum()
    return int(np.searchsorted(np.cumsum(counts), share * total, side="left")) + 1 if total else 0
