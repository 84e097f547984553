"""What the times between events say: even, at random, or in bursts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

Seconds = np.ndarray[Any, np.dtype[np.float64]]


def between(times: pd.Series) -> Seconds:
    """Seconds between events that follow each other; the times need not be in order."""
    micros = np.sort(times.dt.as_unit("us").astype("int64").to_numpy())
    return np.diff(micros) / 1e6


def burstiness_of(gaps: Seconds, *, corrected: bool = False) -> float:
    """Burstiness of some gaps; see `burstiness`."""
    if not len(gaps) or not gaps.mean():
        return float("nan")
    ratio = float(gaps.std() / gaps.mean())
    if not corrected:
        return (ratio - 1) / (ratio + 1)
    n = len(gaps) + 1
    above, below = np.sqrt(n + 1), np.sqrt(n - 1)
    return float((above * ratio - below) / ((above - 2) * ratio + below))


def memory_of(gaps: Seconds) -> float:
    """How much each gap is like the one before; see `memory`."""
    if len(gaps) < 3:
        return float("nan")
    before, after = gaps[:-1], gaps[1:]
    spread = before.std() * after.std()
    if not spread:
        return float("nan")
    return float(((before - before.mean()) * (after - after.mean())).mean() / spread)
