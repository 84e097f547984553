"""Events from the hub's log, as the frame ``events`` has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .records import Event, as_time

if TYPE_CHECKING:
    from .session import Session


def events_since(session: Session, since: int) -> Iterator[Event]:
    """All events after ``since`` that one may see, in order.

    The request is made at once; the events are made as they are taken.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    tables: list[Any] = []
    for header, payload in session.table("events", since):
        if header.part == 0:
            tables.clear()
        table = pa.ipc.open_stream(payload).read_all()
        # The hub may send the whole log, where what one may see has changed since.
        tables.append(table.filter(pc.greater(table["seq"], since)))
    return _rows(tables)


def _rows(tables: list[Any]) -> Iterator[Event]:
    import pyarrow as pa

    for table in tables:
        table = table.set_column(
            table.schema.get_field_index("time"), "time", table["time"].cast(pa.timestamp("us")).cast(pa.int64())
        )
        for batch in table.to_batches(max_chunksize=1000):
            for row in batch.to_pylist():
                yield Event(
                    seq=row["seq"],
                    type=row["type"],
                    room=row["room"],
                    actor=row["actor"],
                    time=as_time(row["time"]),
                    data=_data(row["data"]),
                )


def _data(text: str | None) -> dict[str, Any]:
    found = json.loads(text) if text else {}
    found.pop("type", None)
    return dict(found)
