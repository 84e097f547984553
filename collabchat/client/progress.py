"""A bar for what takes long, where somebody looks."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

from .. import errors

BIG = 10_000_000
"""Bytes from which on a bar may show unasked."""
PATIENCE = 1.0
"""Seconds that something takes before a bar shows unasked."""


class Bar:
    """How far some bytes are.

    Parameters
    ----------
    total : int
        All of them.
    about : str
        A word or two that stand before the bar.
    wanted : bool or None
        Show it, show none, or None: show it where somebody looks and it takes long.

    Examples
    --------
    >>> with Bar(100, "sending", False) as bar:
    ...     bar.update(100)
    """

    def __init__(self, total: int, about: str, wanted: bool | None = None) -> None:
        if wanted is not None and not isinstance(wanted, bool):
            raise errors.Invalid(f"progress is True, False or None, not {wanted!r}.")
        self._total = total
        self._about = about
        self._may = wanted or (wanted is None and total >= BIG and _somebody_looks())
        self._after = time.monotonic() + (0.0 if wanted else PATIENCE)
        self._done = 0
        self._bar: Any = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def update(self, size: int) -> None:
        """So many more are there; fewer, where some have to go again."""
        self._done += size
        if self._bar is not None:
            self._bar.update(size)
        elif self._may and self._done < self._total and time.monotonic() >= self._after:
            from tqdm.auto import tqdm

            self._bar = tqdm(
                total=self._total, initial=self._done, desc=self._about, unit="B", unit_scale=True, leave=False
            )


def _somebody_looks() -> bool:
    shells = sys.modules.get("IPython")
    shell = shells.get_ipython() if shells is not None else None
    if shell is not None and hasattr(shell, "kernel"):
        return True
    return sys.stderr is not None and sys.stderr.isatty()
