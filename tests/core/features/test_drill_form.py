"""`/drill setup`: the dates that come of it, and each thing that cannot be in one clear sentence, with nothing lost."""

from datetime import date, timedelta

import pytest

from core.chat import Form
from core.features.drill.form import CROWD
from core.records import Drill
from tests.core.features.drills import GOOD, berlin, drill
from tests.fakes.world import CHANNEL, World, text_of


def values(form: Form | None) -> dict[str, str]:
    assert form
    return {field.name: field.value for field in form.fields}


def dates(form: Form | None) -> list[str]:
    """The moments the form shows, in UTC."""
    assert form
    return [part.split("|")[0] for part in form.text.split("{when:")[1:]]


async def test_the_form_shows_the_next_five_dates(world: World) -> None:
    assert dates(await world.do("drill setup")) == [berlin(2026, 11, day, 9).isoformat() for day in (25, 26, 27, 30)] + [
        berlin(2026, 12, 1, 9).isoformat()
    ]


async def test_opened_again_with_other_values_it_keeps_them_and_shows_their_dates(world: World) -> None:
    form = await world.do("drill setup time:10:15 zone:America/New_York country:us")
    assert values(form) | {"time": "10:15", "zone": "America/New_York", "country": "us"} == values(form)
    assert values(form)["days"] == "0,1,2,3,4"
    assert [date[:16] for date in dates(form)] == [
        *(f"2026-11-{day}T15:15" for day in (25, 27, 30)),  # the 24th had its question, the 26th is Thanksgiving
        *(f"2026-12-0{day}T15:15" for day in (1, 2)),
    ]


async def test_opened_again_with_what_cannot_be_it_says_so_in_place_of_the_dates(world: World) -> None:
    form = await world.do("drill setup time:25:00 zone:Mars/Olympus")
    assert values(form) | {"time": "25:00", "zone": "Mars/Olympus"} == values(form)
    assert dates(form) == []
    assert form
    assert "'25:00' is not a time of day" in form.text
    assert "no time zone 'Mars/Olympus'" in form.text


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"zone": "Mars/Olympus"}, "zone", "I know no time zone 'Mars/Olympus'. Write it as Europe/Berlin or America/New_York."),
        ({"zone": "Berlin"}, "zone", "I know no time zone 'Berlin'. Do you mean Europe/Berlin?"),
        ({"zone": "new york"}, "zone", "I know no time zone 'new york'. Do you mean America/New_York?"),
        ({"zone": "Europe"}, "zone", "I know no time zone 'Europe'. Write it as Europe/Berlin or America/New_York."),
        ({"zone": "../../etc/passwd"}, "zone", "I know no time zone '../../etc/passwd'. Write it as Europe/Berlin or America/New_York."),
        ({"time": "25:00"}, "time", "'25:00' is not a time of day. Write it as 09:00."),
        ({"reveal": "4pm"}, "reveal", "'4pm' is not a time of day. Write it as 09:00."),
        ({"time": "16:30"}, "reveal", "The reveal needs a time of its own, later than the question or on the next morning."),
        ({"days": ""}, "days", "Choose at least one day."),
        ({"days": "7,x"}, "days", "Choose at least one day."),
        ({"days_off": "2026-12-24, 2026-02-30"}, "days_off", "'2026-02-30' is no date. Write dates as 2026-12-24, with commas between."),
        ({"country": "ZZ"}, "country", "I have no public holidays for 'ZZ'. Use a country code such as DE, GB or US, or leave it empty."),
        ({"country": "SG-X"}, "country", "I know SG, but no part of it called 'X': it has no parts; write only SG."),
        ({"competencies": ""}, "competencies", "Choose at least one."),
        ({"level": "sde9"}, "level", "Choose SDE I, II or III, or all levels."),
        ({"recap": "7"}, "recap", "Choose a weekday, or no recap."),
    ],
)
async def test_what_cannot_be_is_said_in_one_sentence_and_changes_nothing(
    world: World, change: dict[str, str], field: str, says: str
) -> None:
    before = await drill(world)
    assert world.wrong("drill setup", {**GOOD, **change}) == {field: says}
    assert await drill(world) == before


async def test_a_part_of_a_country_that_is_unknown_is_answered_with_those_that_are(world: World) -> None:
    says = world.wrong("drill setup", {**GOOD, "country": "de-xx"})["country"]
    assert says.startswith("I know DE, but no part of it called 'XX': its parts are BB, BE, BW, BY,")
    assert says.endswith("or leave it at DE.")


async def test_days_off_that_leave_no_day_are_refused(world: World) -> None:
    fridays = [date(2026, 11, 27) + timedelta(weeks=week) for week in range(120)]
    off = ",".join(day.isoformat() for day in fridays)
    assert world.wrong("drill setup", {**GOOD, "days": "3,4", "days_off": off}) == {}
    says = world.wrong("drill setup", {**GOOD, "days": "4", "days_off": off})
    assert says == {"days": "With these days and days off no day is left. Choose one more day, or take out a day off."}


async def test_the_holidays_of_a_part_of_a_country_are_kept(world: World) -> None:
    form = await world.do("drill setup country:DE-BY time:09:00")
    assert form
    world.clock.set(berlin(2027, 1, 4, 12))
    january = {date[:10] for date in dates(await world.do("drill setup country:DE-BY"))}
    assert "2027-01-06" not in january  # Epiphany, in Bavaria but not in Berlin
    assert "2027-01-06" in {date[:10] for date in dates(await world.do("drill setup country:DE"))}


async def test_times_may_be_written_in_several_ways(world: World) -> None:
    for text in ("9:05", "09:05", "9.05"):
        await world.do("drill setup", fields={**GOOD, "time": text})
        assert f"{(await drill(world)).at:%H:%M}" == "09:05"


async def test_what_a_form_does_not_hold_stays(world: World) -> None:
    await world.do("drill setup", fields={**GOOD, "days_off": "2026-12-24", "order": "sooner", "start": "spread"})
    before = await drill(world)
    await world.do("drill setup", fields={"time": "10:00"})
    after = await drill(world)
    assert after.model_copy(update={"at": before.at, "next_due_at": before.next_due_at, "version": before.version}) == before
    assert f"{after.at:%H:%M}" == "10:00"


async def test_many_channels_of_one_space_are_spread_unless_somebody_says_otherwise(world: World) -> None:
    assert values(await world.do("drill setup"))["start"] == "sharp"
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        for number in range(CROWD):
            place = CHANNEL.model_copy(update={"channel": f"c{number}"})
            unit.save(Drill(key=str(place), place=place, owner=(await unit.find(Drill))[0].owner))
    fresh = CHANNEL.model_copy(update={"channel": "fresh"})
    assert values(await world.do("drill setup", fresh))["start"] == "spread"
    await world.do("drill setup", fresh, fields={**GOOD, "start": "sharp"})
    assert values(await world.do("drill setup", fresh))["start"] == "sharp"


async def test_the_choice_of_order_is_explained_and_names_nobody(world: World) -> None:
    form = await world.do("drill setup")
    assert form
    field = next(field for field in form.fields if field.name == "order")
    assert field.value == "turn"
    assert "five people or more" in field.hint
    await world.do("drill setup", fields={**GOOD, "order": "sooner"})
    assert "what this team misses sooner" in text_of(world.last())
