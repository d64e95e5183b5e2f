"""A person's own calendar: when a direct message may come."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.records import Profile


def at_local(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """A local hour as an instant in UTC; one that the clocks skip moves on by the gap."""
    return datetime.combine(day, hour, tzinfo=zone).astimezone(ZoneInfo("UTC"))


def next_morning(profile: Profile, zone: ZoneInfo, now: datetime) -> datetime:
    """The hour of the one daily message, on the next working day; a week on where the person chose weekly."""
    day = now.astimezone(zone).date() + timedelta(days=7 if profile.coaching == "weekly" else 1)
    workdays = profile.workdays or tuple(range(7))
    while day.weekday() not in workdays:
        day += timedelta(days=1)
    return at_local(day, outside_quiet(profile, profile.remind_at), zone)


def outside_quiet(profile: Profile, hour: time) -> time:
    """The hour itself, or the end of the quiet hours it falls into."""
    start, end = profile.quiet_from, profile.quiet_to
    quiet = start <= hour or hour < end if start > end else start <= hour < end
    return end if quiet else hour


def today_at(hour: time, zone: ZoneInfo, now: datetime) -> datetime:
    """That hour today, or tomorrow where it has passed."""
    day = now.astimezone(zone).date()
    at = at_local(day, hour, zone)
    return at if at > now else at_local(day + timedelta(days=1), hour, zone)
