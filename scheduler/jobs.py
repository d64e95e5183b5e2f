"""What falls due. A daily question needs no deciding, so the tick posts it itself, many in one transaction; everything
else enters the inbox as a message of kind DUE and is handled like anything that somebody said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.chat import Kind, Message
from core.commands import parse_button
from core.delivery import Delivery, Log
from core.errors import CoachError, Stale
from core.features.drill.announcing import WINDOW, announce
from core.ports import Cadence, Clock, From, Store, Unit, Upto
from core.questions.bank import Bank
from core.records import Drill, Occurrence, Timer

BATCH = 500


@dataclass(frozen=True)
class Jobs:
    """The work of one tick."""

    store: Store
    bank: Bank
    clock: Clock
    cadence: Callable[[Drill], Cadence]
    delivery: Delivery
    take_up: Callable[[Message], object]
    """Puts a stored message into its lane."""
    log: Log

    async def tick(self) -> int:
        """Everything that is due now; how much it was."""
        now = self.clock.now()
        done = 0
        for job in (self.drills, self.timers):
            while count := await job(now):
                done += count
        if done:
            self.delivery.wake()
        return done

    async def drills(self, now: datetime) -> int:
        """Post the daily questions that are due, with their next dates, in one transaction."""
        try:
            async with self.store.begin() as unit:
                due = await unit.find(Drill, next_due_at=Upto(now), order="next_due_at", limit=BATCH)
                for drill in due:
                    await self._announce(unit, drill, now)
        except Stale:  # somebody changed one of them meanwhile; the next tick sees it
            self.log("drills_raced")
            return 0
        return len(due)

    async def _announce(self, unit: Unit, drill: Drill, now: datetime) -> None:
        past = await unit.find(Occurrence, drill=drill.key, due_at=From(now - WINDOW), order="due_at", limit=100)
        try:
            made = announce(drill, past, self.bank, self.cadence(drill), now)
        except (CoachError, KeyError, ValueError) as error:  # a drill that has no next date must not hold up the others
            self.log("drill_stopped", drill=drill.key, why=type(error).__name__)
            unit.save(drill.model_copy(update={"next_due_at": None}))
            return
        day = next(record for record in made.saves if isinstance(record, Occurrence)).day
        if any(item.day == day for item in past):  # `/drill now` was there first
            moved = next(record for record in made.saves if isinstance(record, Drill))
            unit.save(moved.model_copy(update={"number": drill.number}))
            return
        for record in made.saves:
            unit.save(record)
        for post in made.posts:
            for fitted in self.delivery.fit(post):
                unit.post(fitted)

    async def timers(self, now: datetime) -> int:
        """Turn due timers into messages, and take these up."""
        try:
            async with self.store.begin() as unit:
                due = await unit.find(Timer, due_at=Upto(now), order="due_at", limit=BATCH)
                messages = [due_message(timer) for timer in due]
                for timer, message in zip(due, messages, strict=True):
                    unit.remove(timer)
                    unit.receive(message)
        except Stale:
            self.log("timers_raced")
            return 0
        for message in messages:
            self.take_up(message)
        return len(due)


def due_message(timer: Timer) -> Message:
    """What a timer says when its time has come. Its id names the timer and the moment, so that it counts once."""
    name, fields = parse_button(timer.line)
    return Message(
        id=f"due/{timer.key}/{timer.due_at.timestamp():.3f}",
        place=timer.place,
        author=timer.who,
        kind=Kind.DUE,
        text=timer.line,
        command=name,
        fields=fields,
        sent_at=timer.due_at,
    )
