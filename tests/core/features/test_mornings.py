"""When the coach may write first: one's own hour, zone, days and pause. The world starts on Tuesday 24 November 2026 at 10:00 in Berlin."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.chat import Place
from core.features.calendar import may_write, mornings
from core.records import Profile, SpaceRecord, Timer
from scheduler.cadence import cadence_of
from tests.core.features.answers import WEAK
from tests.core.features.drills import BERLIN, GOOD, berlin, until
from tests.fakes.world import YOU, World, text_of

DM = Place.dm("web", "page", "you")
SETTINGS = {
    "level": "sde2",
    "zone": "Europe/Berlin",
    "coaching": "daily",
    "remind_at": "09:00",
    "workdays": "0,1,2,3,4",
    "quiet_from": "21:00",
    "quiet_to": "08:00",
    "country": "",
    "pause": "",
}


async def answered(world: World) -> None:
    await world.press("Answer privately", world.find("Daily question 1"), fields={"text": WEAK})


def written(world: World) -> int:
    return sum("One point to bring back" in item.card.eyebrow for item in world.seen_by(YOU))


async def planned(world: World) -> datetime | None:
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        timer = await unit.get(Timer, f"followed:{YOU.key}")
    return timer.due_at if timer else None


async def set_to(world: World, **changes: str) -> None:
    await world.do("settings", fields={**SETTINGS, **changes})


async def test_a_new_hour_moves_the_message_that_waits(world: World) -> None:
    await answered(world)
    await set_to(world, remind_at="11:30")
    assert await planned(world) == berlin(2026, 11, 25, 11, 30)


async def test_a_new_zone_moves_it_to_the_same_hour_there(world: World) -> None:
    await answered(world)
    await set_to(world, zone="America/New_York")
    assert await planned(world) == datetime(2026, 11, 25, 9, tzinfo=ZoneInfo("America/New_York"))


async def test_an_hour_inside_the_quiet_ones_waits_for_their_end(world: World) -> None:
    await answered(world)
    await set_to(world, remind_at="06:00", quiet_to="08:30")
    assert await planned(world) == berlin(2026, 11, 25, 8, 30)


async def test_no_message_comes_in_quiet_hours_however_late_it_is(world: World) -> None:
    await answered(world)
    world.clock.set(berlin(2026, 11, 25, 22))  # down all day
    await world.wait(seconds=1)
    assert written(world) == 0
    assert await planned(world) == berlin(2026, 11, 26, 9)


async def test_a_message_that_is_late_still_comes_by_day(world: World) -> None:
    await answered(world)
    world.clock.set(berlin(2026, 11, 25, 14))
    await world.wait(seconds=1)
    assert written(world) == 1


async def test_only_working_days_count(world: World) -> None:
    await answered(world)
    await set_to(world, workdays="4")
    await until(world, 2026, 11, 27, 8)
    assert written(world) == 0
    await until(world, 2026, 11, 27, 10)
    assert written(world) == 1


async def test_a_holiday_of_the_spaces_country_is_left_out(world: World) -> None:
    world.clock.set(berlin(2026, 12, 24, 12))
    await world.do("drill setup", fields={**GOOD, "country": "DE"})
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        space = await unit.get(SpaceRecord, "web/page")
    assert space
    assert space.country == "DE"
    await answered(world)
    assert await planned(world) == berlin(2026, 12, 28, 9)  # Christmas Day, Boxing Day and Sunday are left out


async def test_ones_own_country_counts_before_the_spaces(world: World) -> None:
    await world.do("drill setup", fields={**GOOD, "country": "DE"})
    world.clock.set(berlin(2027, 5, 5, 12))
    await answered(world)
    assert await planned(world) == berlin(2027, 5, 7, 9)  # the 6th is Ascension Day in Germany
    await set_to(world, country="US")
    assert await planned(world) == berlin(2027, 5, 6, 9)


async def test_a_message_that_is_overdue_on_a_holiday_waits(world: World) -> None:
    await answered(world)
    await set_to(world, country="US", workdays="0,1,2,3,4,5,6")
    world.clock.set(berlin(2027, 7, 4, 8))  # down for months, up on Independence Day
    await world.wait(hours=2)
    assert written(world) == 0
    assert await planned(world) == berlin(2027, 7, 6, 9)  # a holiday on a Sunday is kept on the Monday


async def test_a_pause_holds_messages_back_until_its_day(world: World) -> None:
    await answered(world)
    await world.say("/settings pause:2026-12-02", DM)
    assert "Paused until" in text_of(world.last())
    await until(world, 2026, 12, 1, 23)
    assert written(world) == 0
    await until(world, 2026, 12, 2, 10)
    assert written(world) == 1


async def test_a_pause_begun_after_the_message_was_planned_counts_too(world: World) -> None:
    await answered(world)
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        mine = await unit.get(Profile, YOU.key)
        assert mine
        unit.save(mine.model_copy(update={"paused_until": berlin(2026, 11, 30)}))
    await until(world, 2026, 11, 29, 23)
    assert written(world) == 0
    assert await planned(world) == berlin(2026, 11, 30, 9)


async def test_there_is_one_a_day_at_most_whatever_is_changed(world: World) -> None:
    await answered(world)
    await until(world, 2026, 11, 25, 10)
    assert written(world) == 1
    await set_to(world, remind_at="10:30")
    await world.do("comeback daily", DM)
    await set_to(world, zone="America/New_York", remind_at="07:00", quiet_to="06:00")
    await until(world, 2026, 11, 25, 23)
    assert written(world) == 1
    await until(world, 2026, 11, 26, 20)
    assert written(world) == 2


@pytest.mark.parametrize(
    ("written", "now", "allowed"),
    [
        (berlin(2026, 11, 25, 8), berlin(2026, 11, 25, 20), False),
        (berlin(2026, 11, 24, 20), berlin(2026, 11, 25, 8), True),
        (None, berlin(2026, 11, 25, 20), True),
        (None, berlin(2026, 11, 25, 21), False),
        (None, berlin(2026, 11, 25, 7, 59), False),
        (None, berlin(2026, 11, 28, 9), False),
    ],
)
def test_whether_one_may_come_at_this_moment(written: datetime | None, now: datetime, allowed: bool) -> None:
    """Once a local date, by day, on working days; quiet hours here are from 21:00 to 08:00."""
    mine = Profile(key=YOU.key, who=YOU, home=DM, met_at=now, written_at=written)
    assert may_write(mornings(mine, BERLIN, ""), cadence_of, mine, now) is allowed


async def test_a_point_that_was_practised_this_morning_does_not_come_back_today(world: World) -> None:
    await answered(world)
    await until(world, 2026, 11, 25, 8)
    await answered(world)  # all of its points once more, half an hour before
    await until(world, 2026, 11, 25, 23)
    assert written(world) == 0
    await until(world, 2026, 11, 26, 10)
    assert written(world) == 1


async def test_an_answer_late_at_night_comes_back_the_next_morning(world: World) -> None:
    world.clock.set(berlin(2026, 11, 24, 23))
    await answered(world)
    await until(world, 2026, 11, 25, 10)
    assert written(world) == 1


async def test_weekly_means_a_week_on_and_never_off_days(world: World) -> None:
    await answered(world)
    await set_to(world, coaching="weekly")
    assert await planned(world) == berlin(2026, 12, 1, 9)


async def test_never_takes_the_waiting_message_away_and_daily_brings_it_back(world: World) -> None:
    await answered(world)
    await set_to(world, coaching="off")
    assert await planned(world) is None
    await set_to(world, coaching="daily")
    assert await planned(world) == berlin(2026, 11, 25, 9)


async def test_settings_alone_plan_nothing(world: World) -> None:
    await set_to(world, remind_at="10:00")
    assert await planned(world) is None


async def test_the_clocks_going_back_bring_one_message_that_morning(world: World) -> None:
    world.clock.set(berlin(2027, 10, 29, 12))  # a Friday; on Sunday 31 October 02:30 comes twice
    await answered(world)
    await set_to(world, workdays="6", remind_at="02:30", quiet_from="03:30", quiet_to="02:00")
    world.clock.set(berlin(2027, 10, 31, 0))
    for _ in range(24):
        await world.wait(minutes=15)
    assert written(world) == 1
    assert world.clock.now().astimezone(BERLIN).hour == 5


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("/settings zone:Mars", "I know no time zone 'Mars'. Write it as Europe/Berlin or America/New_York."),
        ("/settings pause:2020-01-01", "2020-01-01 is not in the future. Choose a later date."),
        ("/settings pause:2026-02-30", "Until when? '2026-02-30' is no date I know. Write 2026-12-24, a weekday, or a number of days."),
    ],
)
async def test_a_setting_that_cannot_be_changes_nothing(world: World, line: str, says: str) -> None:
    await answered(world)
    before = await planned(world)
    await world.say(line, DM)
    assert world.last().text == says
    assert await planned(world) == before


def test_the_form_says_what_is_wrong_with_each_field(world: World) -> None:
    wrong = world.wrong("settings", {**SETTINGS, "remind_at": "25:00", "country": "ZZ", "pause": "yesterday", "workdays": ""})
    assert sorted(wrong) == ["country", "pause", "remind_at", "workdays"]


async def test_the_nudge_at_each_question_keeps_the_same_calendar(world: World) -> None:
    await set_to(world, pause="2026-11-27")
    await world.do("remind every")
    await until(world, 2026, 11, 26, 20)
    assert not any("You asked to be reminded" in text_of(item.card) for item in world.seen_by(YOU))
    await until(world, 2026, 11, 27, 12)
    assert sum("You asked to be reminded" in text_of(item.card) for item in world.seen_by(YOU)) == 1
    assert timedelta(0) < world.clock.now() - berlin(2026, 11, 27, 9, 30)
