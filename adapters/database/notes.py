"""A few words that outlive a restart; nothing about anybody stands in them."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from adapters.database.engine import Engine
from adapters.database.statements import Inserting, table
from adapters.database.tables import NoteRow

rows = table(NoteRow)

PUT = Inserting(rows, "key", replacing={})
GET = select(rows.c.text).where(rows.c.key == bindparam("its_key"))


class SqlNotes:
    """Implements `adapters.discord.menus.Notes`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def get(self, key: str) -> str | None:
        """What was noted."""
        found: str | None = await self._engine.read(lambda connection: connection.execute(GET, {"its_key": key}).scalar())
        return found

    async def put(self, key: str, text: str) -> None:
        """Instead of what was noted there."""
        await self._engine.write(lambda connection: PUT.run(connection, [{"key": key, "text": text}]))
