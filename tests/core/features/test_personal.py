"""Settings, stories, progress, guide, help and home."""

import pytest

from core.chat import Place
from core.commands import COMMANDS
from core.records import Profile
from tests.core.features.answers import STRONG, WEAK
from tests.fakes.world import CHANNEL, OTHER, YOU, World, text_of

DM = Place.dm("web", "page", "you")


async def profile(world: World) -> Profile:
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        found = await unit.get(Profile, YOU.key)
    assert found
    return found


async def test_one_setting_can_be_changed_by_a_line(world: World) -> None:
    await world.say("/settings level:3 zone:America/New_York", CHANNEL)
    mine = await profile(world)
    assert (mine.level, mine.zone) == ("sde3", "America/New_York")
    assert "SDE III" in text_of(world.last())


async def test_the_settings_form_holds_what_is_set(world: World) -> None:
    await world.say("/settings level:1", CHANNEL)
    form = await world.do("settings")
    assert form
    assert {field.name: field.value for field in form.fields}["level"] == "sde1"
    await world.do(
        "settings",
        fields={
            "level": "sde2",
            "zone": "Asia/Kolkata",
            "coaching": "off",
            "remind_at": "08:15",
            "workdays": "0,2",
            "quiet_from": "20:00",
            "quiet_to": "07:00",
        },
    )
    mine = await profile(world)
    assert (mine.coaching, f"{mine.remind_at:%H:%M}", mine.workdays) == ("off", "08:15", (0, 2))


@pytest.mark.parametrize(("line", "says"), [("/settings zone:Moon/Base", "no time zone"), ("/settings level:expert", "SDE I, II or III")])
async def test_a_wrong_setting_changes_nothing(world: World, line: str, says: str) -> None:
    await world.say("/settings level:2", CHANNEL)
    await world.say(line, CHANNEL)
    assert says in world.last().text
    assert (await profile(world)).level == "sde2"


async def test_stories_are_kept_listed_and_deleted_by_their_author_alone(world: World) -> None:
    await world.say("/stories add I *rewrote* the export <b>and</b> failures went away.", DM)
    await world.say("/stories", DM)
    card = world.last()
    assert card.bullets[0].quote == "I *rewrote* the export <b>and</b> failures went away."
    line = next(button.line for button in card.buttons if button.line.startswith("stories delete"))  # type: ignore[union-attr]
    await world.do(line, CHANNEL, OTHER)
    assert "not here any more" in world.last(OTHER).text
    await world.do(line, DM)
    await world.say("/stories", DM)
    assert "None yet" in world.last().text


async def test_progress_says_too_little_before_three_answers(world: World) -> None:
    await world.press("Answer privately", fields={"text": WEAK})
    await world.say("/progress", DM)
    assert "1 answer · 1 day · too little to say" in text_of(world.last())
    assert "Comes back" in world.last().after


async def test_progress_counts_points_after_three_answers_and_draws_them(world: World) -> None:
    for _ in range(3):
        await world.do("answer order-status-api", DM, fields={"text": STRONG})
    await world.say("/progress all", DM)
    assert "points asked were covered" in text_of(world.last())
    assert world.last().chart
    assert "%" not in text_of(world.last())


async def test_home_offers_todays_question_then_what_is_open(world: World) -> None:
    await world.say("/coach", CHANNEL)
    assert "Today's question is waiting" in world.last().text
    await world.press("Answer privately", fields={"text": WEAK})
    await world.say("/coach", CHANNEL)
    assert "still open" in world.last().text


async def test_every_command_works_behind_coach(world: World) -> None:
    await world.say("/coach help", CHANNEL)
    assert world.last().title == "Commands"
    await world.say("/coach nonsense", CHANNEL)
    assert "I do not know" in world.last().text


async def test_help_names_every_command_that_people_type(world: World) -> None:
    await world.say("/help", CHANNEL)
    words = text_of(world.last())
    assert all(f"/{command.name}" in words for command in COMMANDS if command.shown)
    await world.say("/help mock", CHANNEL)
    assert "45 minutes" in text_of(world.last())


async def test_the_preview_shows_tomorrow_today(world: World) -> None:
    await world.press("Answer privately", fields={"text": WEAK})
    await world.do("preview", DM)
    words = [text_of(item.card) for item in world.seen_by(YOU)][-3:]
    assert "Preview · Daily question 2" in words[0]
    assert "Preview · direct message" in words[1]
    assert "Preview · recap" in words[2]
