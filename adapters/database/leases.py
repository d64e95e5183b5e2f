"""Leases on lanes: rows that run out. Whoever renews theirs in time keeps it; whoever dies loses it to the next one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Executable, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from adapters.database.engine import Engine
from adapters.database.statements import table
from adapters.database.tables import LeaseRow
from core.errors import LeaseLost

rows = table(LeaseRow)

PLACES: BindParameter[Sequence[str]] = bindparam("places", expanding=True)
mine = rows.c.owner == bindparam("its_owner")
HELD = select(1).where(rows.c.place == bindparam("its_place"), mine).with_for_update(read=True)
RENEW = update(rows).where(rows.c.place.in_(PLACES), mine).values(until=bindparam("then")).returning(rows.c.place)
RELEASE = delete(rows).where(rows.c.place.in_(PLACES), mine)


def _take(dialect: str) -> Executable:
    insert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(rows)
    statement: Executable = insert.on_conflict_do_update(
        index_elements=[rows.c.place],
        set_={"owner": insert.excluded.owner, "until": insert.excluded.until},
        where=or_(rows.c.owner == insert.excluded.owner, rows.c.until <= bindparam("now", type_=rows.c.until.type)),
    )
    return statement


TAKE = {dialect: _take(dialect) for dialect in ("sqlite", "postgresql")}


def held(connection: Connection, lane: str, owner: str) -> None:
    """LeaseLost where somebody else took the lane over; else nobody can until this transaction ends."""
    if connection.execute(HELD, {"its_place": lane, "its_owner": owner}).first() is None:
        raise LeaseLost("another process works on this lane by now")


COUNT = select(func.count()).where(rows.c.place.startswith(bindparam("prefix"), autoescape=False), rows.c.until > bindparam("now"))


class SqlLeases:
    """Implements `core.ports.Leases`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def take(self, lane: str, owner: str, *, now: datetime, until: datetime) -> bool:
        """Have it where nobody has it, or where theirs ran out."""
        values = {"place": lane, "owner": owner, "until": until, "now": now}
        return await self._engine.write(lambda connection: connection.execute(TAKE[connection.dialect.name], values).rowcount == 1)

    async def renew(self, lanes: Sequence[str], owner: str, *, until: datetime) -> Sequence[str]:
        """Hold those longer that are still this owner's."""
        values = {"places": list(lanes), "its_owner": owner, "then": until}
        return await self._engine.write(lambda connection: connection.execute(RENEW, values).scalars().all())

    async def release(self, lanes: Sequence[str], owner: str) -> None:
        """Let others in."""
        values = {"places": list(lanes), "its_owner": owner}
        await self._engine.write(lambda connection: connection.execute(RELEASE, values))

    async def held(self, prefix: str, *, now: datetime) -> int:
        """How many are held."""
        values = {"prefix": prefix, "now": now}
        return int(await self._engine.read(lambda connection: connection.execute(COUNT, values).scalar_one()))
