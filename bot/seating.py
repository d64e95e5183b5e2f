"""The model's seat, as the settings describe it; None where there is no model."""

from __future__ import annotations

from collections.abc import Callable

from adapters.database.engine import Engine
from adapters.database.ledger import SqlLedger
from bot.logs import log
from bot.metrics import model_latency
from bot.settings import Settings
from core.budget import Budget, Limit
from core.panel import Seat
from core.ports import Clock, Ledger, Model
from core.questions.bank import Bank

SUGGESTED = "gpt-6-luna"
"""Named in documents and sentences only; which model it is, is a setting."""


def seat_of(settings: Settings, engine: Engine, bank: Bank, clock: Clock, steady: Callable[[], float]) -> Seat | None:
    """The seat, where there is a model."""
    if not settings.model:
        return None
    return seated(model_of(settings, bank, clock), SqlLedger(engine), settings, clock, steady)


def seated(model: Model, ledger: Ledger, settings: Settings, clock: Clock, steady: Callable[[], float]) -> Seat:
    """A model within the settings' budget."""
    return Seat(model=model, ledger=ledger, budget=budget_of(settings), clock=clock, log=log, steady=steady, measure=_measure)


def model_of(settings: Settings, bank: Bank, clock: Clock) -> Model:
    """The model that is configured. Its library is not even read where there is none."""
    from adapters.openai.asking import Asker
    from adapters.openai.client import make
    from adapters.openai.model import OpenAiModel
    from adapters.openai.prices import price_of
    from adapters.openai.profiles import OPENAI, profile_for

    url = settings.openai_base_url or OPENAI
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
    client, profile = make(url, key), profile_for(url, settings.openai_profile)

    def asker(name: str) -> Asker:
        return Asker(client, profile, name, price_of(name, settings.openai_prices), settings.openai_context)

    name = settings.openai_model or ""
    first = asker(name)
    debriefs = asker(settings.openai_debrief_model) if settings.openai_debrief_model else first
    secret = settings.encryption_key.get_secret_value() if settings.encryption_key else key or url
    return OpenAiModel(first, debriefs, bank, url, secret, today=lambda: clock.now().date())


def budget_of(settings: Settings) -> Budget:
    """The three limits of a day."""
    return Budget(
        person=Limit(settings.model_person_tokens, settings.model_person_dollars),
        space=Limit(settings.model_space_tokens, settings.model_space_dollars),
        everybody=Limit(settings.model_all_tokens, settings.model_all_dollars),
    )


def _measure(call: str, outcome: str, seconds: float) -> None:
    model_latency.labels(call, outcome).observe(seconds)
