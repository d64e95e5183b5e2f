"""A full loop: four rounds by different interviewers, votes locked until the last, and a debrief that argues from what was said."""

import pytest

from core.chat import Place
from core.interview.loop import ROLES, Loop, planned, told_twice
from core.interview.stages import Interview
from core.records import Attempt
from tests.core.features.answers import STRONG, WEAK
from tests.core.features.test_mock_with_model import DM, answered, staged
from tests.fakes.world import BANK, OTHER, World, text_of

STORY = (
    "Last March our nightly invoice export kept failing and nobody owned it. I traced it to a job that loaded every invoice into memory, "
    "rewrote it to read in pages of 500 and added an alarm. Failures fell from nine a week to none within a month, and I learnt to ask who "
    "owns a job before it breaks."
)


async def held(world: World, story: str = STORY, answer: str = STRONG) -> None:
    """One round: a story, then the technical part, then its end."""
    await world.press("Start")
    place = thread(world)
    await answered(world, place, story)
    for _ in range(12):
        interview = await newest(world)
        if interview.at_part == 1:
            break
        await world.say("skip", place)
    await answered(world, place, answer)
    await world.say("end", place)
    await world.wait(seconds=1)


def thread(world: World) -> Place:
    return next(item for item in reversed(world.platform.shown) if item.post.opens and item.post.key.startswith("mock/")).receipt.place


async def newest(world: World) -> Interview:
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        return max(await unit.find(Interview), key=lambda item: item.made_at)


async def the_loop(world: World) -> Loop:
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        return (await unit.find(Loop))[0]


async def test_four_rounds_and_every_vote_stays_locked_until_the_last() -> None:
    async with staged() as (world, _server):
        await world.say("/mock loop", DM)
        for number, (role, _, persona) in enumerate(ROLES, start=1):
            assert f"Round {number} of 4: {role}" in world.find("Ready when you are").card.eyebrow
            assert (await newest(world)).persona == persona
            await held(world)
            if number < 4:
                shown = [text_of(item.card) for item in world.platform.shown]
                assert not any("Practice vote" in text for text in shown)
                assert "vote is locked" in world.find("is over").card.text
                await world.wait(minutes=1)
                await world.press("Next round")
        loop = await the_loop(world)
        assert loop.over
        assert all(item.ballot and item.answered for item in loop.rounds)
        debrief = world.find("Loop debrief")
        text = text_of(debrief.card)
        assert debrief.place == DM
        for role, _, _ in ROLES:
            assert role in text
        assert "What speaks for it" in text
        assert "“" in text
        assert "not Amazon's scoring" in text
        assert "One story, told twice" in text
        assert "Model:" in text


@pytest.mark.e2e
async def test_each_round_has_its_own_debrief_after_the_last_and_not_before() -> None:
    async with staged() as (world, _server):
        await world.say("/mock loop", DM)
        first = await newest(world)
        await held(world)
        await world.do(f"round {first.key}", DM)
        assert "shown together, after the last round" in world.last().text
        for _ in range(3):
            await world.wait(minutes=1)
            await world.press("Next round")
            await held(world)
        await world.press("Round 1: debrief")
        assert "Debrief ·" in world.find("Debrief ·").card.eyebrow
        await world.do(f"round {first.key}", Place.dm("web", "page", "other"), OTHER)
        assert "not yours" in world.last(OTHER).text


async def test_without_a_model_there_is_a_loop_and_no_vote(world: World) -> None:
    await world.say("/mock loop", DM)
    for number in range(4):
        await held(world)
        if number < 3:
            await world.wait(minutes=1)
            await world.press("Next round")
    text = text_of(world.find("Loop debrief").card)
    assert "there is no vote" in text
    assert "Practice vote" not in text


async def test_a_round_that_is_open_is_offered_before_another(world: World) -> None:
    await world.say("/mock loop", DM)
    loop = await the_loop(world)
    await world.do(f"loop {loop.key}", DM)
    assert "waits for its start" in world.last().text
    await world.do(f"loop {loop.key}", Place.dm("web", "page", "other"), OTHER)
    assert "not yours" in world.last(OTHER).text


async def test_a_round_that_is_still_being_read_is_not_set_up_again() -> None:
    async with staged() as (world, _server):
        await world.say("/mock loop", DM)
        loop, first = await the_loop(world), await newest(world)
        await world.press("Start")
        await answered(world, thread(world), STORY)
        await world.say("end", thread(world))
        await world.do(f"loop {loop.key}", DM)
        assert "still being read" in world.last().text
        await world.wait(seconds=1)
        assert (await the_loop(world)).rounds[0].over
        assert (await newest(world)).key == first.key


@pytest.mark.e2e
async def test_a_question_that_left_the_bank_costs_its_round_and_not_the_loop(world: World) -> None:
    from core.questions.bank import Bank

    await world.say("/mock loop", DM)
    first = await newest(world)
    await held(world)
    gone = first.parts[1].question
    world.bank = Bank([question for question in BANK.questions if question.id != gone])
    world.restart()
    for _ in range(3):
        await world.wait(minutes=1)
        await world.press("Next round")
        await held(world)
    assert (await the_loop(world)).over
    assert "Loop debrief" in world.find("Loop debrief").card.eyebrow
    await world.do(f"round {first.key}", DM)
    assert "left the bank" in world.last().text


async def test_a_round_whose_question_is_gone_is_over_and_the_next_one_comes(world: World) -> None:
    from core.questions.bank import Bank

    await world.say("/mock loop", DM)
    first = await newest(world)
    await world.press("Start")
    await answered(world, thread(world), STORY)
    world.bank = Bank([question for question in BANK.questions if question.id != first.parts[1].question])
    world.restart()
    await world.say("end", thread(world))
    assert (await the_loop(world)).rounds[0].over
    await world.wait(minutes=1)
    await world.press("Next round")
    assert (await newest(world)).role.startswith("Round 2 of 4")


@pytest.mark.e2e
async def test_a_rounds_debrief_can_be_asked_for_twice(world: World) -> None:
    await world.say("/mock loop", DM)
    for number in range(4):
        await held(world)
        if number < 3:
            await world.wait(minutes=1)
            await world.press("Next round")
    for _ in range(2):
        await world.press("Round 1: debrief")
    assert sum("Debrief ·" in item.card.eyebrow for item in world.platform.shown) == 2


async def test_a_cancelled_round_can_be_set_up_again(world: World) -> None:
    await world.say("/mock loop", DM)
    await world.press("Cancel")
    await world.wait(minutes=1)
    await world.press("Set the round up again")
    assert (await newest(world)).role.startswith("Round 1 of 4")


async def test_its_rounds_cannot_be_changed(world: World) -> None:
    await world.say("/mock loop", DM)
    interview = await newest(world)
    await world.do(f"change {interview.key} round:design level:sde1 minutes:5", DM)
    assert "rounds of a loop are set" in world.last().text


async def test_answers_of_a_loop_become_attempts_and_all_of_it_is_erased(world: World) -> None:
    await world.say("/mock loop", DM)
    await held(world)
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        assert len([item for item in await unit.find(Attempt) if item.source == "mock"]) == 2
    await world.say("/privacy export", DM)
    assert '"loops"' in world.find("loopcoach.json").card.file.text  # type: ignore[union-attr]
    await world.do("privacy erase yes", DM)
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        assert not await unit.find(Loop)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("level", ["sde1", "sde2", "sde3"])
def test_the_plan_has_four_stories_four_questions_and_little_overlap_of_principles(seed: int, level: str) -> None:
    import random

    rounds = planned(BANK, level, 45, seen=(), rng=random.Random(seed))  # type: ignore[arg-type]
    questions = [part.question for item in rounds for part in item.parts]
    assert len(set(questions)) == 8
    assert sum(part.seconds for part in rounds[0].parts) == 45 * 60
    slugs = [slug for item in rounds for slug in item.principles]
    assert len(set(slugs)) >= len(slugs) - 2


def test_the_same_story_is_recognised_in_other_words_around_it_and_another_one_is_not() -> None:
    again = "Sure. " + STORY + " That is what I would tell you about dive deep as well."
    other = (
        "A colleague and I disagreed about the cache before the summer sale. I measured prices for a week, showed that one in two hundred "
        "was stale, and we agreed on a switch that turned it off."
    )
    assert told_twice({0: STORY, 1: other, 3: again}) == [(0, 3)]
    assert told_twice({0: "", 1: WEAK}) == []
