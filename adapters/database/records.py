"""Records and their rows: get, find, count, save, remove.

A row's columns are filled from the record's attribute or property of the same name. Statements are built once for every shape of a
question and then only executed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Executable,
    Select,
    Subquery,
    Table,
    bindparam,
    delete,
    func,
    not_,
    select,
    update,
)

from adapters.database import tables
from adapters.database.statements import Inserting, Row, given, several, table
from core.errors import Stale
from core.interview.loop import Loop
from core.interview.stages import Interview
from core.ports import AnyOf, From, R, Upto
from core.records import (
    Attempt,
    Background,
    Coined,
    Conversation,
    Drill,
    Occurrence,
    Profile,
    Reckoned,
    Record,
    SpaceRecord,
    Story,
    Timer,
    Weakness,
)


@dataclass(frozen=True, eq=False)
class Kind:
    """How one kind of record is stored."""

    record: type[Record]
    table: Table
    owner: str | None = None
    """The column with the key of the person whom it is about; erasing them takes the row."""
    guarded: bool = True
    """Whether saving fails where somebody else saved in between."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The typed columns beside key, version and body."""
        return tuple(column.name for column in self.table.columns if column.name not in ("key", "version", "body"))


KINDS: Mapping[type[Record], Kind] = {
    kind.record: kind
    for kind in (
        Kind(Profile, table(tables.ProfileRow), "key"),
        Kind(SpaceRecord, table(tables.SpaceRow)),
        Kind(Conversation, table(tables.ConversationRow), "person"),
        Kind(Interview, table(tables.InterviewRow), "person"),
        Kind(Loop, table(tables.LoopRow), "person"),
        Kind(Coined, table(tables.CoinedRow), "person"),
        Kind(Background, table(tables.BackgroundRow), "key"),
        Kind(Attempt, table(tables.AttemptRow), "person"),
        Kind(Weakness, table(tables.WeaknessRow), "person"),
        Kind(Story, table(tables.StoryRow), "person"),
        Kind(Timer, table(tables.TimerRow), "person", guarded=False),
        Kind(Drill, table(tables.DrillRow)),
        Kind(Occurrence, table(tables.OccurrenceRow)),
        Kind(Reckoned, table(tables.ReckonedRow)),
    )
}


# --- rows ------------------------------------------------------------------------------------------------------------


def row_of(record: Record) -> dict[str, Any]:
    """The row of a record as it will be once it is saved: one version on."""
    row: dict[str, Any] = {
        "key": record.key,
        "version": record.version + 1,
        "body": record.model_dump_json(exclude={"version"}),
    }
    for name in KINDS[type(record)].columns:
        row[name] = plain(getattr(record, name))
    return row


def plain(value: object) -> object:
    """A value as a column holds it: numbers, truth and moments as they are, everything else as its text."""
    return value if value is None or isinstance(value, bool | int | datetime) else str(value)


def record_of(kind: type[R], body: str, version: int) -> R:
    """The record of a row."""
    return kind.model_validate_json(body).model_copy(update={"version": version})


# --- questions -------------------------------------------------------------------------------------------------------

Shape = tuple[tuple[str, str], ...]
"""Column and sort of condition, in the order asked."""


def get(connection: Connection, kind: type[R], key: str) -> R | None:
    """The record with this key."""
    row = connection.execute(_getting(kind), {"key": key}).first()
    return record_of(kind, row.body, row.version) if row else None


def find(connection: Connection, kind: type[R], order: str, limit: int, where: Mapping[str, object], *, claim: bool = False) -> list[R]:
    """Records that meet the conditions. `claim`: those that nobody else has claimed, kept from others until the transaction ends."""
    shape, values = conditions(where)
    rows = connection.execute(_finding(kind, shape, order, claim), {**values, "most": limit})
    return [record_of(kind, row.body, row.version) for row in rows]


def count(connection: Connection, kind: type[Record], distinct: str, where: Mapping[str, object]) -> int:
    """How many there are."""
    shape, values = conditions(where)
    return int(connection.execute(_counting(kind, shape, distinct), values).scalar_one())


def conditions(where: Mapping[str, object]) -> tuple[Shape, dict[str, object]]:
    """What kind of question it is, and the values to ask it with."""
    shape: list[tuple[str, str]] = []
    values: dict[str, object] = {}
    for name, wanted in where.items():
        match wanted:
            case None | True | False:
                shape.append((name, str(wanted)))
            case Upto(value) | From(value):
                shape.append((name, type(wanted).__name__))
                values[f"is_{name}"] = value
            case AnyOf(several):
                shape.append((name, "AnyOf"))
                values[f"is_{name}"] = [plain(value) for value in several]
            case _:
                shape.append((name, "is"))
                values[f"is_{name}"] = plain(wanted)
    return tuple(shape), values


CONDITIONS: Mapping[str, Callable[[ColumnElement[Any], str], ColumnElement[bool]]] = {
    "None": lambda column, _: column.is_(None),
    "True": lambda column, _: column,
    "False": lambda column, _: not_(column),
    "Upto": lambda column, name: column <= bindparam(name),
    "From": lambda column, name: column >= bindparam(name),
    "AnyOf": lambda column, name: column.in_(bindparam(name, expanding=True)),
    "is": lambda column, name: column == bindparam(name),
}


def column(kind: type[Record], name: str) -> ColumnElement[Any]:
    """A column that can be asked for; ValueError where there is none of that name."""
    found = KINDS[kind].table.columns.get(name)
    if found is None or name == "body":
        raise ValueError(f"{kind.__name__} cannot be asked for {name!r}; its columns are key, {', '.join(KINDS[kind].columns)}")
    return found


def _asked(kind: type[Record], shape: Shape) -> list[ColumnElement[bool]]:
    asked = []
    for name, sort in shape:
        about = column(kind, name)
        if sort in ("True", "False") and not isinstance(about.type, Boolean):
            raise ValueError(f"{kind.__name__}.{name} is not a yes or no")
        asked.append(CONDITIONS[sort](about, f"is_{name}"))
    return asked


@lru_cache(maxsize=64)
def _getting(kind: type[Record]) -> Select[Any]:
    rows = KINDS[kind].table.columns
    return select(rows.body, rows.version).where(rows.key == bindparam("key"))


@lru_cache(maxsize=512)
def _finding(kind: type[Record], shape: Shape, order: str, claim: bool) -> Select[Any]:
    rows = KINDS[kind].table.columns
    asked = select(rows.body, rows.version).where(*_asked(kind, shape)).limit(bindparam("most"))
    if claim:
        asked = asked.with_for_update(skip_locked=True)
    if not order:
        return asked
    by = column(kind, order.removeprefix("-"))
    return asked.order_by(by.desc(), rows.key.desc()) if order.startswith("-") else asked.order_by(by, rows.key)


@lru_cache(maxsize=512)
def _counting(kind: type[Record], shape: Shape, distinct: str) -> Select[Any]:
    what = func.count(column(kind, distinct).distinct()) if distinct else func.count()
    return select(what).select_from(KINDS[kind].table).where(*_asked(kind, shape))


# --- changes ---------------------------------------------------------------------------------------------------------


def save(connection: Connection, kind: type[Record], rows: Sequence[Row]) -> None:
    """Insert new ones, update known ones; Stale where somebody else was there first."""
    if not KINDS[kind].guarded:
        _upserting(kind).run(connection, rows)
        return
    fresh = [row for row in rows if row["version"] == 1]
    known = [{**row, "its_key": row["key"], "its_version": row["version"] - 1} for row in rows if row["version"] > 1]
    saved = _inserting(kind).run(connection, fresh) + several(connection, known, _updating(kind), _updating_many(kind))
    if saved != len(rows):
        raise Stale(f"{kind.__name__}: somebody else saved it meanwhile")


def remove(connection: Connection, kind: type[Record], records: Sequence[Record]) -> None:
    """Delete them; Stale where one changed or went since it was read. A record that was never read (version 0) goes whatever is there."""
    read = [{"its_key": record.key, "its_version": record.version} for record in records if record.version]
    if several(connection, read, _removing(kind), _removing_many(kind)) != len(read):
        raise Stale(f"{kind.__name__}: somebody else changed it meanwhile")
    unread = [{"its_key": record.key} for record in records if not record.version]
    several(connection, unread, _clearing(kind), _clearing_many(kind))


@lru_cache(maxsize=64)
def _inserting(kind: type[Record]) -> Inserting:
    return Inserting(KINDS[kind].table, "key")


@lru_cache(maxsize=64)
def _upserting(kind: type[Record]) -> Inserting:
    rows = KINDS[kind].table
    return Inserting(rows, "key", replacing={"version": rows.columns.version + 1})


@lru_cache(maxsize=64)
def _updating(kind: type[Record]) -> Executable:
    rows = KINDS[kind].table
    changed: dict[str, Any] = {name: bindparam(name) for name in ("version", "body", *KINDS[kind].columns)}
    mine = (rows.columns.key == bindparam("its_key"), rows.columns.version == bindparam("its_version"))
    return update(rows).where(*mine).values(changed)


@lru_cache(maxsize=64)
def _updating_many(kind: type[Record]) -> Executable:
    rows = KINDS[kind].table
    changed = ("version", "body", *KINDS[kind].columns)
    lines = _named(kind, "its_key", "its_version", *changed)
    return update(rows).where(*_those(kind, lines)).values({name: lines.c[name] for name in changed})


@lru_cache(maxsize=64)
def _removing_many(kind: type[Record]) -> Executable:
    return delete(KINDS[kind].table).where(*_those(kind, _named(kind, "its_key", "its_version")))


@lru_cache(maxsize=64)
def _clearing_many(kind: type[Record]) -> Executable:
    lines = _named(kind, "its_key")
    return delete(KINDS[kind].table).where(KINDS[kind].table.columns.key == lines.c.its_key)


def _named(kind: type[Record], *names: str) -> Subquery:
    columns = KINDS[kind].table.columns
    return given({name: columns[name.removeprefix("its_")].type for name in names})


def _those(kind: type[Record], lines: Subquery) -> tuple[ColumnElement[bool], ...]:
    columns = KINDS[kind].table.columns
    return (columns.key == lines.c.its_key, columns.version == lines.c.its_version)


@lru_cache(maxsize=64)
def _removing(kind: type[Record]) -> Executable:
    rows = KINDS[kind].table
    return delete(rows).where(rows.columns.key == bindparam("its_key"), rows.columns.version == bindparam("its_version"))


@lru_cache(maxsize=64)
def _clearing(kind: type[Record]) -> Executable:
    rows = KINDS[kind].table
    return delete(rows).where(rows.columns.key == bindparam("its_key"))
