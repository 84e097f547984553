"""A figure as one line of JSON on stdout."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Sequence


def figure(
    name: str,
    value: float,
    unit: str,
    *,
    target: str | None = None,
    reached: bool | None = None,
    baseline: float | None = None,
    baseline_name: str | None = None,
    **more: object,
) -> None:
    """Print one figure.

    Parameters
    ----------
    name
        What was measured.
    value, unit
        How much it was.
    target
        What it is to reach, in words.
    reached
        Whether it did.
    baseline, baseline_name
        What was measured beside it in the same run; the line then has ``ratio``, the value over the baseline.
    **more
        Whatever else explains the figure.
    """
    line: dict[str, object] = {"name": name, "value": _short(value), "unit": unit, "target": target}
    line["reached"] = reached
    line["baseline"] = None if baseline is None else _short(baseline)
    line["ratio"] = round(value / baseline, 3) if baseline else None
    if baseline_name:
        line["baseline_name"] = baseline_name
    print(json.dumps(line | more), flush=True)


def note(text: str) -> None:
    """Say on stderr what is going on."""
    print(text, file=sys.stderr, flush=True)


def _short(value: float) -> float:
    return round(value, 3) if abs(value) < 100 else round(value, 1)


def middle(values: Sequence[float]) -> float:
    """The median."""
    return float(statistics.median(values))


def share(values: Sequence[float], part: float) -> float:
    """The value below which this part of the values lies (0.99: p99)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
