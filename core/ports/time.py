"""What time it is, and when something comes next."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Protocol


class Standing(Protocol):
    """What a cadence is worked out from: a channel's drill, or a person's mornings."""

    @property
    def days(self) -> Collection[int]:
        """Monday is 0."""

    @property
    def at(self) -> time:
        """Local."""

    @property
    def zone(self) -> str:
        """IANA name."""

    @property
    def country(self) -> str:
        """Whose public holidays are kept."""

    @property
    def days_off(self) -> Collection[date]:
        """Kept by hand."""

    @property
    def paused_until(self) -> datetime | None:
        """Nothing comes before."""

    @property
    def offset(self) -> timedelta:
        """How much later than the hour."""


class Cadence(Protocol):
    """When something happens next."""

    def next_due(self, after: datetime) -> datetime:
        """The first occurrence strictly after `after`; CoachError where none comes."""

    def why_not(self, day: date) -> str:
        """Why nothing comes on a local date (a pause aside): "weekday", the holiday's name, "a day off"; or nothing where it does."""


class Clock(Protocol):
    """The one source of time."""

    def now(self) -> datetime:
        """Aware, UTC."""
