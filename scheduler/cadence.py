"""When something comes: a channel's daily question, a person's morning message. Pure: no clock, no database.

One occurrence a local date. An hour that the clocks skip moves on by the gap (02:30 becomes 03:30); an hour that comes
twice counts the first time; a date that a zone never had is left out. Public holidays come from `scheduler.public_holidays`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import CoachError
from core.ports import Standing
from scheduler.public_holidays import calendar, holiday

HORIZON = 800
"""Days to look ahead before it is said that nothing comes."""


@dataclass(frozen=True)
class DailyCadence:
    """Implements `core.ports.Cadence`."""

    days: Collection[int]
    """Monday is 0."""
    at: time
    zone: ZoneInfo
    country: str = ""
    days_off: Collection[date] = ()
    paused_until: datetime | None = None
    offset: timedelta = timedelta()
    """How much later than the hour."""

    def next_due(self, after: datetime) -> datetime:
        """The first occurrence strictly after `after` (aware); CoachError where none comes within two years."""
        floor = max(after, self.paused_until) if self.paused_until else after
        day = floor.astimezone(self.zone).date() - timedelta(days=1)  # a skipped hour, or the offset, may move it past midnight
        for _ in range(HORIZON):
            if not self.why_not(day):
                due = _reading(day, self.at, self.zone)
                late_enough = due + self.offset > after and (self.paused_until is None or due >= self.paused_until)
                if late_enough and _exists(day, self.zone):
                    return due + self.offset
            day += timedelta(days=1)
        raise CoachError("No day is left on which it could come: check the days, the pause and the days off.")

    def why_not(self, day: date) -> str:
        """Why nothing comes on a local date, a pause aside; nothing where it does."""
        if day.weekday() not in self.days:
            return "weekday"
        if day in self.days_off:
            return "a day off"
        return holiday(self.country, day) if self.country else ""


def _reading(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A local wall time as an instant in UTC."""
    # fold=0: the first of two, and one that is skipped moves on by the gap
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def _exists(day: date, zone: ZoneInfo) -> bool:
    """Whether the zone ever had that date."""
    noon = datetime.combine(day, time(12), tzinfo=zone)
    return noon.astimezone(UTC).astimezone(zone).date() == day


def cadence_of(order: Standing) -> DailyCadence:
    """The cadence of a drill or of a person's mornings. CoachError where its country has no data, KeyError where its zone is unknown."""
    if order.country:
        calendar(order.country)
    return DailyCadence(
        days=order.days,
        at=order.at,
        zone=ZoneInfo(order.zone),
        country=order.country,
        days_off=order.days_off,
        paused_until=order.paused_until,
        offset=order.offset,
    )
