"""Tokens at rest: encrypted with a key that stands in no database.

`ENCRYPTION_KEY` may be any text. Several, with spaces between, are an old key being replaced: the first encrypts, any of them reads.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Connection, bindparam, delete, select

from adapters.database.engine import Engine
from adapters.database.statements import Inserting, table
from adapters.database.tables import OAuthStateRow, SlackInstallRow
from core.ports import Clock

rows = table(SlackInstallRow)
states = table(OAuthStateRow)

KEEP = Inserting(rows, "team", replacing={})
FIND = select(rows.c.body).where(rows.c.team == bindparam("its_team"))
DROP = delete(rows).where(rows.c.team == bindparam("its_team"))
EXPECT = Inserting(states, "state")
ARRIVED = delete(states).where(states.c.state == bindparam("its_state"), states.c.until >= bindparam("now"))
LATE = delete(states).where(states.c.until < bindparam("now"))


def cipher(keys: str) -> MultiFernet:
    """What encrypts with the first of the keys and reads with any. ValueError where there is none."""
    found = [Fernet(_derived(key)) for key in keys.split()]
    if not found:
        raise ValueError("an encryption key has at least one character")
    return MultiFernet(found)


def _derived(key: str) -> bytes:
    """A Fernet key from any text; slow on purpose, should the text be a short one."""
    return base64.urlsafe_b64encode(hashlib.scrypt(key.encode(), salt=b"loopcoach vault", n=2**14, r=8, p=1, dklen=32))


class SqlVault:
    """Implements `adapters.slack.installs.Vault`."""

    def __init__(self, engine: Engine, clock: Clock, keys: str) -> None:
        self._engine = engine
        self._clock = clock
        self._cipher = cipher(keys)

    async def keep(self, team: str, secret: str) -> None:
        """Encrypted, instead of what was there."""
        row = {"team": team, "changed_at": self._clock.now(), "body": self._cipher.encrypt(secret.encode()).decode()}
        await self._engine.write(lambda connection: KEEP.run(connection, [row]))

    async def find(self, team: str) -> str | None:
        """Decrypted; None where there is nothing, or where it was encrypted with a key that is no longer given."""
        body = await self._engine.read(lambda connection: connection.execute(FIND, {"its_team": team}).scalar())
        if body is None:
            return None
        try:
            return self._cipher.decrypt(body.encode()).decode()
        except InvalidToken:
            return None

    async def drop(self, team: str) -> None:
        """Gone, from the file too."""
        await self._engine.write(lambda connection: connection.execute(DROP, {"its_team": team}))
        await self._engine.forget()

    async def expect(self, state: str, seconds: int) -> None:
        """Somebody is expected back with it, within that time."""
        now = self._clock.now()
        row = {"state": state, "until": now + timedelta(seconds=seconds)}

        def write(connection: Connection) -> None:
            connection.execute(LATE, {"now": now})
            EXPECT.run(connection, [row])

        await self._engine.write(write)

    async def arrived(self, state: str) -> bool:
        """Whether they were expected, and did not come before."""
        values = {"its_state": state, "now": self._clock.now()}
        return await self._engine.write(lambda connection: connection.execute(ARRIVED, values).rowcount == 1)
