"""A mock about something that was practised before, and presses that come twice."""

from __future__ import annotations

import pytest

from core.chat import Place
from core.records import Story, Weakness
from tests.core.features.answers import WEAK
from tests.fakes.world import CHANNEL, World, text_of

DM = Place.dm("web", "page", "you")
STORY = (
    "Our nightly invoice export kept failing and nobody owned it. I traced it to a job that loaded every invoice into memory. "
    "I rewrote it to read in pages and I added an alarm. Failures went from twelve a month to none within six weeks."
)


async def mock(world: World, line: str, *answers: str) -> None:
    """One from its command to its debrief."""
    await world.say(line, DM)
    await world.press("Start")
    thread = next(item for item in reversed(world.platform.shown) if item.post.opens and item.post.key.startswith("mock/")).receipt.place
    for text in (*answers, "end"):
        await world.say(text, thread)


async def test_a_mock_about_a_question_that_went_badly_before_has_its_debrief(world: World) -> None:
    """The points that are open already stay one record each, and the mock can end."""
    await world.do("answer order-status-api", DM, fields={"text": WEAK})
    before = {record.key for record in world.store.all(Weakness)}  # type: ignore[union-attr]
    assert before
    await mock(world, "/mock 5 question:order-status-api", WEAK, "done")
    assert "races_lost" not in world.trouble
    assert "Debrief ·" in world.last().eyebrow
    assert before <= {record.key for record in world.store.all(Weakness)}  # type: ignore[union-attr]
    await mock(world, "/mock 5 question:order-status-api", WEAK, "done")
    assert sum("Debrief ·" in item.card.eyebrow for item in world.platform.shown) == 2


async def test_a_story_is_kept_once_however_often_one_presses(world: World) -> None:
    await mock(world, "/mock 15 question:order-status-api", STORY, "done")
    await world.press("Keep the story")
    await world.press("Keep the story")
    assert len(world.store.all(Story)) == 1  # type: ignore[union-attr]
    assert "You keep that story already" in text_of(world.last())


@pytest.mark.parametrize(
    "line", ["/mock minutes:20", "/mock minutes:x", "/mock level:expert", "/mock round:zebra", "/question level:expert"]
)
async def test_a_choice_that_does_not_exist_is_named_with_those_that_do(world: World, line: str) -> None:
    await world.say(line, CHANNEL)
    name, value = line.split()[1].split(":")
    assert f"I know no {name} '{value}'. Choose " in world.last().text
    assert not world.trouble
