"""When a channel's daily question is due. Pure: no clock, no database.

One occurrence a local date. An hour that the clocks skip moves on by the gap (02:30 becomes 03:30); an hour that comes
twice counts the first time; a date that a zone never had is left out. Public holidays come from the `holidays` package.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.errors import CoachError
from core.records import Drill

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

    def next_due(self, after: datetime) -> datetime:
        """The first occurrence strictly after `after` (aware); CoachError where none comes within two years."""
        floor = max(after, self.paused_until) if self.paused_until else after
        day = floor.astimezone(self.zone).date() - timedelta(days=1)
        for _ in range(HORIZON):
            if self._on(day):
                due = instant(day, self.at, self.zone)
                if due is not None and (due > after if self.paused_until is None else due > after and due >= self.paused_until):
                    return due
            day += timedelta(days=1)
        raise CoachError("No day is left on which a question could come: check the days, the pause and the days off.")

    def _on(self, day: date) -> bool:
        return day.weekday() in self.days and day not in self.days_off and not (self.country and is_holiday(self.country, day))


def instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """A local wall time as an instant in UTC; None on a date the zone never had."""
    if not _exists(day, zone):
        return None
    # fold=0: the first of two, and one that is skipped moves on by the gap
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def _exists(day: date, zone: ZoneInfo) -> bool:
    noon = datetime.combine(day, time(12), tzinfo=zone)
    return noon.astimezone(UTC).astimezone(zone).date() == day


@lru_cache(maxsize=64)
def _calendar(country: str) -> Collection[date]:
    import holidays  # takes 0.2 s to import, and most drills keep none

    try:
        return holidays.country_holidays(country)
    except NotImplementedError as error:
        raise CoachError(
            f"I have no public holidays for {country!r}. Use a country code such as DE, GB or US, or leave it empty."
        ) from error


def is_holiday(country: str, day: date) -> bool:
    """Whether that date is a public holiday there. CoachError where the country is not known."""
    return day in _calendar(country)


def cadence_of(drill: Drill) -> DailyCadence:
    """A drill's cadence; CoachError where its country has no data."""
    if drill.country:
        _calendar(drill.country)
    return DailyCadence(
        days=drill.days,
        at=drill.at,
        zone=ZoneInfo(drill.zone),
        country=drill.country,
        days_off=drill.days_off,
        paused_until=drill.paused_until,
    )
