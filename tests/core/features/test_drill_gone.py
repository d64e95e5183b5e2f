"""A channel that vanished: the day says why, the drill stops, its owner hears of it once. A platform that was away is another matter."""

from collections.abc import Callable

import pytest

from core.chat import Post
from core.errors import Refused, Uncertain
from tests.core.features.drills import GOOD, berlin, drill, occurrences, posted, until
from tests.fakes.world import OTHER, YOU, World, text_of

WHY = "channel_not_found"


def refuses(post: Post) -> None:
    raise Refused(WHY)


def hangs(post: Post) -> None:
    raise Uncertain("timeout")


async def wednesday(world: World, fault: Callable[[Post], None], times: int = 1) -> None:
    """Nine o'clock, with a fault in the way."""
    await world.do("drill setup", fields=GOOD)  # by YOU, who owns it from now on
    await until(world, 2026, 11, 25, 8)
    world.platform.faults = [fault] * times
    world.clock.set(berlin(2026, 11, 25, 9))
    await world.jobs.tick()
    await world.settle()


def told(world: World) -> list[str]:
    return [item.card.text for item in world.seen_by(YOU) if item.card.title == "Daily question stopped"]


@pytest.fixture
async def mine(world: World) -> World:
    """A drill that YOU set."""
    await world.say("/drill stop")
    order = await drill(world)
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        unit.save(order.model_copy(update={"owner": YOU}))
    return world


async def test_the_drill_stops_and_its_owner_hears_of_it_once(mine: World) -> None:
    await wednesday(mine, refuses)
    assert len(told(mine)) == 1
    assert WHY.replace("_", r"\_") in told(mine)[0]
    assert mine.find("Daily question stopped").place.direct
    assert (await drill(mine)).next_due_at is None
    await until(mine, 2026, 12, 2, 12)
    assert len(told(mine)) == 1
    assert len(posted(mine)) == 1
    assert not any(item.card.title == "Daily question stopped" for item in mine.seen_by(OTHER))


async def test_the_day_says_why_and_has_no_reveal(mine: World) -> None:
    await wednesday(mine, refuses)
    await until(mine, 2026, 11, 25, 20)
    (day,) = await occurrences(mine, "dead")
    assert (day.day.day, day.why) == (25, WHY)
    await mine.say("/drill show")
    shown = text_of(mine.last())
    assert r"Wed 25 Nov: not posted: channel\_not\_found" in shown
    assert "Stopped: The question could not be posted" in shown
    assert not any("Reveal 2" in item.card.eyebrow for item in mine.platform.shown)


async def test_setup_starts_it_again_on_the_next_day(mine: World) -> None:
    await wednesday(mine, refuses)
    await mine.say("/drill now")
    assert "could not be posted" in mine.last().text
    await mine.do("drill setup", fields=GOOD)
    assert (await drill(mine)).next_due_at == berlin(2026, 11, 26, 9)
    await until(mine, 2026, 11, 26, 12)
    assert len(posted(mine)) == 2
    await mine.say("/drill show")
    assert "Stopped" not in text_of(mine.last())


async def test_a_platform_that_was_away_costs_the_day_and_not_the_drill(mine: World) -> None:
    mine.platform.can_look = True
    await wednesday(mine, hangs, times=50)
    for _ in range(20):
        await mine.wait(minutes=5)
    mine.platform.faults = []
    (day,) = await occurrences(mine, "dead")
    assert day.why == "timeout, 5 times"
    assert told(mine) == []
    assert (await drill(mine)).next_due_at == berlin(2026, 11, 26, 9)
    await until(mine, 2026, 11, 26, 12)
    assert len(posted(mine)) == 2


async def test_the_reveal_finds_out_what_nobody_told(mine: World) -> None:
    """Should the word of it be lost, the drill is stopped at the reveal, before another question is tried."""
    mine.delivery._tools.tell = lambda post, why: None
    await wednesday(mine, refuses)
    assert told(mine) == []
    await until(mine, 2026, 11, 25, 17)
    assert len(told(mine)) == 1
    assert (await drill(mine)).next_due_at is None


async def test_a_question_that_could_not_be_sent_in_time_is_not_called_posted(mine: World) -> None:
    await mine.do("drill setup", fields=GOOD)
    mine.clock.set(berlin(2026, 11, 25, 8, 59))
    await mine.jobs.tick()  # laid out, and then nobody sends until the evening
    mine.clock.set(berlin(2026, 11, 25, 20))
    await mine.jobs.tick()
    await mine.settle()
    await mine.settle()
    await mine.say("/drill show")
    assert "Wed 25 Nov: not posted: it could not be sent before its reveal" in mine.last().after
    assert len(posted(mine)) == 1
