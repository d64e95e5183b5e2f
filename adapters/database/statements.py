"""The few places where the two dialects differ, and what they have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import ARRAY, Connection, Executable, Subquery, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

Row = Mapping[str, Any]
"""Column → value, as statements take it."""


class Inserting:
    """INSERT into one table, ignoring or replacing what has the same `unique` column already; one statement per dialect."""

    def __init__(self, into: Table, unique: str, *, replacing: Mapping[str, Any] | None = None) -> None:
        self._into, self._unique, self._replacing = into, unique, replacing
        self._one = {"sqlite": self._ending(sqlite.insert(into)), "postgresql": self._ending(postgresql.insert(into))}
        self._many: dict[tuple[str, ...], Executable] = {}

    def _ending(self, insert: Any) -> Executable:
        statement: Executable
        if self._replacing is None:
            statement = insert.on_conflict_do_nothing(index_elements=[self._unique])
        else:
            fresh = {column.name: insert.excluded[column.name] for column in self._into.columns if column.name != self._unique}
            statement = insert.on_conflict_do_update(index_elements=[self._unique], set_={**fresh, **self._replacing})
        return statement

    def run(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Insert them; how many rows are new or replaced."""
        if len(rows) < 2 or connection.dialect.name != "postgresql":
            return run(connection, self._one[connection.dialect.name], rows)
        names = tuple(rows[0])
        if names not in self._many:
            lines = given({name: self._into.columns[name].type for name in names})
            self._many[names] = self._ending(postgresql.insert(self._into).from_select(list(names), select(lines), include_defaults=False))
        return connection.execute(self._many[names], arrays(rows)).rowcount


def given(types: Mapping[str, TypeEngine[Any]]) -> Subquery:
    """PostgreSQL: rows that come as one array for each column. However many there are, they are one statement and one round trip."""
    columns = (func.unnest(bindparam(f"all_{name}", type_=ARRAY(type_)), type_=type_).label(name) for name, type_ in types.items())
    return select(*columns).subquery("given")


def arrays(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Rows as `given` wants them."""
    return {f"all_{name}": [row[name] for row in rows] for name in rows[0]}


def run(connection: Connection, statement: Executable, rows: Sequence[Row]) -> int:
    """Execute it for every row; how many rows of the table were touched in all."""
    if len(rows) > 1 and connection.dialect.supports_sane_multi_rowcount:
        return connection.execute(statement, [dict(row) for row in rows]).rowcount
    return sum(connection.execute(statement, dict(row)).rowcount for row in rows)


def several(connection: Connection, rows: Sequence[Row], one: Executable, many: Executable) -> int:
    """Change them, on PostgreSQL all with one statement (`many`, built on `given`); how many rows of the table were touched."""
    if len(rows) > 1 and connection.dialect.name == "postgresql":
        return connection.execute(many, arrays(rows)).rowcount
    return run(connection, one, rows)


def table(row: type[SQLModel]) -> Table:
    """The table that a SQLModel class describes."""
    return cast(Table, row.__table__)  # type: ignore[attr-defined]
