"""Local hours and dates: reading what people write, and a person's own calendar, which says when a direct message may come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from core.errors import CoachError
from core.ports import Cadence, Standing
from core.records import Profile

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Cadences = Callable[[Standing], Cadence]
LONGEST = timedelta(days=731)
"""A pause that is longer is meant to be an end."""


def at_local(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """A local hour as an instant in UTC; one that the clocks skip moves on by the gap."""
    return datetime.combine(day, hour, tzinfo=zone).astimezone(ZoneInfo("UTC"))


# --- what people write -----------------------------------------------------------------------------------------------


def read_time(text: str) -> time | None:
    """`9:00`, `09:00` or `9.30` as a time of day; None where it is none."""
    try:
        found = time.fromisoformat(text.strip().replace(".", ":").zfill(5))
    except ValueError:
        return None
    return found.replace(second=0, microsecond=0) if found.tzinfo is None else None


def no_time(text: str) -> str:
    """What to say of one that is none."""
    return f"{text!r} is not a time of day. Write it as 09:00."


def read_zone(text: str) -> ZoneInfo | None:
    """The zone of this name; None where there is none."""
    try:
        return ZoneInfo(text.strip())
    except (KeyError, ValueError, OSError):
        return None


def no_zone(text: str) -> str:
    """What to say of a name that is none: with the right one, where only the continent is missing."""
    near = _cities().get(text.strip().replace(" ", "_").lower())
    return f"I know no time zone {text!r}. " + (f"Do you mean {near}?" if near else "Write it as Europe/Berlin or America/New_York.")


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    names = sorted((name for name in available_timezones() if "/" in name), reverse=True)
    return {short: name for name in names for short in (name.rsplit("/", 1)[1].lower(), name.lower())}


def read_country(text: str) -> str:
    """A country's code, and where it was named the part of it, as they are stored."""
    return "-".join(part for part in text.strip().replace(" ", "-").split("-", 1) if part).upper() if text.strip() else ""


def read_dates(text: str) -> tuple[date, ...]:
    """Dates with commas between, sorted; CoachError names the first that is none."""
    found = set()
    for part in (part.strip() for part in text.replace(";", ",").split(",")):
        try:
            found |= {date.fromisoformat(part)} if part else set()
        except ValueError:
            raise CoachError(f"{part!r} is no date. Write dates as 2026-12-24, with commas between.") from None
    return tuple(sorted(found))


def read_until(text: str, today: date) -> date:
    """The day a pause ends on: a date, a weekday, `tomorrow`, a number of days or weeks. CoachError where it is none, or past."""
    word = text.strip().lower().removeprefix("until ").strip()
    day = _date_or_none(word, today)
    if day is None:
        raise CoachError(f"Until when? {text!r} is no date I know. Write 2026-12-24, a weekday, or a number of days.")
    if day <= today:
        raise CoachError(f"{day.isoformat()} is not in the future. Choose a later date.")
    if day - today > LONGEST:
        raise CoachError(f"{day.isoformat()} is more than two years away. Choose an earlier date, or stop it.")
    return day


def _date_or_none(word: str, today: date) -> date | None:
    number, _, unit = word.partition(" ")
    if number.isascii() and number.isdigit() and len(number) < 5 and unit in ("", "day", "days", "week", "weeks"):
        return today + timedelta(days=int(number) * (7 if unit.startswith("week") else 1))
    if word == "tomorrow":
        return today + timedelta(days=1)
    if len(word) >= 3 and word.isalpha():
        matching = [index for index, name in enumerate(DAYS) if name.lower().startswith(word)]
        return today + timedelta(days=(matching[0] - today.weekday() - 1) % 7 + 1) if matching else None
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


# --- a person's own calendar -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mornings:
    """When the coach may write first to one person. Implements `core.ports.Standing`."""

    days: tuple[int, ...]
    at: time
    zone: str
    country: str = ""
    paused_until: datetime | None = None
    days_off: tuple[date, ...] = ()
    offset: timedelta = timedelta()


def mornings(profile: Profile, zone: ZoneInfo, country: str) -> Mornings:
    """The person's hour outside their quiet hours, on their working days; not on holidays of the country, nor in their own pause."""
    return Mornings(
        days=profile.workdays or tuple(range(7)),
        at=outside_quiet(profile, profile.remind_at),
        zone=str(zone),
        country=country if profile.country is None else profile.country,
        paused_until=profile.paused_until,
    )


def next_morning(order: Mornings, cadences: Cadences, now: datetime, *, weekly: bool = False) -> datetime:
    """The next one that is not today's, in a week at the earliest where the person chose weekly."""
    zone = ZoneInfo(order.zone)
    first = now.astimezone(zone).date() + timedelta(days=7 if weekly else 1)
    return morning_from(order, cadences, first, now)


def morning_from(order: Mornings, cadences: Cadences, day: date, now: datetime) -> datetime:
    """The first one on this local date or later that has not passed."""
    start = at_local(day, time(0), ZoneInfo(order.zone)) - timedelta(seconds=1)
    return cadences(order).next_due(max(start, now))


def may_write(order: Mornings, cadences: Cadences, profile: Profile, now: datetime) -> bool:
    """Whether a direct message may come at this very moment: not in a pause, on a day off, in quiet hours, or twice a day."""
    local = now.astimezone(ZoneInfo(order.zone))
    paused = order.paused_until is not None and now < order.paused_until
    again = profile.written_at is not None and profile.written_at.astimezone(local.tzinfo).date() == local.date()
    quiet = outside_quiet(profile, local.time()) != local.time()
    return not (paused or again or quiet or cadences(order).why_not(local.date()))


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
