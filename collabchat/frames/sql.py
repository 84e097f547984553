"""DuckDB in memory, which sees the tables it is given and nothing else: no file, no network, no variable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb

from .. import errors

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}
_READS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


class Database:
    """One's own copy for SQL; not to be used by two threads at once.

    Examples
    --------
    >>> Database().run("select 1 + 1 as two", {})["two"].to_pylist()
    [2]
    """

    def __init__(self) -> None:
        self._connection = duckdb.connect(":memory:", config=_CONFIG)
        self._versions: dict[str, int] = {}

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()

    def check(self, query: str) -> None:
        """Nothing, where it is one statement that reads.

        Raises
        ------
        errors.Invalid
            Where it is not.
        """
        try:
            statements = self._connection.extract_statements(query)
        except duckdb.Error as error:
            raise errors.Invalid(str(error)) from error
        if len(statements) != 1:
            raise errors.Invalid(f"sql() takes one statement, not {len(statements)}.")
        if statements[0].type not in _READS:
            raise errors.Invalid(
                "sql() only reads: begin with SELECT, FROM or WITH. What you keep is a DataFrame; "
                "to say something, use post()."
            )

    def provide(self, name: str, version: int, table: Callable[[], Any]) -> None:
        """Let queries read a table by its name; does nothing where it is the same version as before."""
        if self._versions.get(name) != version:
            self._connection.register(name, table())
            self._versions[name] = version

    def run(self, query: str, params: dict[str, Any]) -> Any:
        """The rows as an Arrow table.

        Raises
        ------
        errors.Invalid
            With DuckDB's sentence.
        """
        try:
            return self._connection.sql(query, params=params or None).to_arrow_table()
        except (duckdb.Error, ValueError) as error:
            raise errors.Invalid(str(error)) from error
