"""The model's chair: what it costs, how long it gets, when it is left alone. What goes wrong in it becomes a sentence, never an error."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from core.budget import Budget
from core.errors import ModelError, StoreUnavailable, Trouble
from core.panel.breaker import Breaker
from core.ports import Clock, Deadlines, Ledger, Model, Payer, Priced, Usage

T = TypeVar("T")
Log = Callable[..., None]

WHY: Mapping[Trouble, str] = {
    "slow": "The model took too long.",
    "away": "The model does not answer.",
    "busy": "The model is overloaded.",
    "quota": "The model's account has no credit left.",
    "key": "The model refuses our key.",
    "name": "The model's server does not know its name.",
    "refused": "The model declined to answer.",
    "garbled": "The model's reply could not be used.",
}
UNKNOWN = "What the model may still cost cannot be looked up now."


@dataclass(frozen=True)
class Seat:
    """The model's place, with everything around it."""

    model: Model
    ledger: Ledger
    budget: Budget
    clock: Clock
    log: Log
    deadlines: Deadlines = field(default_factory=Deadlines)
    steady: Callable[[], float] = time.monotonic
    measure: Callable[[str, str, float], None] = lambda call, outcome, seconds: None
    """Told how long a call took and how it ended."""


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What came of asking: a value, or why there is none; and what it cost in any case."""

    value: T | None
    why: str = ""
    usage: Usage = field(default_factory=Usage)


class Chair:
    """Asks the model of one seat."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self._breaker = Breaker(seat.steady)

    async def ask(self, call: str, payer: Payer, deadline: float, ask: Callable[[], Awaitable[Priced[T]]]) -> Outcome[T]:
        """Within the budget and the deadline, and not while it is left alone."""
        seat = self.seat
        if why := await self._why_not(payer):
            return Outcome(None, why)
        began = seat.steady()
        kind: Trouble | None = None
        value, usage = None, Usage()
        try:
            async with asyncio.timeout(deadline):
                priced = await ask()
            value, usage = priced.value, priced.usage
        except TimeoutError:
            kind, usage = "slow", Usage(calls=1, estimated=True)
        except ModelError as error:
            kind = error.kind
            usage = error.usage if isinstance(error.usage, Usage) else usage
        except Exception as error:  # a fault of the adapter's own must not cost anybody their turn
            kind = "garbled"
            seat.log("model_broke", call=call, error=error)
        seat.measure(call, kind or "ok", seat.steady() - began)
        await self._pay(payer, usage)
        if kind is None:
            self._breaker.worked()
            return Outcome(value, usage=usage)
        self._breaker.failed(kind)
        seat.log("model_failed", call=call, why=kind)
        return Outcome(None, WHY[kind], usage)

    async def _why_not(self, payer: Payer) -> str:
        """Why it is not even asked; nothing where it is."""
        if why := self._breaker.why:
            return WHY[why]
        try:
            return self.seat.budget.why_not(await self.seat.ledger.spent(self.seat.clock.now().date(), payer))
        except StoreUnavailable:  # what was spent cannot be known, so nothing more is
            return UNKNOWN

    async def _pay(self, payer: Payer, usage: Usage) -> None:
        if not usage.calls:
            return
        try:
            await self.seat.ledger.add(self.seat.clock.now().date(), payer, usage)
        except StoreUnavailable as error:  # the answer is not lost over its bill
            self.seat.log("spending_not_noted", why=str(error))
