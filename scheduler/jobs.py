"""What falls due. A daily question needs no deciding, so the tick posts it itself, many in one transaction; everything
else enters the inbox as a message of kind DUE and is handled like anything that somebody said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.chat import Kind, Message
from core.commands import parse_button
from core.delivery import Delivery, Log
from core.errors import Stale
from core.features.calendar import Cadences
from core.ports import Clock, Store, Upto
from core.questions.bank import Bank
from core.records import Timer
from scheduler.drills import DueDrills
from scheduler.reckoning import Reckoning, data_version

BATCH = 500
ROUNDS = 30
"""Batches of one tick: it must end now and then, for whoever watches that it ticks."""


@dataclass
class Jobs:
    """The work of one tick."""

    store: Store
    bank: Bank
    clock: Clock
    cadence: Cadences
    delivery: Delivery
    take_up: Callable[[Message], object]
    """Puts a stored message into its lane."""
    log: Log
    calendar_data: str = ""
    """Which time zone and holiday data is used; left out: what this process has."""

    def __post_init__(self) -> None:
        """Join the parts."""
        self.drills = DueDrills(self.store, self.bank, self.cadence, self.delivery.fit, self.log)
        self.reckoning = Reckoning(self.store, self.cadence, self.log, self.calendar_data or data_version())

    async def tick(self) -> int:
        """What is due now, as far as one tick goes; how much it was."""
        now = self.clock.now()
        await self.reckoning.step(now)
        done = 0
        for job in (self.drills, self.timers):
            for _ in range(ROUNDS):
                count = await job(now)
                done += count
                if not count:
                    break
        if done:
            self.delivery.wake()
        return done

    async def timers(self, now: datetime) -> int:
        """Turn due timers into messages, and take these up."""
        try:
            async with self.store.claim(Timer, due_at=Upto(now), order="due_at", limit=BATCH) as (unit, due):
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
