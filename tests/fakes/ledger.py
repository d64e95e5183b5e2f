"""What was spent, in memory."""

from __future__ import annotations

from datetime import date

from core.ports import Payer, Spent, Usage


class MemoryLedger:
    """Implements `core.ports.Ledger`."""

    def __init__(self) -> None:
        self.rows: dict[tuple[date, str], Spent] = {}

    async def spent(self, day: date, payer: Payer) -> tuple[Spent, Spent, Spent]:
        person, space, everybody = (self.rows.get((day, who), Spent()) for who in (payer.person, payer.space, "*"))
        return person, space, everybody

    async def add(self, day: date, payer: Payer, usage: Usage) -> None:
        for who in (payer.person, payer.space, "*"):
            known = self.rows.get((day, who), Spent())
            self.rows[day, who] = Spent(
                calls=known.calls + usage.calls,
                tokens=known.tokens + usage.tokens,
                dollars=known.dollars + (usage.dollars or 0.0),
                estimated=known.estimated or usage.estimated,
            )
