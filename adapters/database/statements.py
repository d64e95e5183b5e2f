"""The few places where the two dialects differ, and what they have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

Row = Mapping[str, Any]
"""Column → value, as statements take it."""


class Inserting:
    """INSERT into one table, ignoring or replacing what has the same `unique` column already; one statement per dialect."""

    def __init__(self, into: Table, unique: str, *, replacing: Mapping[str, Any] | None = None) -> None:
        self._statements: dict[str, Executable] = {}
        for dialect in (sqlite, postgresql):
            insert = dialect.insert(into)
            if replacing is None:
                statement = insert.on_conflict_do_nothing(index_elements=[unique])
            else:
                fresh = {column.name: insert.excluded[column.name] for column in into.columns if column.name != unique}
                statement = insert.on_conflict_do_update(index_elements=[unique], set_={**fresh, **replacing})
            self._statements[dialect.__name__.rsplit(".", 1)[-1]] = statement

    def run(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Insert them; how many rows are new or replaced."""
        return run(connection, self._statements[connection.dialect.name], rows)


def run(connection: Connection, statement: Executable, rows: Sequence[Row]) -> int:
    """Execute it for every row; how many rows of the table were touched in all."""
    if len(rows) > 1 and connection.dialect.supports_sane_multi_rowcount:
        return connection.execute(statement, [dict(row) for row in rows]).rowcount
    return sum(connection.execute(statement, dict(row)).rowcount for row in rows)


def table(row: type[SQLModel]) -> Table:
    """The table that a SQLModel class describes."""
    return cast(Table, row.__table__)  # type: ignore[attr-defined]
