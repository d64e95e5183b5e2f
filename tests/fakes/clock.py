"""A clock that moves when told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Implements `core.ports.Clock`."""

    def __init__(self, now: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, **delta: float) -> None:
        """Move on by a `timedelta`."""
        self._now += timedelta(**delta)

    def set(self, now: datetime) -> None:
        self._now = now
