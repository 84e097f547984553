"""From Arrow to pandas: fixed dtypes, texts without a copy, times in UTC."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_STRING = pd.StringDtype("pyarrow")
_UTC = pd.DatetimeTZDtype("us", "UTC")


class Handles(list[Any]):
    """A list that several frames share, and that so cannot be changed; ``list(it)`` can.

    Examples
    --------
    >>> Handles(["ana"]) == ["ana"]
    True
    """

    __slots__ = ()

    def _fixed(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("This list belongs to several frames: change a copy, list(it).")

    append = clear = extend = insert = pop = remove = reverse = sort = _fixed
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _fixed

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)

    def __copy__(self) -> list[Any]:
        return list(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> list[Any]:
        return list(self)


_EMPTY = Handles()


def handles(column: Any) -> np.ndarray[Any, Any]:
    """A column of lists as an array of `Handles`; a missing list is an empty one."""
    found = np.empty(len(column), dtype=object)
    holder = np.empty((), dtype=object)
    holder[()] = _EMPTY
    found[...] = holder
    lengths = pc.fill_null(pc.list_value_length(column), 0)
    some = np.flatnonzero(np.asarray(lengths))
    for place, value in zip(some.tolist(), column.take(pa.array(some)).to_pylist(), strict=True):
        found[place] = Handles(value)
    return found


def to_frame(table: Any, ready: dict[str, Any] | None = None) -> pd.DataFrame:
    """A DataFrame that owns its memory, or shares what nobody can write to.

    Parameters
    ----------
    table : pyarrow.Table
    ready : dict, optional
        Columns that are made already.
    """
    ready = ready or {}
    names = _unique(table.column_names)
    columns = [
        ready[name] if name in ready else _column(table.column(place)) for place, name in enumerate(table.column_names)
    ]
    frame = pd.DataFrame(dict(enumerate(columns)), index=pd.RangeIndex(table.num_rows), copy=False)
    frame.columns = pd.Index(names)
    return frame


def _unique(names: list[str]) -> list[str]:
    """The names, told apart where a query gives one twice."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}_{seen[name] - 1}")
    return found


def _column(column: Any) -> Any:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_large_string(kind) or pa.types.is_string(kind):
        return _extension(_STRING, column.cast(pa.large_string()))
    if pa.types.is_timestamp(kind):
        return _times(column)
    if pa.types.is_decimal(kind):
        column = _number(column)
        kind = column.type
    if pa.types.is_boolean(kind):
        return _extension(pd.BooleanDtype(), column) if column.null_count else _own(column)
    if pa.types.is_integer(kind):
        return _integers(column)
    if pa.types.is_floating(kind):
        return _own(column)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _lists(column)
    return column.to_pandas(date_as_object=False).array


def _lists(column: Any) -> np.ndarray[Any, Any]:
    found = np.empty(len(column), dtype=object)
    for place, value in enumerate(column.to_pylist()):
        found[place] = value
    return found


def _times(column: Any) -> Any:
    values = _own(column.cast(pa.timestamp("us"), safe=False))
    return pd.array(values, dtype=_UTC, copy=False)


def _integers(column: Any) -> Any:
    wide = pa.uint64() if pa.types.is_uint64(column.type) else pa.int64()
    column = column.cast(wide)
    if not column.null_count:
        return _own(column)
    return _extension(pd.UInt64Dtype() if wide == pa.uint64() else pd.Int64Dtype(), column)


def _extension(dtype: Any, column: Any) -> Any:
    return dtype.__from_arrow__(column)


def _number(column: Any) -> Any:
    """Whole numbers where they are (DuckDB's sums are wide decimals), else floating ones."""
    if column.type.scale == 0:
        try:
            return column.cast(pa.int64())
        except pa.ArrowInvalid:
            pass
    return column.cast(pa.float64())


def _own(column: Any) -> np.ndarray[Any, Any]:
    values: np.ndarray[Any, Any] = column.to_numpy()
    # One chunk comes as a view of Arrow's memory, which cannot be written to.
    return values if values.flags.writeable else values.copy()
