"""One occurrence a local date, whatever the clocks do."""

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.errors import CoachError
from core.features.calendar import Mornings
from scheduler.cadence import DailyCadence, cadence_of

EVERY_DAY = tuple(range(7))
TIMES = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
START, END = datetime(2026, 12, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)


def rules() -> list[str]:
    """One zone for each different set of clock changes between start and end."""
    found: dict[tuple[object, ...], str] = {}
    for name in sorted(zoneinfo.available_timezones()):
        if changes := tuple(clock_changes(ZoneInfo(name))):
            found.setdefault(changes, name)
    return list(found.values())


def clock_changes(zone: ZoneInfo) -> Iterator[tuple[datetime, timedelta | None]]:
    """When the clocks are changed, to the minute, and to which offset."""
    before = START
    while before < END:
        after = before + timedelta(days=1)
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            low, high = before, after
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset() else (low, middle)
            yield high.replace(second=0, microsecond=0), high.astimezone(zone).utcoffset()
        before = after


@pytest.mark.e2e
def test_no_local_date_is_skipped_and_none_comes_twice_in_any_zone_at_any_half_hour() -> None:
    """At least 29 rules at 48 times a day over 13 months: 1,392 schedules. What is right is said by the wall clock, not by our own code."""
    zones = rules()
    assert len(zones) >= 29
    schedules, shifted, doubled = 0, 0, 0
    for name in zones:
        zone = ZoneInfo(name)
        for at in TIMES:
            cadence = DailyCadence(days=EVERY_DAY, at=at, zone=zone)
            due, wanted = START, datetime.combine(START.astimezone(zone).date() + timedelta(days=2), at)
            due = datetime.combine(wanted - timedelta(days=1), at, tzinfo=zone).astimezone(UTC)
            while (due := cadence.next_due(due)) < END:
                local = due.astimezone(zone)
                if local.replace(tzinfo=None) != wanted:  # the clocks skip this hour: the same by the clock as it was before
                    assert not on_the_clock(wanted, zone), (name, at, due)
                    assert local.replace(tzinfo=None) - wanted == gap(wanted, zone) > timedelta(0), (name, at, due)
                    shifted += 1
                doubled += local.replace(fold=1).utcoffset() != local.replace(fold=0).utcoffset()
                assert local.fold == 0, (name, at, due)
                wanted += timedelta(days=1)
            assert wanted >= datetime.combine(END.astimezone(zone).date(), time(0)) - timedelta(days=1), (name, at)
            schedules += 1
    assert schedules == len(zones) * 48 >= 1392
    assert min(shifted, doubled) >= len(zones)  # the hours that are skipped and those that come twice were all among them


def on_the_clock(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether a clock there ever shows this."""
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall


def gap(wall: datetime, zone: ZoneInfo) -> timedelta:
    """How far the clocks were put forward just then."""
    before, after = ((wall + timedelta(hours=hours)).replace(tzinfo=zone).utcoffset() for hours in (-4, 4))
    assert before is not None
    assert after is not None
    return after - before


@pytest.mark.parametrize(
    ("zone", "at", "after", "local"),
    [
        (
            "America/New_York",
            time(2, 30),
            datetime(2027, 3, 13, 12, tzinfo=UTC),
            "2027-03-14T03:30:00-04:00",
        ),  # skipped: moves on by the gap
        ("America/New_York", time(1, 30), datetime(2027, 11, 6, 12, tzinfo=UTC), "2027-11-07T01:30:00-04:00"),  # twice: the first
        ("America/Santiago", time(0, 0), datetime(2027, 9, 4, 12, tzinfo=UTC), "2027-09-05T01:00:00-03:00"),
        ("Pacific/Apia", time(9, 0), datetime(2011, 12, 29, 20, tzinfo=UTC), "2011-12-31T09:00:00+14:00"),  # the 30th never was
    ],
)
def test_gaps_overlaps_and_missing_dates(zone: str, at: time, after: datetime, local: str) -> None:
    due = DailyCadence(days=EVERY_DAY, at=at, zone=ZoneInfo(zone)).next_due(after)
    assert due.astimezone(ZoneInfo(zone)).isoformat() == local


def test_weekends_holidays_days_off_and_pauses_are_left_out() -> None:
    zone = ZoneInfo("Europe/Berlin")
    cadence = DailyCadence(days=(0, 1, 2, 3, 4), at=time(9), zone=zone, country="DE", days_off=(date(2026, 12, 24),))
    due = datetime(2026, 12, 22, 12, tzinfo=UTC)
    days = []
    for _ in range(4):
        due = cadence.next_due(due)
        days.append(due.astimezone(zone).date().isoformat())
    assert days == ["2026-12-23", "2026-12-28", "2026-12-29", "2026-12-30"]  # 25 and 26 are holidays, 26 and 27 a weekend
    paused = DailyCadence(days=EVERY_DAY, at=time(9), zone=zone, paused_until=datetime(2026, 12, 24, 23, tzinfo=UTC))
    assert paused.next_due(datetime(2026, 12, 22, tzinfo=UTC)).astimezone(zone).date() == date(2026, 12, 25)


def test_a_cadence_that_never_comes_says_so() -> None:
    with pytest.raises(CoachError, match="No day is left"):
        DailyCadence(days=(), at=time(9), zone=ZoneInfo("UTC")).next_due(START)


def test_the_answer_is_strictly_later() -> None:
    cadence = DailyCadence(days=EVERY_DAY, at=time(9), zone=ZoneInfo("UTC"))
    at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert cadence.next_due(at) == at + timedelta(days=1)
    assert cadence.next_due(at - timedelta(microseconds=1)) == at


@pytest.mark.parametrize(("zone", "at"), [("Europe/Berlin", time(23, 59)), ("America/Nuuk", time(23, 30)), ("Asia/Tokyo", time(0, 0))])
def test_an_offset_that_leads_past_midnight_still_gives_each_date_its_own(zone: str, at: time) -> None:
    cadence = DailyCadence(days=EVERY_DAY, at=at, zone=ZoneInfo(zone), offset=timedelta(seconds=90))
    plain = DailyCadence(days=EVERY_DAY, at=at, zone=ZoneInfo(zone))
    due = before = datetime(2027, 3, 20, 12, tzinfo=UTC)
    for _ in range(20):
        due, before = cadence.next_due(due), plain.next_due(before)
        assert due == before + timedelta(seconds=90)


def test_whoever_asks_between_midnight_and_a_shifted_occurrence_still_gets_it() -> None:
    """It belongs to yesterday, but comes today."""
    nuuk = ZoneInfo("America/Nuuk")
    shifted = datetime(2027, 3, 28, 0, 30, tzinfo=nuuk)  # Saturday's 23:30
    cadence = DailyCadence(days=(5,), at=time(23, 30), zone=nuuk)
    assert cadence.next_due(shifted - timedelta(minutes=20)) == shifted
    late = DailyCadence(days=EVERY_DAY, at=time(23, 59), zone=ZoneInfo("UTC"), offset=timedelta(seconds=90))
    assert late.next_due(datetime(2027, 3, 28, 0, 0, 10, tzinfo=UTC)) == datetime(2027, 3, 28, 0, 0, 30, tzinfo=UTC)


def test_a_date_that_never_was_lends_its_weekday_to_no_other() -> None:
    """Apia had no Friday 30 December 2011: who comes on Fridays comes a week later, not on Saturday."""
    apia = ZoneInfo("Pacific/Apia")
    due = DailyCadence(days=(4,), at=time(9), zone=apia).next_due(datetime(2011, 12, 29, 20, tzinfo=UTC))
    assert due.astimezone(apia).date() == date(2012, 1, 6)


def test_only_some_weekdays_and_never_another() -> None:
    due, found = START, set()
    for _ in range(60):
        due = DailyCadence(days=(1, 3), at=time(9), zone=ZoneInfo("Asia/Kolkata")).next_due(due)
        found.add(due.astimezone(ZoneInfo("Asia/Kolkata")).weekday())
    assert found == {1, 3}


@pytest.mark.parametrize(
    ("code", "day", "why"),
    [
        ("DE", date(2026, 12, 25), "Christmas Day"),
        ("DE", date(2027, 1, 6), ""),
        ("DE-BY", date(2027, 1, 6), "Epiphany"),
        ("JP", date(2027, 5, 3), "Constitution Day"),
        ("", date(2026, 12, 25), ""),
    ],
)
def test_why_there_is_none_is_said_in_english(code: str, day: date, why: str) -> None:
    cadence = DailyCadence(days=EVERY_DAY, at=time(9), zone=ZoneInfo("UTC"), country=code, days_off=(date(2027, 1, 4),))
    assert cadence.why_not(day) == why
    assert cadence.why_not(date(2027, 1, 4)) == "a day off"


def test_a_person_and_a_channel_get_their_cadence_from_the_same_code() -> None:
    mine = Mornings(days=EVERY_DAY, at=time(8), zone="Asia/Tokyo", country="JP")
    assert cadence_of(mine).next_due(START) == datetime(2026, 12, 1, 23, tzinfo=UTC)
    for country, zone, error in (("ZZ", "UTC", CoachError), ("", "Mars/Olympus", KeyError)):
        with pytest.raises(error):
            cadence_of(Mornings(days=EVERY_DAY, at=time(8), zone=zone, country=country))
