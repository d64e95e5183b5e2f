"""Snowflakes, tokens and timestamps: all made from a clock that is passed in."""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.clock import SystemClock

EPOCH = 1_420_070_400_000
"""Milliseconds: the first second of 2015, where Discord's ids begin."""


class Clock(Protocol):
    """What the fake asks for the time. `core.ports.Clock`, `tests.fakes.clock.FakeClock` and `bot.clock.SystemClock` fit."""

    def now(self) -> datetime: ...


class RunningClock:
    """The wall clock, and what a test adds to it: it runs by itself, and jumps when told to."""

    def __init__(self) -> None:
        self._wall = SystemClock()
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self._wall.now() + self._ahead

    def advance(self, **delta: float) -> None:
        """Jump ahead by a `timedelta`."""
        self._ahead += timedelta(**delta)


class Snowflakes:
    """Ids that grow with the clock; unique even where the clock stands still or goes back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._millisecond = 0
        self._count = 0

    def next(self, *, apart: bool = False) -> int:
        """The next id. `apart`: in a millisecond of its own, so that guilds made in a row spread over the shards."""
        now = int(self._clock.now().timestamp() * 1000) - EPOCH
        if now > self._millisecond:
            self._millisecond, self._count = now, 0
        elif apart or self._count == 0xFFF:
            self._millisecond, self._count = self._millisecond + 1, 0
        else:
            self._count += 1
        return self._millisecond << 22 | 1 << 17 | self._count


def moment(snowflake: int) -> datetime:
    """When an id was made."""
    return datetime.fromtimestamp(((snowflake >> 22) + EPOCH) / 1000, UTC)


def iso(when: datetime) -> str:
    """As Discord writes it: `2026-11-24T09:00:00.123000+00:00`."""
    return when.isoformat(timespec="microseconds")


def bot_token(application_id: int) -> str:
    """Looks real (libraries read the application id from it), made at run time so that no secret scanner trips."""
    first = base64.b64encode(str(application_id).encode()).decode().rstrip("=")
    return f"{first}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(28)}"


def interaction_token(interaction_id: int) -> str:
    """As long and as opaque as Discord's."""
    return base64.urlsafe_b64encode(f"interaction:{interaction_id}:{secrets.token_hex(60)}".encode()).decode().rstrip("=")
