"""Words that are shown while the rest is still being worked out: one post, that what is decided in the end replaces."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import pytest

from core.budget import Budget
from core.chat import Card, Kind, Message, Place, Post, Receipt
from core.delivery import Delivery, Limits
from core.errors import LeaseLost, Refused, StoreUnavailable
from core.interview.moves import Move
from core.interview.stages import Interview
from core.panel import Seat
from core.ports import Fate, Model, Payer, Priced, Unit, Usage
from core.voice import Speaker
from tests.fakes.clock import FakeClock
from tests.fakes.ledger import MemoryLedger
from tests.fakes.memory_store import MemoryStore
from tests.fakes.platform import FakePlatform
from tests.fakes.world import CHANNEL, YOU, World, text_of

BEAT = 0.001
LONG = 60.0
MESSAGE = Message(id="said", place=CHANNEL, author=YOU, kind=Kind.DIRECT, text="an answer", sent_at=FakeClock().now())
WORDS = Post(key="words", into=CHANNEL, card=Card())


class Stage:
    """A speaker with everything around it, for one message that waits."""

    def __init__(self) -> None:
        self.clock, self.store, self.platform = FakeClock(), MemoryStore(), FakePlatform(beat=BEAT)
        self.log: list[str] = []
        self.signs: list[tuple[Place, str]] = []
        self.guards: list[Unit] = []
        self.delivery = Delivery(self.store, {"web": self.platform}, self.clock, self._log, Limits(attempts=1))
        self.speaker = self.speaking()

    def speaking(self, guard: Callable[[Unit], None] | None = None) -> Speaker:
        """As the handling of the message has it; another attempt has a new one."""
        platforms = {"web": self.platform}
        return Speaker(MESSAGE, self.store, self.delivery, platforms, guard or self.guards.append, self._sign, self._log)

    def _sign(self, at: Place, sign: str) -> None:
        self.signs.append((at, sign))

    def _log(self, event: str, **facts: object) -> None:
        self.log.append(event)

    @property
    def texts(self) -> list[str]:
        """What stands there."""
        return [item.card.text for item in self.platform.shown]

    @property
    def grown(self) -> list[str]:
        """What was shown after the first words."""
        return [card.text for _, card in self.platform.grown]

    async def fate(self) -> Fate | None:
        async with self.store.begin() as unit:
            return (await unit.fates([WORDS.key])).get(WORDS.key)


@pytest.fixture
async def stage() -> Stage:
    stage = Stage()
    await stage.store.inbox.receive(MESSAGE)
    return stage


async def until(met: Callable[[], object]) -> None:
    """Wait for what other tasks do; a test that waits in vain fails."""
    async with asyncio.timeout(2):
        while not met():  # noqa: ASYNC110
            await asyncio.sleep(0)


async def tried(stage: Stage, *texts: str, speaker: Speaker | None = None) -> str | None:
    """One attempt that says these words; what its end has to replace."""
    async with (speaker or stage.speaker).growing(WORDS) as growing:
        for text in texts:
            await growing.grow(Card(text=text))
            await asyncio.sleep(0)
    return growing.begun


# --- one message that grows ------------------------------------------------------------------------------------------


async def test_the_first_words_are_a_post_of_their_own_through_the_outbox(stage: Stage) -> None:
    async with stage.speaker.growing(WORDS) as growing:
        assert growing.begun is None
        await growing.grow(Card(text="So"))
        await until(lambda: stage.platform.shown)
    assert growing.begun == WORDS.key
    [shown] = stage.platform.shown
    assert (shown.post.key, shown.post.growing, shown.card.text) == (WORDS.key, True, "So")
    assert [post.key for post in stage.store.posts("sent")] == [WORDS.key]
    assert stage.grown == []
    assert len(stage.guards) == 1


async def test_later_words_are_only_shown_where_the_first_ones_stand(stage: Stage) -> None:
    async with stage.speaker.growing(WORDS) as growing:
        for n, text in enumerate(("So", "So what", "So what if")):
            await growing.grow(Card(text=text))
            await until(lambda n=n: len(stage.platform.shown) + len(stage.platform.grown) > n)
    assert stage.texts == ["So"]
    assert stage.grown == ["So what", "So what if"]
    assert {at for at, _ in stage.platform.grown} == {stage.platform.shown[0].receipt}
    assert stage.platform.attempts == 1


async def test_within_one_beat_no_more_is_shown_than_once(stage: Stage) -> None:
    stage.platform.beat = LONG
    async with stage.speaker.growing(WORDS) as growing:
        await growing.grow(Card(text="So"))
        await until(lambda: stage.platform.shown)
        for n in range(50):
            await growing.grow(Card(text=f"So {n}"))
            await asyncio.sleep(0)
    assert (stage.texts, stage.grown) == (["So"], [])


async def test_of_many_words_in_one_beat_the_newest_are_shown(stage: Stage) -> None:
    async with stage.speaker.growing(WORDS) as growing:
        await growing.grow(Card(text="So"))
        await until(lambda: stage.platform.shown)
        for n in range(50):
            await growing.grow(Card(text=f"So {n}"))
        await until(lambda: stage.grown)
    assert stage.grown == ["So 49"]


async def test_a_slow_platform_holds_up_nobody_who_speaks(stage: Stage) -> None:
    gate, grow = asyncio.Event(), stage.platform.grow

    async def slowly(at: Receipt, card: Card) -> None:
        await gate.wait()
        await grow(at, card)

    stage.platform.grow = slowly  # type: ignore[method-assign]
    async with stage.speaker.growing(WORDS) as growing:
        await growing.grow(Card(text="So"))
        await until(lambda: stage.platform.shown)
        for n in range(5):
            await growing.grow(Card(text=f"So {n}"))
        assert stage.grown == []
        gate.set()


async def test_once_the_block_is_left_nothing_more_is_shown(stage: Stage) -> None:
    stage.platform.beat = LONG
    async with stage.speaker.growing(WORDS) as growing:
        await growing.grow(Card(text="So"))
        await until(lambda: stage.platform.shown)
        await growing.grow(Card(text="So what"))
    await growing.grow(Card(text="too late"))
    await asyncio.sleep(BEAT)
    assert (stage.texts, stage.grown) == (["So"], [])


async def test_what_is_on_its_way_arrives_before_the_block_is_left(stage: Stage) -> None:
    """Else what is decided would be overwritten by a part of it."""
    gate, deliver = asyncio.Event(), stage.platform.deliver

    async def slowly(post: Post, replaced: Receipt | None) -> Receipt:
        await gate.wait()
        return await deliver(post, replaced)

    stage.platform.deliver = slowly  # type: ignore[method-assign]
    attempt = asyncio.create_task(tried(stage, "So", "So what"))
    await until(lambda: stage.store.posts("sending"))
    await asyncio.sleep(0)
    assert not attempt.done()
    gate.set()
    assert await attempt == WORDS.key
    assert stage.texts == ["So"]


async def test_an_error_of_whoever_speaks_is_theirs_and_ends_the_showing(stage: Stage) -> None:
    with pytest.raises(ZeroDivisionError):
        async with stage.speaker.growing(WORDS) as growing:
            await growing.grow(Card(text="So"))
            _ = 1 / 0
    await growing.grow(Card(text="So what"))
    await asyncio.sleep(BEAT)
    assert stage.grown == []


async def test_where_nothing_was_said_nothing_begins(stage: Stage) -> None:
    assert await tried(stage) is None
    assert await stage.fate() is None


async def test_where_messages_stand_there_whole_nothing_is_shown(stage: Stage) -> None:
    stage.platform.beat = 0
    assert await tried(stage, "So", "So what") is None
    assert (stage.texts, stage.grown, await stage.fate()) == ([], [], None)


async def test_a_platform_that_nobody_knows_shows_nothing(stage: Stage) -> None:
    elsewhere = WORDS.model_copy(update={"into": CHANNEL.model_copy(update={"platform": "elsewhere"})})
    async with stage.speaker.growing(elsewhere) as growing:
        await growing.grow(Card(text="So"))
    assert growing.begun is None
    assert stage.store.posts() == []


async def test_thinking_is_a_sign_and_no_post(stage: Stage) -> None:
    await stage.speaker.thinking(CHANNEL)
    assert stage.signs == [(CHANNEL, "thinking")]
    assert stage.store.posts() == []


# --- another attempt -------------------------------------------------------------------------------------------------


async def test_what_an_earlier_attempt_began_is_known_and_not_touched(stage: Stage) -> None:
    assert await tried(stage, "So") == WORDS.key
    async with stage.speaking().growing(WORDS) as growing:
        assert growing.begun == WORDS.key
        await growing.grow(Card(text="Other words"))
        await asyncio.sleep(BEAT)
    assert growing.begun == WORDS.key
    assert (stage.texts, stage.grown) == (["So"], [])


async def test_what_was_owed_and_not_sent_before_a_crash_counts_as_begun(stage: Stage) -> None:
    async with stage.store.begin() as unit:
        unit.post(WORDS.model_copy(update={"card": Card(text="So"), "growing": True}))
    assert await tried(stage, "Other words") == WORDS.key
    await stage.delivery.deliver()
    assert stage.texts == ["So"]


def refuse(post: Post) -> None:
    raise Refused("the channel is archived")


async def test_first_words_that_were_refused_are_nothing_to_replace(stage: Stage) -> None:
    """An end that replaces what never stood there would never be said."""
    stage.platform.faults = [refuse]
    assert await tried(stage, "So") is None
    assert await stage.fate() == Fate("dead", "the channel is archived")
    assert await tried(stage, "Other words", speaker=stage.speaking()) is None
    assert (stage.texts, stage.grown) == ([], [])


# --- when it cannot --------------------------------------------------------------------------------------------------


async def test_an_erased_message_begins_nothing(stage: Stage) -> None:
    async with stage.store.begin() as unit:
        unit.erase(YOU.key)
    assert await tried(stage, "So", "So what") is None
    assert (stage.texts, stage.store.posts()) == ([], [])
    assert stage.log == ["not_begun"]


async def test_who_has_lost_the_lane_begins_nothing(stage: Stage) -> None:
    def guard(unit: Unit) -> None:
        raise LeaseLost("another process works on this lane by now")

    assert await tried(stage, "So", speaker=stage.speaking(guard)) is None
    assert (stage.store.posts(), stage.log) == ([], ["not_begun"])


async def test_a_database_that_is_away_begins_nothing(stage: Stage) -> None:
    stage.store.full = True
    assert await tried(stage, "So", "So what") is None
    assert stage.log == ["not_begun"]


async def test_first_words_that_are_owed_and_could_not_be_claimed_count_as_begun(stage: Stage) -> None:
    """The database went away between the two: the sweep sends them, and what is decided replaces them."""
    claim = stage.store.outbox.claim

    async def away(**more: Any) -> Any:
        raise StoreUnavailable("locked")

    stage.store.outbox.claim = away  # type: ignore[method-assign]
    assert await tried(stage, "So") == WORDS.key
    stage.store.outbox.claim = claim  # type: ignore[method-assign]
    await stage.delivery.deliver()
    assert stage.texts == ["So"]
    assert stage.log == ["delivery_put_off"]


@pytest.mark.parametrize("error", [RuntimeError("a bug"), TimeoutError(), Refused("gone")])
async def test_words_that_cannot_be_shown_are_only_logged(stage: Stage, error: Exception) -> None:
    async def grow(at: Receipt, card: Card) -> None:
        raise error

    stage.platform.grow = grow  # type: ignore[method-assign]
    async with stage.speaker.growing(WORDS) as growing:
        await growing.grow(Card(text="So"))
        await until(lambda: stage.platform.shown)
        await growing.grow(Card(text="So what"))
        await until(lambda: stage.log)
    assert growing.begun == WORDS.key
    assert set(stage.log) == {"grow_failed"}


async def test_a_database_that_is_away_while_words_are_shown_is_only_logged(stage: Stage) -> None:
    async def away(key: str) -> Receipt | None:
        raise StoreUnavailable("locked")

    stage.store.outbox.receipt = away  # type: ignore[method-assign]
    async with stage.speaker.growing(WORDS) as growing:
        await growing.grow(Card(text="So"))
        await until(lambda: stage.platform.shown)
        await growing.grow(Card(text="So what"))
        await until(lambda: stage.log)
    assert growing.begun == WORDS.key
    assert set(stage.log) == {"grow_failed"}


# --- a whole mock ----------------------------------------------------------------------------------------------------


@dataclass
class Slow:
    """A model that says half of its words and the rest when it may."""

    name: str = "luna"
    host: str = "models.example"
    first: str = "What happens"
    whole: str = "What happens when a phone asks twice?"
    rest: asyncio.Event = field(default_factory=asyncio.Event)
    calls: int = 0

    async def move(self, interview: Interview, now: datetime, payer: Payer) -> AsyncIterator[str | Priced[Move]]:
        self.calls += 1
        yield self.first
        await self.rest.wait()
        yield Priced(Move(kind="probe", text=self.whole), Usage(calls=1))


DM = Place.dm("web", "page", "you")
ANSWER = "I put a queue between the phones and the table, keyed by the order's number."


async def in_a_mock(model: Slow) -> tuple[World, Place]:
    """A mock with this model, an answer written and not yet closed."""
    world = World()
    ledger = MemoryLedger()
    log: Callable[..., None] = lambda event, **facts: None  # noqa: E731
    world.seat = lambda: Seat(cast(Model, model), ledger, Budget(), world.clock, log)
    world.restart()
    await world.say("/model on", DM)
    await world.say("/mock 5 question:order-status-api", DM)
    await world.press("Start")
    place = next(item for item in reversed(world.platform.shown) if item.post.opens and item.post.key.startswith("mock/")).receipt.place
    await world.say(ANSWER, place)
    return world, place


def heard(world: World, place: Place) -> Sequence[str]:
    return [text_of(item.card) for item in world.platform.shown if item.place == place]


async def test_what_is_decided_replaces_the_growing_words_in_one_message() -> None:
    model = Slow()
    world, place = await in_a_mock(model)
    before = len(heard(world, place))
    done = asyncio.create_task(world.say("done", place))
    await until(lambda: len(heard(world, place)) > before)
    assert model.first in heard(world, place)[-1]
    assert model.whole not in heard(world, place)[-1]
    model.rest.set()
    await done
    assert len(heard(world, place)) == before + 1
    assert model.whole in heard(world, place)[-1]
    assert world.platform.shown[-1].edits == 1
    assert model.calls == 1


async def test_after_a_death_in_the_middle_the_end_replaces_what_was_begun() -> None:
    model = Slow()
    world, place = await in_a_mock(model)
    before = len(heard(world, place))
    said = asyncio.create_task(world.say("done", place))
    await until(lambda: len(heard(world, place)) > before)
    await world.coach.stop()
    await said
    model.rest.set()
    world.restart()
    await world.coach.recover()
    await world.settle()
    assert len(heard(world, place)) == before + 1
    assert model.whole in heard(world, place)[-1]
    assert world.platform.shown[-1].edits == 1
