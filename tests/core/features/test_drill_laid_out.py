"""A question is laid out a minute before it is due. What somebody changes in that minute still counts."""

from datetime import timedelta

import pytest

from core.records import Conversation, Timer
from tests.core.features.drills import GOOD, asked_on, berlin, drill, occurrences, posted, until
from tests.fakes.memory_store import MemoryStore
from tests.fakes.world import World, text_of


@pytest.fixture
async def minute(world: World) -> World:
    """Half a minute before nine on Wednesday: the question lies ready."""
    world.clock.set(berlin(2026, 11, 25, 8, 59) + timedelta(seconds=30))
    await world.jobs.tick()
    await world.settle()
    assert [item.day.day for item in await occurrences(world, "posted")][-1] == 25
    return world


async def nine(world: World) -> None:
    world.clock.set(berlin(2026, 11, 25, 9))
    await world.jobs.tick()
    await world.settle()


async def test_it_is_not_sent_before_its_time_and_not_late_at_it(minute: World) -> None:
    assert len(posted(minute)) == 1
    await nine(minute)
    assert len(posted(minute)) == 2
    assert "late" not in minute.find("Daily question 2").card.eyebrow


async def test_a_skip_takes_it_back(minute: World) -> None:
    await minute.say("/drill skip")
    await until(minute, 2026, 11, 26, 12)
    assert await asked_on(minute) == ["11-24", "11-26"]
    assert minute.find("Daily question 2").card.eyebrow  # the numbers go on without a gap
    assert [item.why for item in await occurrences(minute, "skipped")] == ["left out with /drill skip"]
    assert len(posted(minute)) == 2


@pytest.mark.parametrize("line", ["/drill stop", "/drill pause until Friday"])
async def test_a_stop_or_a_pause_takes_it_back(minute: World, line: str) -> None:
    await minute.say(line)
    await nine(minute)
    await until(minute, 2026, 11, 25, 20)
    assert len(posted(minute)) == 1
    assert await asked_on(minute) == ["11-24"]
    assert not any("Reveal 2" in item.card.eyebrow for item in minute.platform.shown)


async def test_a_change_of_the_filter_comes_just_in_time(minute: World) -> None:
    await minute.do("drill setup", fields={**GOOD, "competencies": "leadership"})
    await nine(minute)
    card = minute.find("Daily question 2").card
    assert "Leadership" in card.eyebrow
    assert len(posted(minute)) == 2
    assert (await drill(minute)).number == 2


async def test_a_later_hour_moves_it(minute: World) -> None:
    await minute.do("drill setup", fields={**GOOD, "time": "11:00"})
    await nine(minute)
    assert len(posted(minute)) == 1
    await until(minute, 2026, 11, 25, 11)
    assert len(posted(minute)) == 2


async def test_now_posts_it_at_once_and_only_once(minute: World) -> None:
    await minute.say("/drill now")
    assert len(posted(minute)) == 2
    await until(minute, 2026, 11, 25, 20)
    assert len(posted(minute)) == 2
    assert len([item for item in minute.platform.shown if "Reveal 2" in item.card.eyebrow]) == 1


async def test_looking_at_it_changes_nothing_and_shows_it_as_still_to_come(minute: World) -> None:
    await minute.say("/drill preview")
    title = minute.last().title
    await minute.say("/drill show")
    assert berlin(2026, 11, 25, 9).isoformat() in minute.last().bullets[0].text
    assert "25 Nov" not in minute.last().after
    await nine(minute)
    assert posted(minute)[-1] == title
    assert "Daily question 2" in text_of(minute.find(title).card)


async def test_whoever_comes_too_late_changes_the_next_one(minute: World) -> None:
    await nine(minute)
    await minute.say("/drill skip")
    await until(minute, 2026, 11, 27, 12)
    assert await asked_on(minute) == ["11-24", "11-25", "11-27"]


async def test_nothing_of_what_was_taken_back_is_left(minute: World) -> None:
    assert isinstance(minute.store, MemoryStore)
    await minute.say("/drill stop")
    assert [item.key for item in minute.store.all(Conversation) if item.place is None] == []
    assert [item.key for item in minute.store.all(Timer) if item.due_at > berlin(2026, 11, 25, 9)] == []
    assert [post.key for post in minute.store.posts("pending", "sending") if post.key.startswith("daily/")] == []
