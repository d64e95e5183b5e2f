"""Posts between the commit and their receipt. Every write carries the attempt it belongs to, so that a late one changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, case, literal_column, null, select, update

from adapters.database import claims, inbox, records
from adapters.database.engine import Engine
from adapters.database.owed import bound, may_go, rows
from core.chat import Message, Place, Receipt
from core.ports import Claim, Clock
from core.records import Conversation

OURS = (
    rows.c.seq == bindparam("its_seq"),
    rows.c.attempts == bindparam("its_attempt"),
    rows.c.state.concat(literal_column("''")) == literal_column("'sending'"),
)
"""Found by its number. The state is an expression: said plainly, PostgreSQL may read through an index of all that waits instead."""
SENT = (
    update(rows)
    .where(*OURS)
    .values(
        state="sent",
        receipt_place=bindparam("place"),
        receipt_id=bindparam("id"),
        ended_at=bindparam("now"),
        why=None,
        body=case((rows.c.passing, null()), else_=rows.c.body),
    )
)
PUT_BACK = (
    update(rows)
    .where(*OURS)
    .values(
        state="pending",
        not_before=bindparam("then"),
        uncertain=bindparam("unsure"),
        why=bindparam("reason"),
        doubts=rows.c.doubts + bindparam("more", type_=rows.c.doubts.type),
    )
)
TAKE_OVER = (
    update(rows)
    .where(rows.c.state == literal_column("'sending'"), rows.c.platform == bindparam("its_platform"))
    .values(
        state="pending",
        uncertain=True,
        not_before=case((rows.c.not_before < bindparam("then", type_=rows.c.not_before.type), rows.c.not_before), else_=bindparam("then")),
    )
)
GIVE_UP = update(rows).where(*OURS).values(state=bindparam("end"), why=bindparam("reason"), ended_at=bindparam("now"))
RECEIPT = select(rows.c.receipt_place, rows.c.receipt_id).where(rows.c.key == bindparam("its_key"), rows.c.receipt_id.is_not(None))
NEXT = select(rows.c.not_before).where(may_go()).order_by(rows.c.not_before).limit(1)
NEXT_OF = NEXT.where(rows.c.platform.in_(bindparam("platforms", expanding=True)))
OPENED = select(bound.c.body, bound.c.version).where(bound.c.key == bindparam("its_key")).with_for_update()


class SqlOutbox:
    """Implements `core.ports.Outbox`."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def claim(
        self,
        *,
        limit: int,
        lease: float,
        now: datetime,
        platforms: Sequence[str],
        queues: Sequence[str] | None = None,
        avoid: Sequence[str] = (),
    ) -> Sequence[Claim]:
        """Take what may be sent now, for `lease` seconds."""
        ask = claims.wanted(limit, lease, now, platforms, queues, avoid)
        return await self._engine.write(lambda connection: claims.claim(connection, ask))

    async def sent(self, claim: Claim, receipt: Receipt, now: datetime) -> bool:
        """It arrived, and the thread it opened is its conversation's from now on."""
        values = {"place": str(receipt.place), "id": receipt.id, "now": now}

        def write(connection: Connection) -> bool:
            if not fenced(connection, SENT, claim, values):
                return False
            if claim.post.opens and claim.post.conversation:
                bind(connection, claim.post.conversation, receipt.place)
            return True

        return await self._engine.write(write)

    async def put_back(self, claim: Claim, *, not_before: datetime, uncertain: bool, why: str, counts: bool = False) -> None:
        """Not sent, or not surely: again at `not_before`."""
        values = {"then": not_before, "unsure": uncertain, "reason": why, "more": int(counts)}
        await self._engine.write(lambda connection: fenced(connection, PUT_BACK, claim, values))

    async def give_up(self, claim: Claim, *, why: str, dead: bool, tell: Message | None = None) -> bool:
        """Never send it, nor what waits for the thread that it would have opened."""
        now = self._clock.now()
        values = {"end": "dead" if dead else "skipped", "reason": why, "now": now}

        def write(connection: Connection) -> bool:
            if not fenced(connection, GIVE_UP, claim, values):
                return False
            if claim.post.opens and claim.post.conversation:
                claims.never_opened(connection, [claim.post.conversation], now)
            if tell is not None:
                inbox.INSERT.run(connection, [inbox.row_of(tell, now)])
            return True

        return await self._engine.write(write)

    async def take_over(self, *, platform: str, now: datetime, after: float) -> int:
        """What a process that is dead by now was sending: due at `after` seconds at the latest, and to be looked up first."""
        values = {"its_platform": platform, "then": now + timedelta(seconds=after)}
        return await self._engine.write(lambda connection: connection.execute(TAKE_OVER, values).rowcount)

    async def receipt(self, key: str) -> Receipt | None:
        """Where the post with this key landed."""
        row = await self._engine.read(lambda connection: connection.execute(RECEIPT, {"its_key": key}).first())
        return Receipt(place=Place.parse(row.receipt_place), id=row.receipt_id) if row else None

    async def next_at(self, platforms: Sequence[str] | None = None) -> datetime | None:
        """When the next post may be sent (long ago: now); None where none waits. `platforms`: only theirs."""

        def read(connection: Connection) -> datetime | None:
            if platforms is None:
                return connection.execute(NEXT).scalar()
            return connection.execute(NEXT_OF, {"platforms": tuple(platforms)}).scalar()

        return await self._engine.read(read)


def fenced(connection: Connection, statement: Executable, claim: Claim, values: dict[str, Any]) -> bool:
    """Whether the claim was still ours."""
    return connection.execute(statement, {"its_seq": claim.id, "its_attempt": claim.attempt, **values}).rowcount == 1


def bind(connection: Connection, key: str, place: Place) -> None:
    """The conversation lives there from now on. Whoever holds it unbound has an old version of it."""
    row = connection.execute(OPENED, {"its_key": key}).first()
    if row is not None:
        unbound = records.record_of(Conversation, row.body, row.version)
        records.save(connection, Conversation, [records.row_of(unbound.model_copy(update={"place": str(place)}))])
