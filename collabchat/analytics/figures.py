"""A table of figures that knows which messages each of them is about."""

from __future__ import annotations

from typing import Any

import pandas as pd


class Figures(pd.DataFrame):
    """A DataFrame of figures; `explain` gives the messages behind a row.

    It is a DataFrame in every other way, and what is made of it by pandas knows its messages as well, as long as it
    keeps the columns that tell its rows apart.

    Examples
    --------
    >>> shares = cc.analytics.participation(messages)  # doctest: +SKIP
    >>> shares.explain(0)[["time", "text"]]  # doctest: +SKIP
    """

    _metadata = ["_source", "_keys"]  # noqa: RUF012  (pandas asks for a list under this name)
    _source: pd.DataFrame | None = None
    _keys: tuple[str, ...] = ()

    @property
    def _constructor(self) -> Any:
        return Figures

    def explain(self, row: int | None = None) -> pd.DataFrame:
        """The messages behind one row (by its position), or behind all of them.

        Parameters
        ----------
        row
            Which row, from 0; negative ones count from the end.

        Returns
        -------
        pandas.DataFrame
            The rows of the frame that the figures were made of.

        Raises
        ------
        IndexError
            Where there is no such row.
        ValueError
            Where the columns that tell the rows apart are gone.
        """
        source = self._source
        if source is None:
            raise ValueError("Nothing is known of the messages behind these figures.")
        missing = [key for key in self._keys if key not in self.columns]
        if missing:
            raise ValueError(f"The column {missing[0]!r} is gone, which tells the rows apart.")
        if row is None:
            wanted = self
        else:
            if not -len(self) <= row < len(self):
                raise IndexError(f"There are {len(self)} rows, so row is 0 to {len(self) - 1}, not {row}.")
            wanted = self.iloc[[row]]
        inside = pd.Series(True, index=source.index)
        if self._keys:
            pairs = pd.MultiIndex.from_frame(pd.DataFrame(wanted[list(self._keys)]))
            inside = pd.Series(pd.MultiIndex.from_frame(source[list(self._keys)]).isin(pairs), index=source.index)
        shown = [name for name in source.columns if name not in _ADDED]
        return pd.DataFrame(source.loc[inside.to_numpy(), shown]).reset_index(drop=True)


_ADDED = frozenset({"period"})


def figures(table: pd.DataFrame, source: pd.DataFrame, *keys: str) -> Figures:
    """A table as `Figures`.

    Parameters
    ----------
    table
        One figure a row.
    source
        The messages, with a column for each of ``keys``.
    *keys
        The columns that say which messages a row is about.
    """
    made = Figures(table)
    made._source, made._keys = source, keys
    return made
