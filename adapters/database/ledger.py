"""What was spent on the model: counters that every call adds to, whatever process makes it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from adapters.database.engine import Engine
from adapters.database.statements import run, table
from adapters.database.tables import SpendingRow
from core.ports import Payer, Spent, Usage

EVERYBODY = "*"
rows = table(SpendingRow)


def _adding(insert: Any) -> Executable:
    fresh = insert.excluded
    statement: Executable = insert.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "calls": rows.c.calls + fresh.calls,
            "tokens": rows.c.tokens + fresh.tokens,
            "dollars": rows.c.dollars + fresh.dollars,
            "estimated": or_(rows.c.estimated, fresh.estimated),
        },
    )
    return statement


ADD = {"sqlite": _adding(sqlite.insert(rows)), "postgresql": _adding(postgresql.insert(rows))}
GET = select(rows).where(rows.c.key.in_(bindparam("keys", expanding=True)))


class SqlLedger:
    """Implements `core.ports.Ledger`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def spent(self, day: date, payer: Payer) -> tuple[Spent, Spent, Spent]:
        """By the person, in their space, by everybody."""
        keys = [_key(day, who) for who in _payers(payer)]

        def read(connection: Connection) -> dict[str, Spent]:
            found = connection.execute(GET, {"keys": keys})
            return {row.key: Spent(calls=row.calls, tokens=row.tokens, dollars=row.dollars, estimated=bool(row.estimated)) for row in found}

        known = await self._engine.read(read)
        person, space, everybody = (known.get(key, Spent()) for key in keys)
        return person, space, everybody

    async def add(self, day: date, payer: Payer, usage: Usage) -> None:
        """To all three."""
        facts = {"calls": usage.calls, "tokens": usage.tokens, "dollars": usage.dollars or 0.0, "estimated": usage.estimated}
        new = [{"key": _key(day, who), "day": day, "who": who, **facts} for who in _payers(payer)]
        await self._engine.write(lambda connection: run(connection, ADD[connection.dialect.name], new))


def _payers(payer: Payer) -> tuple[str, str, str]:
    return payer.person, payer.space, EVERYBODY


def _key(day: date, who: str) -> str:
    return f"{day:%Y-%m-%d} {who}"
