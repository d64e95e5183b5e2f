"""A model's seat on a fake server, as the process would build it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

from adapters.openai.asking import Asker
from adapters.openai.client import make
from adapters.openai.model import MARGIN, OpenAiModel
from adapters.openai.prices import price_of
from adapters.openai.profiles import PROFILES
from core.budget import Budget
from core.panel import Deadlines, Seat
from core.ports import Clock, Ledger
from core.questions.bank import Bank
from tests.fakes.clock import FakeClock
from tests.fakes.ledger import MemoryLedger
from tests.fakes.openai.server import FakeOpenAI


def seat_at(
    server: FakeOpenAI,
    bank: Bank,
    *,
    ledger: Ledger | None = None,
    clock: Clock | None = None,
    budget: Budget | None = None,
    model: str = "gpt-6-luna",
    seconds: float = 5.0,
    steady: Callable[[], float] = time.monotonic,
) -> Seat:
    """A seat whose model answers within so many seconds or not at all."""
    asker = Asker(make(server.url, server.key).with_options(max_retries=0), PROFILES["openai"], model, price_of(model))
    given = seconds + MARGIN
    deadlines = Deadlines(move=given, review=given, regrade=given, talk=given, coin=2 * given)
    return Seat(
        model=OpenAiModel(asker, asker, bank, server.url, "a secret", deadlines, today=lambda: date(2026, 3, 2)),
        ledger=ledger or MemoryLedger(),
        budget=budget or Budget(),
        clock=clock or FakeClock(),
        log=lambda event, **facts: None,
        deadlines=deadlines,
        steady=steady,
    )
