"""Pauses, zones, skips and downtime: what is planned, what was left out and why. The world starts on Tuesday 24 November 2026 at 10:00."""

import pytest

from core.ports import From
from core.records import Occurrence
from tests.core.features.drills import BERLIN, GOOD, asked_on, berlin, drill, occurrences, posted, until
from tests.fakes.world import CHANNEL, World, text_of


async def lately(world: World) -> list[str]:
    """What `/drill show` says of the last days."""
    await world.say("/drill show")
    return [line.removeprefix("- ") for line in world.last().after.splitlines() if line.startswith("- ")]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("until Monday", 30),
        ("mon", 30),
        ("tomorrow", 25),
        ("tuesday", 1),
        ("2026-11-27", 27),
        ("3", 27),
        ("3 days", 27),
        ("1 week", 1),
    ],
)
async def test_a_pause_ends_on_the_day_that_was_said(world: World, words: str, day: int) -> None:
    await world.say(f"/drill pause {words}")
    after = await drill(world)
    assert after.next_due_at
    assert after.next_due_at.astimezone(BERLIN).day == day


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("2020-01-01", "2020-01-01 is not in the future. Choose a later date."),
        ("2026-11-24", "2026-11-24 is not in the future. Choose a later date."),
        ("2026-02-30", "Until when? '2026-02-30' is no date I know. Write 2026-12-24, a weekday, or a number of days."),
        ("9999-12-31", "9999-12-31 is more than two years away. Choose an earlier date, or stop it."),
        ("99999", "Until when? '99999' is no date I know. Write 2026-12-24, a weekday, or a number of days."),
    ],
)
async def test_a_pause_that_cannot_be_changes_nothing(world: World, words: str, says: str) -> None:
    before = await drill(world)
    await world.say(f"/drill pause {words}")
    assert world.last().text == says
    assert await drill(world) == before


async def test_a_change_during_a_pause_does_not_end_it(world: World) -> None:
    await world.say("/drill pause until Monday")
    await world.do("drill setup", fields={**GOOD, "time": "11:00"})
    assert (await drill(world)).next_due_at == berlin(2026, 11, 30, 11)
    assert "Paused until" in world.find("was changed").card.text


async def test_a_pause_means_the_same_date_in_a_new_zone(world: World) -> None:
    await world.do("drill setup", fields={**GOOD, "days": "0,1,2,3,4,5,6", "time": "19:00", "reveal": "08:00"})
    await world.say("/drill pause until Monday")
    await world.do("drill setup", fields={**GOOD, "days": "0,1,2,3,4,5,6", "time": "19:00", "reveal": "08:00", "zone": "America/New_York"})
    due = (await drill(world)).next_due_at
    assert due
    assert due.isoformat() == "2026-12-01T00:00:00+00:00"  # Monday 19:00 there; Sunday 19:00 there is Monday in Berlin already


async def test_pausing_what_is_stopped_does_not_start_it(world: World) -> None:
    await world.say("/drill stop")
    for line in ("/drill pause until Monday", "/drill skip"):
        await world.say(line)
        assert "stopped already" in world.last().text
        assert (await drill(world)).next_due_at is None
    await world.say("/drill show")
    assert "Stopped: Somebody typed /drill stop." in text_of(world.last())


async def test_resuming_ends_the_pause_and_leaves_it_to_be_seen(world: World) -> None:
    await world.say("/drill pause until 2026-12-24")
    await until(world, 2026, 11, 26, 12)
    await world.say("/drill resume")
    assert (await drill(world)).next_due_at == berlin(2026, 11, 27, 9)
    assert await lately(world) == ["Wed 25 Nov: paused", "Tue 24 Nov: question 1, posted"]


async def test_a_change_of_zone_is_an_update_and_never_a_second_question_on_one_date(world: World) -> None:
    for zone in ("America/New_York", "Asia/Tokyo", "Pacific/Honolulu", "Europe/Berlin"):
        await world.do("drill setup", fields={**GOOD, "zone": zone})
        await world.wait(hours=3)
    await until(world, 2026, 11, 27, 12)
    days = [item.day for item in await occurrences(world, "posted", "revealed")]
    assert len(days) == len(set(days))
    assert [f"{day:%d}" for day in days] == ["24", "25", "26", "27"]


async def test_a_later_hour_on_a_day_that_had_its_question_begins_tomorrow(world: World) -> None:
    await world.do("drill setup", fields={**GOOD, "time": "11:00"})
    assert (await drill(world)).next_due_at == berlin(2026, 11, 25, 11)
    await until(world, 2026, 11, 24, 23)
    assert len(posted(world)) == 1


async def test_a_skip_stays_one_whatever_is_changed_afterwards_and_leaves_its_trace(world: World) -> None:
    await world.say("/drill skip")
    await world.do("drill setup", fields={**GOOD, "time": "10:30"})
    await until(world, 2026, 11, 26, 12)
    assert await asked_on(world) == ["11-24", "11-26"]
    assert "Wed 25 Nov: not posted: left out with /drill skip" in await lately(world)


async def test_now_takes_the_place_of_a_question_that_was_left_out(world: World) -> None:
    await world.say("/drill skip")
    await until(world, 2026, 11, 25, 12)
    await world.say("/drill now")
    assert await asked_on(world) == ["11-24", "11-25"]
    assert await occurrences(world, "skipped") == []


async def test_what_happened_is_shown_with_its_reasons(world: World) -> None:
    await world.do("drill setup", fields={**GOOD, "days_off": "2026-12-23", "country": "DE"})
    await until(world, 2026, 12, 22, 12)
    world.clock.set(berlin(2026, 12, 24, 11))
    await world.jobs.tick()
    await world.settle()
    await until(world, 2026, 12, 25, 12)
    assert await lately(world) == [
        "Fri 25 Dec: Christmas Day",
        "Thu 24 Dec: question 22, posted late, planned {when:2026-12-24T08:00:00+00:00|time}",
        "Wed 23 Dec: a day off",
        "Tue 22 Dec: question 21, posted",
        "Mon 21 Dec: question 20, posted",
    ]


async def test_after_a_day_down_past_the_reveal_there_is_a_trace_and_no_question(world: World) -> None:
    world.clock.set(berlin(2026, 11, 25, 17))
    await world.jobs.tick()
    await world.settle()
    assert len(posted(world)) == 1
    assert (await lately(world))[0] == "Wed 25 Nov: not posted: Loopcoach came back after the time of the reveal"


async def test_after_forty_days_down_there_is_one_question_and_a_bounded_trace(world: World) -> None:
    world.clock.set(berlin(2027, 1, 5, 11))
    for _ in range(5):
        await world.wait(seconds=1)
    assert len(posted(world)) == 2
    traces = await occurrences(world, "skipped")
    assert 5 < len(traces) <= 12  # working days of two weeks, and the first
    assert all("not running" in item.why for item in traces)


async def test_an_hour_that_the_clocks_skip_past_midnight_costs_no_date_its_question(world: World) -> None:
    """In Nuuk the clocks go from 23:00 to midnight on the last Saturday of March: 23:30 is half past midnight, on Sunday."""
    world.clock.set(berlin(2027, 3, 25, 12))
    fields = {**GOOD, "days": "0,1,2,3,4,5,6", "zone": "America/Nuuk", "time": "23:30", "reveal": "09:00", "country": ""}
    await world.do("drill setup", fields=fields)
    await until(world, 2027, 3, 31, 1)
    assert [day for day in await asked_on(world) if day.startswith("03-")] == ["03-25", "03-26", "03-27", "03-28", "03-29"]
    assert [item.day for item in await occurrences(world, "skipped") if item.day.month == 3 and item.day.day > 25] == []


async def test_a_spread_channel_comes_at_the_same_later_second_every_day_and_its_reveal_with_it(world: World) -> None:
    await world.do("drill setup", fields={**GOOD, "start": "spread"})
    order = await drill(world)
    assert 0 < order.offset.total_seconds() <= 120
    await until(world, 2026, 11, 27, 12)
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        days = await unit.find(Occurrence, drill=str(CHANNEL), due_at=From(berlin(2026, 11, 25)), order="due_at")
    assert [item.due_at - berlin(2026, 11, item.day.day, 9) for item in days] == [order.offset] * 3
    assert [item.reveal_at - berlin(2026, 11, item.day.day, 16, 30) for item in days] == [order.offset] * 3
