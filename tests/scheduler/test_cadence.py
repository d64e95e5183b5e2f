"""One occurrence a local date, whatever the clocks do."""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.errors import CoachError
from scheduler.cadence import DailyCadence, instant

EVERY_DAY = tuple(range(7))
TIMES = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
START, END = datetime(2026, 12, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)


def rules() -> list[str]:
    """One zone for each different set of clock changes between start and end."""
    found: dict[tuple[object, ...], str] = {}
    for name in sorted(zoneinfo.available_timezones()):
        zone = ZoneInfo(name)
        offsets = []
        at, last = START, None
        while at < END:
            offset = at.astimezone(zone).utcoffset()
            if offset != last:
                offsets.append((at, offset))
                last = offset
            at += timedelta(hours=1)
        if len(offsets) > 1:
            found.setdefault(tuple(offsets), name)
    return list(found.values())


def test_no_local_date_is_skipped_and_none_comes_twice_in_any_zone_at_any_half_hour() -> None:
    zones = rules()
    assert len(zones) >= 25
    schedules = 0
    for name in zones:
        zone = ZoneInfo(name)
        for at in TIMES:
            cadence = DailyCadence(days=EVERY_DAY, at=at, zone=zone)
            due = START
            expected = START.astimezone(zone).date()
            if instant(expected, at, zone) and instant(expected, at, zone) <= START:  # type: ignore[operator]
                expected += timedelta(days=1)
            while (due := cadence.next_due(due)) < END:
                day = _meant(due, at, zone)
                assert day == expected, (name, at, due)
                expected += timedelta(days=1)
            schedules += 1
    assert schedules == len(zones) * 48


def _meant(due: datetime, at: time, zone: ZoneInfo) -> date:
    """The local date whose occurrence this is: a skipped time may have moved past midnight."""
    local = due.astimezone(zone)
    return next(day for day in (local.date(), local.date() - timedelta(days=1)) if instant(day, at, zone) == due)


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
