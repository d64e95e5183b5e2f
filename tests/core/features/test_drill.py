"""The daily question, from the form to the recap. The world starts on Tuesday 24 November 2026 at 10:00 in Berlin."""

from datetime import UTC, datetime

import pytest

from core.chat import Form
from tests.core.features.answers import STRONG, WEAK
from tests.core.features.drills import BERLIN, GOOD, drill, occurrences, posted, until
from tests.fakes.world import CHANNEL, OTHER, World, person, text_of


async def test_the_page_has_a_question_on_its_first_morning(world: World) -> None:
    assert posted(world) == ["Order status updates"]
    assert (await drill(world)).next_due_at == datetime(2026, 11, 25, 9, tzinfo=BERLIN)


async def test_the_form_is_filled_in_and_a_good_one_starts_the_drill(world: World) -> None:
    form = await world.do("drill setup")
    assert isinstance(form, Form)
    assert all(field.value for field in form.fields if field.required)
    await world.do("drill setup", fields=GOOD)
    order = await drill(world)
    assert order.competencies == ("reliability", "execution")
    assert "weekdays at 09:00" in text_of(world.find("was changed").card)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("zone", "Mars/Olympus", "no time zone"),
        ("time", "25:00", "not a time of day"),
        ("country", "ZZ", "no public holidays"),
        ("days", "", "at least one day"),
        ("days_off", "2026-02-30", "Write dates as"),
        ("competencies", "", "Choose at least one"),
    ],
)
async def test_each_wrong_field_is_named(world: World, name: str, value: str, says: str) -> None:
    wrong = world.wrong("drill setup", {**GOOD, name: value})
    assert says in wrong[name]


async def test_somebody_without_the_right_cannot_change_it(world: World) -> None:
    await world.say("/drill stop", who=OTHER)
    assert "leads and by admins" in world.last(OTHER).text
    assert (await drill(world)).next_due_at


async def test_one_question_comes_each_working_day_and_none_at_the_weekend(world: World) -> None:
    await until(world, 2026, 12, 1, 12)
    days = [item.day.isoformat() for item in await occurrences(world, "posted", "revealed")]
    assert days == ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01"]
    assert len(set(posted(world))) == 6


async def test_a_public_holiday_and_a_pause_have_no_question(world: World) -> None:
    await world.do("drill setup", fields={**GOOD, "days_off": "2026-12-22"})
    await until(world, 2026, 12, 20, 12)
    await world.say("/drill pause 2026-12-24")
    await until(world, 2026, 12, 29, 12)
    days = [item.day.day for item in await occurrences(world, "posted", "revealed") if item.day.month == 12 and item.day.day > 18]
    assert days == [24, 28, 29]  # 21 to 23 paused, 25 and 26 holidays in Germany


async def test_the_competencies_take_turns_and_nothing_repeats(world: World) -> None:
    await world.do("drill setup", fields={**GOOD, "country": ""})
    await until(world, 2026, 12, 10, 12)
    asked = [world.bank.get(item.question) for item in await occurrences(world, "posted", "revealed")][1:]
    assert len({question.id for question in asked}) == len(asked) == 12
    assert {question.competency for question in asked[:2]} == {"reliability", "execution"}


async def test_after_hours_down_one_late_question_comes(world: World) -> None:
    world.clock.set(datetime(2026, 11, 26, 11, 0, tzinfo=BERLIN).astimezone(UTC))
    await world.jobs.tick()
    await world.settle()
    assert "late: planned 09:00" in world.find("Daily question 2").card.eyebrow
    assert [item.why for item in await occurrences(world, "skipped")] == ["Loopcoach was not running that day"]


async def test_after_three_days_down_nothing_bursts(world: World) -> None:
    world.clock.set(datetime(2026, 11, 27, 20, 0, tzinfo=BERLIN).astimezone(UTC))
    await world.jobs.tick()
    await world.settle()
    assert len(posted(world)) == 1
    assert len(await occurrences(world, "skipped")) == 3
    await world.say("/drill show")
    assert "was not running" in world.last().after


async def test_the_reveal_shows_bullets_in_the_thread_and_closes_the_card(world: World) -> None:
    await until(world, 2026, 11, 24, 16)
    assert not any("Reveal 1" in item.card.eyebrow for item in world.platform.shown)
    await until(world, 2026, 11, 24, 17)
    reveal = world.find("Reveal 1")
    assert reveal.place.thread
    assert len(reveal.card.bullets) == 8
    assert "Closed" in text_of(world.find("Daily question 1").card)


async def test_the_counter_says_five_or_more_and_never_fewer(world: World) -> None:
    for number in range(1, 7):
        await world.press("Answer privately", world.find("Daily question 1"), who=person(f"p{number}"), fields={"text": WEAK})
        card = text_of(world.find("Daily question 1").card)
        assert ("Answered: 5 or more" in card) == (number >= 5)
    assert "6" not in text_of(world.find("Daily question 1").card).split("Answered")[1][:20]


async def test_the_recap_has_no_numbers_below_five_people(world: World) -> None:
    await world.press("Answer privately", fields={"text": STRONG})
    await until(world, 2026, 11, 27, 17)
    recap = world.find("This week")
    assert "Fewer than five people answered" in recap.card.text
    assert recap.place == CHANNEL


async def test_the_recap_counts_and_names_nobody(world: World) -> None:
    for number in range(5):
        await world.press("Answer privately", world.find("Daily question 1"), who=person(f"p{number}"), fields={"text": WEAK})
    await until(world, 2026, 11, 27, 17)
    recap = text_of(world.find("This week").card)
    assert "5 answers from 5 people" in recap
    assert not any(f"P{number}" in recap for number in range(5))


async def test_a_clarifying_question_in_the_thread_is_answered_for_everybody(world: World) -> None:
    thread = world.find("Daily question 1").receipt.place
    await world.say("@Loopcoach how many updates per second are there at peak?", thread, OTHER)
    told = world.platform.shown[-1]
    assert "40,000" in told.card.text
    assert told.post.audience.kind == "everyone"


async def test_an_answer_written_at_the_bot_in_the_thread_is_not_reviewed_in_public(world: World) -> None:
    thread = world.find("Daily question 1").receipt.place
    await world.say("@Loopcoach " + STRONG, thread, OTHER)
    assert world.platform.shown[-1].post.audience.kind == "passing"


async def test_skip_leaves_out_exactly_one(world: World) -> None:
    await world.say("/drill skip")
    await until(world, 2026, 11, 26, 12)
    assert [item.day.day for item in await occurrences(world, "posted", "revealed")] == [24, 26]


async def test_now_posts_one_and_only_one_a_day(world: World) -> None:
    await world.say("/drill now")
    assert "stands here already" in world.last().text
    await until(world, 2026, 11, 28, 12)
    await world.say("/drill now")
    assert len(posted(world)) == 5
    assert (await drill(world)).next_due_at == datetime(2026, 11, 30, 9, tzinfo=BERLIN)


async def test_stop_stops_and_setup_starts_again(world: World) -> None:
    await world.say("/drill stop")
    await until(world, 2026, 11, 26, 12)
    assert len(posted(world)) == 1
    await world.do("drill setup", fields=GOOD)
    await until(world, 2026, 11, 27, 12)
    assert len(posted(world)) == 2


@pytest.mark.parametrize("until_", ["yesterday", "2020-01-01", "2026-02-30", "0", ""])
async def test_a_pause_until_no_date_is_refused(world: World, until_: str) -> None:
    before = await drill(world)
    await world.say(f"/drill pause {until_}")
    assert (await drill(world)).next_due_at == before.next_due_at
    assert any(word in world.last().text for word in ("no date I know", "not in the future"))


async def test_the_preview_shows_the_question_that_comes(world: World) -> None:
    await world.say("/drill preview")
    title = world.last().title
    await until(world, 2026, 11, 25, 10)
    assert posted(world)[-1] == title


async def test_sharing_waits_for_the_reveal_and_takes_only_my_own(world: World) -> None:
    await world.press("Answer privately", fields={"text": STRONG})
    await until(world, 2026, 11, 24, 17)
    reveal = world.find("Reveal 1")
    await world.press("Share my answer here", reveal, who=OTHER)
    assert "nothing to share" in world.last(OTHER).text
    await world.press("Share my answer here", reveal)
    shared = world.find("Shared by its author", OTHER)
    assert shared.card.quote == STRONG
    assert shared.place == reveal.place


async def test_a_reminder_comes_once_and_not_after_an_answer(world: World) -> None:
    await world.do("remind lunch", who=OTHER)
    await world.do("remind lunch")
    await world.press("Answer privately", world.find("Daily question 1"), fields={"text": STRONG})
    await until(world, 2026, 11, 24, 13)
    assert "You asked to be reminded" in world.last(OTHER).text
    assert not any("You asked to be reminded" in text_of(item.card) for item in world.seen_by(person("you", may_manage=True)))
    await until(world, 2026, 11, 24, 23)
    assert sum("You asked to be reminded" in text_of(item.card) for item in world.seen_by(OTHER)) == 1


async def test_every_reminder_stops_with_one_press(world: World) -> None:
    await world.do("remind every", who=OTHER)
    await until(world, 2026, 11, 25, 12)
    assert sum("You asked to be reminded" in text_of(item.card) for item in world.seen_by(OTHER)) == 1
    await world.press("Stop reminders", world.find("You asked to be reminded", OTHER), who=OTHER)
    await until(world, 2026, 11, 27, 12)
    assert sum("You asked to be reminded" in text_of(item.card) for item in world.seen_by(OTHER)) == 1
