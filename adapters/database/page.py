"""What the practice page remembers: its entries and its people.

Adapters do not know each other, so the page's own classes are handed in; here they are only JSON with a few columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, Protocol, Self, TypeVar

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, delete, insert, or_, select, text

from adapters.database.engine import Engine
from adapters.database.statements import Inserting, table
from adapters.database.tables import PageEntryRow, PagePersonRow
from core.chat import Card


class AnyEntry(Protocol):
    """What this module knows of `adapters.web.history.Entry`, which is a pydantic model besides."""

    @property
    def id(self) -> str:
        """Its own for ever."""

    @property
    def author(self) -> Any:
        """Who said it; has a `key`."""

    @property
    def only(self) -> str | None:
        """Who alone may see it."""

    @property
    def about(self) -> str | None:
        """Whom it concerns."""

    @property
    def gone(self) -> bool:
        """Whether it was withdrawn."""

    def replaced(self, card: Card, at: datetime) -> Self:
        """With a newer card."""

    def reworded(self, text: str, at: datetime) -> Self:
        """In newer words."""

    def withdrawn(self, at: datetime) -> Self:
        """Without what it said."""


E = TypeVar("E", bound=AnyEntry)
S = TypeVar("S", bound=BaseModel)

rows = table(PageEntryRow)
people = table(PagePersonRow)

GET = select(rows.c.seq, rows.c.body).where(rows.c.id == bindparam("its_id"))
PUT = insert(rows).returning(rows.c.seq)
DROP = delete(rows).where(rows.c.id == bindparam("its_id"))
SEEN = select(rows.c.seq, rows.c.body).where(or_(rows.c.only.is_(None), rows.c.only == bindparam("person"))).limit(bindparam("most"))
SINCE = SEEN.where(rows.c.seq > bindparam("after")).order_by(rows.c.seq)
NEWEST = SEEN.order_by(rows.c.seq.desc())
PEOPLE = select(people.c.body).order_by(people.c.seq)
MEET = Inserting(people, "key")
ONE_AT_A_TIME = text("LOCK TABLE page_entry IN EXCLUSIVE MODE")
"""PostgreSQL: numbers become visible in their order, so that nobody who catches up misses one."""


class PageHistory(Generic[E, S]):
    """Implements `adapters.web.history.History` for the entry and person classes it is given."""

    def __init__(self, engine: Engine, entry: type[E], someone: type[S]) -> None:
        self._engine = engine
        self._entry: Any = entry
        self._someone = someone

    async def add(self, entry: E) -> E:
        """Keep it under the next `seq`; a known id returns what is there."""

        def write(connection: Connection) -> E:
            one_at_a_time(connection)
            return self._get(connection, entry.id) or self._put(connection, entry)

        return await self._engine.write(write)

    async def get(self, id: str) -> E | None:
        """The entry of this id."""
        return await self._engine.read(lambda connection: self._get(connection, id))

    async def replace(self, id: str, card: Card, at: datetime) -> E | None:
        """With the coach's newer card; None where there is no such entry, or it is gone."""
        return await self._change(id, lambda entry: entry.replaced(card, at))

    async def edit(self, id: str, text: str, at: datetime) -> E | None:
        """In its author's newer words; None as above."""
        return await self._change(id, lambda entry: entry.reworded(text, at))

    async def withdraw(self, id: str, at: datetime) -> E | None:
        """Without what it said; None as above."""
        return await self._change(id, lambda entry: entry.withdrawn(at))

    async def since(self, seq: int, person: str, limit: int) -> Sequence[E]:
        """What this person may see with a higher `seq`, lowest first."""
        values = {"after": seq, "person": person, "most": limit}
        return await self._engine.read(lambda connection: self._entries(connection.execute(SINCE, values)))

    async def newest(self, person: str, limit: int) -> Sequence[E]:
        """The highest that this person may see, lowest first."""
        values = {"person": person, "most": limit}
        return await self._engine.read(lambda connection: self._entries(connection.execute(NEWEST, values))[::-1])

    async def people(self) -> Sequence[S]:
        """Everybody who was ever met, in that order."""

        def read(connection: Connection) -> list[S]:
            return [self._someone.model_validate_json(body) for body in connection.execute(PEOPLE).scalars()]

        return await self._engine.read(read)

    async def meet(self, someone: S) -> None:
        """Remember them; a known key changes nothing."""
        row = {"key": vars(someone)["key"], "body": someone.model_dump_json()}
        await self._engine.write(lambda connection: MEET.run(connection, [row]))

    async def _change(self, id: str, change: Callable[[E], E]) -> E | None:
        def write(connection: Connection) -> E | None:
            one_at_a_time(connection)
            entry = self._get(connection, id)
            if entry is None or entry.gone:
                return None
            connection.execute(DROP, {"its_id": id})
            return self._put(connection, change(entry))

        return await self._engine.write(write)

    def _get(self, connection: Connection, id: str) -> E | None:
        found = self._entries(connection.execute(GET, {"its_id": id}))
        return found[0] if found else None

    def _put(self, connection: Connection, entry: E) -> E:
        whole: Any = entry
        row = {"id": entry.id, "person": entry.author.key, "only": entry.only, "about": entry.about}
        seq = connection.execute(PUT, {**row, "body": whole.model_dump_json(exclude={"seq"})}).scalar_one()
        kept: E = whole.model_copy(update={"seq": seq})
        return kept

    def _entries(self, found: Any) -> list[E]:
        return [self._entry.model_validate_json(row.body).model_copy(update={"seq": row.seq}) for row in found]


def one_at_a_time(connection: Connection) -> None:
    """Nobody else numbers entries until this transaction ends. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(ONE_AT_A_TIME)
