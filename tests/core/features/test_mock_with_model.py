"""A mock with a model as interviewer, as a person lives through it; and what becomes of it when the model does not."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from core.budget import Budget, Limit
from core.chat import Kind, Place
from core.interview.stages import Interview
from core.questions.bank import Question
from core.records import Profile, SpaceRecord, short_id
from tests.core.features.answers import STRONG, WEAK
from tests.fakes.ledger import MemoryLedger
from tests.fakes.openai.faults import CutOff, Down, Garbage, Hang, Quota, Refusal, WrongShape
from tests.fakes.openai.interviewer import Interviewer
from tests.fakes.openai.server import FakeOpenAI
from tests.fakes.seat import seat_at
from tests.fakes.world import BANK, CHANNEL, OTHER, YOU, World, text_of

DM = Place.dm("web", "page", "you")
QUESTION: Question = BANK.get("order-status-api")


@asynccontextmanager
async def staged(*, agreed: bool = True, seconds: float = 5.0, budget: Budget | None = None) -> AsyncIterator[tuple[World, FakeOpenAI]]:
    async with FakeOpenAI(brain=Interviewer(BANK), judged=False) as server:
        ledger = MemoryLedger()
        world = World()
        world.seat = lambda: seat_at(server, BANK, ledger=ledger, clock=world.clock, seconds=seconds, budget=budget)
        world.restart()
        if agreed:
            await world.say("/model on", DM)
        yield world, server


async def begun(world: World, line: str = "/mock 5 question:order-status-api", at: Place = DM) -> Place:
    await world.say(line, at)
    await world.press("Start")
    return next(item for item in reversed(world.platform.shown) if item.post.opens and item.post.key.startswith("mock/")).receipt.place


async def answered(world: World, place: Place, text: str) -> None:
    await world.say(text, place)
    await world.say("done", place)


async def stored(world: World) -> Interview:
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        return (await unit.find(Interview, limit=1))[0]


def here(world: World, place: Place) -> list[str]:
    return [text_of(item.card) for item in world.platform.shown if item.place == place]


# --- who may read ----------------------------------------------------------------------------------------------------


async def test_nothing_reaches_the_model_before_somebody_agreed_and_they_are_asked_once() -> None:
    async with staged(agreed=False) as (world, server):
        place = await begun(world)
        await answered(world, place, WEAK)
        await world.say("end", place)
        await world.say(f"/review {STRONG}", DM)
        assert server.requests == []
        notices = [item for item in world.platform.shown if "May a model read" in item.card.title]
        assert len(notices) == 1
        assert "127.0.0.1" in notices[0].card.text
        assert "gpt-6-luna" in notices[0].card.text
        assert notices[0].place.outside == DM


async def test_text_match_only_lasts_and_nobody_is_asked_again() -> None:
    async with staged(agreed=False) as (world, server):
        await world.say(f"/review {STRONG} question:order-status-api", DM)
        await world.press("Text match only")
        await world.say("/mock 5", DM)
        await world.say(f"/review {STRONG} question:order-status-api", DM)
        assert sum("May a model read" in item.card.title for item in world.platform.shown) == 1
        assert server.requests == []


async def test_one_press_lets_the_model_read_from_the_next_answer_on() -> None:
    async with staged(agreed=False) as (world, server):
        place = await begun(world)
        await world.press("Go on with it")
        await answered(world, place, WEAK)
        assert len(server.requests) == 1
        assert "From here on gpt-6-luna listens" in here(world, place)[-1]


async def test_a_lead_can_switch_it_off_for_everybody_and_others_cannot() -> None:
    async with staged() as (world, server):
        await world.say("/model forbid", CHANNEL, OTHER)
        assert "Only a lead" in world.last(OTHER).text
        await world.say("/model forbid", CHANNEL, YOU)
        place = await begun(world)
        await answered(world, place, WEAK)
        assert server.requests == []
        async with world.store.begin() as unit:  # type: ignore[union-attr]
            space = await unit.get(SpaceRecord, "web/page")
            assert space and not space.model
        await world.say("/model on", DM)
        assert "switched the model off" in world.last().text


async def test_another_host_has_to_be_agreed_to_anew() -> None:
    async with staged() as (world, server):
        async with world.store.begin() as unit:  # type: ignore[union-attr]
            mine = await unit.get(Profile, YOU.key)
            assert mine
            unit.save(mine.model_copy(update={"agreed_to": "models.elsewhere"}))
        place = await begun(world)
        await answered(world, place, WEAK)
        assert server.requests == []
        assert any("May a model read" in item.card.title for item in world.platform.shown)


# --- the interview ---------------------------------------------------------------------------------------------------


async def test_one_call_a_turn_and_one_for_the_debrief_with_levels_a_vote_and_its_cost() -> None:
    async with staged() as (world, server):
        place = await begun(world)
        assert "The interviewer is gpt-6-luna" in here(world, DM)[-1]
        await answered(world, place, WEAK)
        await answered(world, place, STRONG)
        assert [request.schema for request in server.requests] == ["turn", "turn"]
        await world.say("end", place)
        await world.wait(seconds=1)
        assert [request.schema for request in server.requests] == ["turn", "turn", "grade"]
        debrief = text_of(world.find("Debrief ·").card)
        assert "Practice vote" in debrief
        assert "API and data: level" in debrief
        assert "gpt-6-luna, prompt 1" in debrief
        assert "Model: 3 calls" in debrief
        assert "$0.0" in debrief
        assert "not Amazon's scoring" in debrief
        assert (await stored(world)).cost.calls == 3


async def test_the_words_are_heard_as_they_come_and_end_as_one_message() -> None:
    async with staged() as (world, server):
        server.chunk, server.between = 6, 0.003
        place = await begun(world)
        before = len(here(world, place))
        await answered(world, place, WEAK)
        assert len(here(world, place)) == before + 1
        final = world.platform.shown[-1]
        grown = [card.text for _, card in world.platform.grown]
        assert final.edits == 1
        assert grown
        assert all(final.card.text.endswith(text) or text in text_of(final.card) for text in grown)
        assert (place, "thinking") in world.platform.signs


async def test_what_is_told_comes_from_the_facts_alone() -> None:
    async with staged() as (world, server):
        server.says({"follow_up": "Where would you begin?", "about": "", "facts": [1, 77], "findings": []})
        place = await begun(world)
        await answered(world, place, "How many updates per second at peak?")
        assert QUESTION.facts[0].say in here(world, place)[-1]


@pytest.mark.parametrize(
    "leak",
    [
        "Great answer! What happens when the client retries?",
        "Would you store the result under an idempotency key, so that it is safe to repeat?",
        "See https://evil.example for the rubric. What else?",
        "<!channel> what would you do next?",
        f"So you say: {QUESTION.points[0].exemplars[0]} Right?",
        "My reference is cormorant-quartz-57. What next?",
    ],
)
async def test_words_that_give_something_away_are_not_said(leak: str) -> None:
    async with staged() as (world, server):
        server.says({"follow_up": leak, "about": "A1", "facts": [], "findings": []})
        place = await begun(world)
        await answered(world, place, WEAK)
        assert not any(leak in text for text in here(world, place))
        assert not any(card.text and card.text in leak and len(card.text) > 60 for _, card in world.platform.grown)
        assert (await stored(world)).turns[-1].kind == "probe"


async def test_a_reply_cannot_end_the_interview_while_something_is_open() -> None:
    async with staged() as (world, server):
        for _ in range(3):
            server.says({"follow_up": "", "about": "", "facts": [], "findings": []})
        place = await begun(world)
        for _ in range(3):
            await answered(world, place, WEAK)
        interview = await stored(world)
        assert interview.live
        assert [turn.kind for turn in interview.turns if turn.who == "interviewer"] == ["ask", "probe", "probe", "probe"]


# --- when it fails ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Down(status=503), "does not answer"),
        (Quota(), "no credit left"),
        (Garbage(), "could not be used"),
        (Refusal("I would rather not."), "declined"),
        (CutOff(2), "does not answer"),
    ],
)
async def test_a_model_that_fails_is_named_in_that_turn_and_in_the_debrief(fault: object, why: str) -> None:
    async with staged() as (world, server):
        place = await begun(world)
        await answered(world, place, WEAK)
        again = [fault] if isinstance(fault, Garbage) else []  # for what is no stream is asked for once more, in one piece
        server.faults.extend([fault, *again])  # type: ignore[list-item]
        await answered(world, place, "I would add a cache in front of the reads.")
        assert why in here(world, place)[-1]
        assert "I go on with text match" in here(world, place)[-1]
        assert (await stored(world)).turns[-1].reviewer == "text match"
        await world.say("end", place)
        await world.wait(seconds=1)
        debrief = text_of(world.find("Debrief ·").card)
        assert "text match" in debrief
        assert "gpt-6-luna" in debrief


async def test_a_model_that_never_answers_is_left_behind_at_its_deadline() -> None:
    async with staged(seconds=0.1) as (world, server):
        place = await begun(world)
        server.always = Hang()
        await answered(world, place, WEAK)
        assert "took too long" in here(world, place)[-1]
        interview = await stored(world)
        assert interview.turns[-1].kind == "probe"
        assert interview.cost.calls == 1
        assert interview.cost.estimated


async def test_one_wrong_shape_is_mended_and_two_are_not() -> None:
    async with staged() as (world, server):
        place = await begun(world)
        server.faults.append(WrongShape('{"say": "hello"}'))
        await answered(world, place, WEAK)
        assert len(server.requests) == 2
        assert (await stored(world)).turns[-1].reviewer == "gpt-6-luna"
        server.faults.extend([WrongShape("{}"), WrongShape("[]")])
        await answered(world, place, "I would add a cache.")
        assert "could not be used" in here(world, place)[-1]


async def test_it_comes_back_and_says_so() -> None:
    async with staged() as (world, server):
        place = await begun(world)
        server.faults.append(Down(status=500))
        await answered(world, place, WEAK)
        await answered(world, place, STRONG)
        assert "From here on gpt-6-luna listens" in here(world, place)[-1]


async def test_a_budget_that_is_used_up_is_one_clear_sentence_and_no_call() -> None:
    async with staged(budget=Budget(person=Limit(tokens=1))) as (world, server):
        place = await begun(world)
        await answered(world, place, WEAK)
        assert len(server.requests) == 1
        await answered(world, place, STRONG)
        assert len(server.requests) == 1
        assert "Your budget for the model is used up for today" in here(world, place)[-1]


async def test_a_debrief_without_the_model_says_why_it_has_no_vote() -> None:
    async with staged() as (world, server):
        place = await begun(world)
        await answered(world, place, STRONG)
        server.always = Down(status=500)
        await world.say("end", place)
        await world.wait(seconds=1)
        debrief = text_of(world.find("Debrief ·").card)
        assert "So text match made this debrief: no levels, no vote." in debrief
        assert "Practice vote" not in debrief


async def test_a_death_while_the_model_thinks_loses_and_doubles_nothing() -> None:
    async with staged() as (world, server):
        place = await begun(world)
        before = len(here(world, place))
        await world.say(WEAK, place)
        server.always = Hang()
        await world.coach.accept(world._message(place, YOU, Kind.COMMAND, "done", "done", {}))
        await server.until(lambda: len(server.requests) == 1)
        await world.coach.stop()
        server.always = None
        world.restart()
        await world.coach.recover()
        await world.settle()
        assert len(here(world, place)) == before + 1
        assert (await stored(world)).turns[-1].reviewer == "gpt-6-luna"


async def test_a_review_says_who_made_it_and_why_it_was_not_the_model() -> None:
    async with staged() as (world, server):
        await world.say(f"/review {STRONG} question:order-status-api", DM)
        assert "gpt-6-luna, prompt 1" in text_of(world.find("Reviewed by").card)
        server.always = Down(status=500)
        await world.say(f"/review {WEAK} question:order-status-api", DM)
        card = text_of(world.find("Reviewed by").card)
        assert "The model does not answer. So text match read this one." in card
        assert "Reviewed by text match" in card


async def test_an_end_while_the_model_speaks_waits_for_nothing_and_leaves_no_half_sentence() -> None:
    async with staged() as (world, server):
        server.chunk, server.between = 8, 0.02
        place = await begun(world)
        await world.say(WEAK, place)
        await world.coach.accept(world._message(place, YOU, Kind.COMMAND, "done", "done", {}))
        for _ in range(400):
            if world.platform.grown:
                break
            await asyncio.sleep(0.005)
        await world.say("end", place)
        await world.wait(seconds=1)
        assert not any("There is no mock here" in text_of(item.card) for item in world.platform.shown)
        words = next(item for item in world.platform.shown if item.post.key.endswith(">words"))
        assert words.card.text == "That was ended before I had said it."
        assert sum("Debrief ·" in item.card.eyebrow for item in world.platform.shown) == 1


async def test_what_was_said_before_anybody_agreed_never_leaves() -> None:
    async with staged(agreed=False) as (world, server):
        place = await begun(world)
        await answered(world, place, "The zebra table holds every order by its key, because nearly every read asks for one order.")
        await world.press("Go on with it")
        await answered(world, place, STRONG)
        await world.say("end", place)
        await world.wait(seconds=1)
        sent = json.dumps([request.body for request in server.requests])
        assert "event id" in sent
        assert "zebra" not in sent
        assert "Reviewed by text match (offline), then gpt-6-luna, prompt 1" in text_of(world.find("Debrief ·").card)


async def test_what_was_said_under_text_match_only_never_leaves_either() -> None:
    async with staged() as (world, server):
        place = await begun(world)
        await answered(world, place, WEAK)
        await world.say("/model off", DM)
        await answered(world, place, "The zebra table holds every order by its key, because nearly every read asks for one order.")
        await world.say("/model on", DM)
        await world.say("end", place)
        await world.wait(seconds=1)
        assert [request.schema for request in server.requests] == ["turn", "grade"]
        assert "zebra" not in json.dumps([request.body for request in server.requests])


async def test_a_press_on_an_old_notice_agrees_to_nobody_else() -> None:
    async with staged(agreed=False) as (world, _):
        await world.say(f"/review {STRONG} question:order-status-api", DM)
        await world.do(f"model on {short_id('host', 'models.elsewhere')}", DM)
        async with world.store.begin() as unit:  # type: ignore[union-attr]
            mine = await unit.get(Profile, YOU.key)
        assert mine is None or not mine.agreed_to
        assert "May a model read" in world.last().title
        await world.press("Go on with it")
        async with world.store.begin() as unit:  # type: ignore[union-attr]
            mine = await unit.get(Profile, YOU.key)
        assert mine
        assert mine.agreed_to == "127.0.0.1"


async def test_a_debrief_of_little_has_no_vote_and_a_probe_without_an_answer_is_no_miss() -> None:
    async with staged() as (world, server):
        critical = next(n for n, point in enumerate(QUESTION.points, start=1) if point.critical)
        server.says({"follow_up": QUESTION.points[critical - 1].probe, "about": f"A{critical}", "facts": [], "findings": []})
        place = await begun(world)
        await answered(world, place, "The table is keyed by order id because nearly every read asks for one order.")
        await world.say("end", place)
        await world.wait(seconds=1)
        debrief = text_of(world.find("Debrief ·").card)
        assert "No practice vote" in debrief
        assert "critical and missed" not in debrief
