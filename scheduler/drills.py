"""Daily questions that fall due: laid out many in one transaction, a little before their time, so that a full minute finds them ready.

What is laid out waits in the outbox until it is due; whoever changes the drill meanwhile takes it back (`core.features.drill.laid_out`).
The work is pure and runs beside the loop, which it never holds up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.chat import Post
from core.delivery import Log
from core.errors import Stale
from core.features.calendar import Cadences
from core.features.drill.announcing import Announcement, announce, occurrence_key
from core.features.drill.days import day_of, following
from core.ports import Store, Unit, Upto
from core.questions.bank import Bank
from core.records import Drill, Occurrence

BATCH = 100
"""Drills of one transaction: few enough that a full minute costs little memory."""
LEAD = timedelta(seconds=60)
"""How long before its time a question is laid out."""


@dataclass(frozen=True)
class DueDrills:
    """The daily questions of one tick."""

    store: Store
    bank: Bank
    cadences: Cadences
    fit: Callable[[Post], Sequence[Post]]
    log: Log
    lead: timedelta = LEAD

    async def __call__(self, now: datetime) -> int:
        """Lay out one batch of what is due, with its next dates; how many there were."""
        soon = now + self.lead
        due: Sequence[Drill] = ()
        try:
            async with self.store.claim(Drill, next_due_at=Upto(soon), order="next_due_at", limit=BATCH) as (unit, due):
                if due:
                    await asyncio.to_thread(self._lay_out, unit, due, now)
        except Stale:  # somebody changed one of them meanwhile, or a day has its question or its trace already
            self.log("drills_raced", drills=len(due))
            return await self._one_by_one([drill.key for drill in due], now)
        return len(due)

    async def _one_by_one(self, keys: Sequence[str], now: datetime) -> int:
        """Each on its own, so that one cannot hold up the others."""
        done = 0
        for key in keys:
            try:
                async with self.store.begin() as unit:
                    drill = await unit.get(Drill, key)
                    if drill is None or drill.next_due_at is None or drill.next_due_at > now + self.lead:
                        continue
                    had = await unit.get(Occurrence, occurrence_key(drill, day_of(drill, drill.next_due_at)))
                    if had:
                        unit.save(following(drill, self.cadences, drill.next_due_at))
                    else:
                        self._lay_out(unit, [drill], now)
                done += 1
            except Stale:  # the next tick sees it again
                continue
            except (KeyError, ValueError, OSError) as error:
                await self._stop(key, error)
        return done

    def _lay_out(self, unit: Unit, due: Sequence[Drill], now: datetime) -> None:
        for drill in due:
            made = self._made(drill, now)
            for record in made.saves:
                unit.save(record)
            for post in made.posts:
                for fitted in self.fit(post):
                    unit.post(fitted)

    def _made(self, drill: Drill, now: datetime) -> Announcement:
        try:
            return announce(drill, self.bank, self.cadences, now)
        except Exception as error:  # one that cannot be worked out must not hold up the others
            return Announcement(saves=(self._stopped(drill, error),), posts=())

    def _stopped(self, drill: Drill, error: Exception) -> Drill:
        self.log("drill_stopped", drill=drill.key, why=type(error).__name__)
        why = f"When it is due could not be worked out ({type(error).__name__}). /drill setup sets it anew."
        return drill.model_copy(update={"next_due_at": None, "stopped": why})

    async def _stop(self, key: str, error: Exception) -> None:
        async with self.store.begin() as unit:
            if drill := await unit.get(Drill, key):
                unit.save(self._stopped(drill, error))
