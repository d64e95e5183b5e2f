"""A wall clock that can be set, for everything that asks the system what time it is: APScheduler, and the ticker that winds it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

ASKING = ("apscheduler.schedulers.base", "apscheduler.executors.base", "apscheduler.job", "scheduler.ticker")
"""The modules that call `datetime.now`."""


class Wall:
    """Goes with the real one, `shift` away from it."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift


@contextmanager
def wall_clock() -> Iterator[Wall]:
    """As long as it lasts, this is the time."""
    made = Wall()

    class Set(datetime):
        @classmethod
        def now(cls, tz=None):  # type: ignore[no-untyped-def, override]
            return super().now(tz) + made.shift

    modules = [importlib.import_module(name) for name in ASKING]
    usual = [module.datetime for module in modules if hasattr(module, "datetime")]
    for module in modules:
        module.datetime = Set  # type: ignore[attr-defined]
    try:
        yield made
    finally:
        for module in modules:
            module.datetime = usual[0]  # type: ignore[attr-defined]
