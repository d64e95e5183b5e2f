"""12: a model that takes a minute, and then is down."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from statistics import median

from adapters.database.store import SqlStore, open_engine
from adapters.openai.model import MARGIN, PATIENT
from benchmarks.measure import at
from bot.clock import SystemClock
from core.chat import Kind, Message, Place
from core.interview.stages import Interview
from core.panel import Deadlines, Seat
from core.review.matcher import review
from tests.core.features.answers import STRONG, WEAK
from tests.fakes.openai.faults import Down, SlowStart
from tests.fakes.openai.interviewer import Interviewer
from tests.fakes.openai.server import FakeOpenAI
from tests.fakes.seat import seat_at
from tests.fakes.world import BANK, OTHER, YOU, World, text_of
from tests.soak.faults.figure import Figure, Stage
from tests.soak.harness import emptied

DM = Place.dm("web", "page", "you")
QUESTION = "order-status-api"
TOLD = 10.0
"""Seconds within which somebody is told what went wrong."""
EVERY = 0.01
"""Seconds between two events of others."""
FOREVER = 1000.0
SLOW, BACK, AWAY = "The model took too long.", "From here on gpt-6-luna listens", "The model does not answer."


@dataclass
class Run:
    """What came of one run."""

    acks: list[float]
    """Seconds until each event of others was acknowledged."""
    stall: float
    """Seconds that the loop stood still at most."""
    told: list[float | None]
    """Seconds until the person was told, for each answer; None: not in time."""
    kept: int
    """Answers that are turns of the interview."""
    calls: int

    @property
    def p99(self) -> float:
        return at(self.acks, 0.99)


async def slow_model(stage: Stage) -> Figure:
    """12: it takes 60 s, then it is down; 200 events of others come in meanwhile. Without deadlines nobody would be told."""
    events = stage.scaled(200, 2_000)
    review(BANK.get(QUESTION), (WEAK,))  # the first review of a question compiles it, which is no part of this
    urls = [emptied(f"sqlite:///{stage.folder}/{name}.db") for name in "abc"]
    gc.collect()
    gc.freeze()  # as the process does when it is up
    bare = await _run(urls[0], events, None)
    ours, control = await asyncio.gather(_run(urls[1], events, _in_time), _run(urls[2], 0, _whenever))
    gc.unfreeze()
    told = [seconds for seconds in ours.told if seconds is not None]
    good = len(told) == len(ours.told) == ours.kept == 3 and max(told) <= TOLD and len(ours.acks) == events and ours.p99 < 1.0
    return Figure(
        12,
        "model takes 60 s, then is down",
        f"told after {', '.join(f'{seconds:.1f}' for seconds in told)} s by {ours.calls} calls, {ours.kept} of 3 turns kept;"
        f" {events} other events acknowledged p99 {1000 * ours.p99:.1f} ms, median {1000 * median(ours.acks):.1f}"
        f" (without a model {1000 * bare.p99:.1f}, {1000 * median(bare.acks):.1f}),"
        f" stall {1000 * ours.stall:.0f} ms ({1000 * bare.stall:.0f})",
        "told within 10 s, all turns kept, p99 under 1 s, stall under 100 ms",
        good and (stage.short or ours.stall < 0.1),
        f"without deadlines: {'nobody told' if control.told == [None] else 'somebody told'} within 10 s",
        control.told == [None],
    )


def _in_time(server: FakeOpenAI) -> Seat:
    """As the process builds it."""
    return replace(seat_at(server, BANK, seconds=PATIENT.move - MARGIN), deadlines=Deadlines())


def _whenever(server: FakeOpenAI) -> Seat:
    """The control: it is waited for as long as it takes."""
    return seat_at(server, BANK, seconds=FOREVER)


async def _run(url: str, events: int, seat: Callable[[FakeOpenAI], Seat] | None) -> Run:
    """Three answers of one person: to a model that takes a minute, to one that came back, and to one that is down."""
    engine = open_engine(url)
    async with FakeOpenAI(brain=Interviewer(BANK), judged=False) as server:
        world = World(store=SqlStore(engine, SystemClock()), seat=(lambda: seat(server)) if seat else None)
        await world.coach._kit.panel.warm()
        place = await _begun(world)
        server.always = SlowStart(60)
        run = Run([], 0.0, [], 0, 0)
        heart = asyncio.create_task(_beat(run))
        answer = asyncio.create_task(_told(world, place, WEAK, SLOW if seat else ""))
        if seat:
            await server.until(lambda: server.requests, what="the model to be asked")
        run.acks = await _others(world, events)
        run.told.append(await answer)
        if events and seat:
            for fault, text, why in ((None, STRONG, BACK), (Down(503), "I would add a cache in front of the reads.", AWAY)):
                server.always = fault
                run.told.append(await _told(world, place, text, why))
        heart.cancel()
        await world.coach.stop()
        assert world.store
        async with world.store.begin() as unit:
            (interview,) = await unit.find(Interview, limit=1)
        run.kept = sum(turn.who == "candidate" for turn in interview.turns)
        run.calls = len(server.requests)
    await engine.close()
    return run


async def _begun(world: World) -> Place:
    await world.say("/model on", DM)
    await world.say(f"/mock 45 question:{QUESTION}", DM)
    await world.press("Start")
    await world.say("skip", (opened := _opened(world)))  # the story
    return opened


def _opened(world: World) -> Place:
    return next(item for item in world.platform.shown if item.post.opens and item.post.key.startswith("mock/")).receipt.place


async def _told(world: World, place: Place, text: str, why: str) -> float | None:
    """Seconds from the end of a turn until there is a next question, with the reason; None where none came in time."""
    there = len(world.platform.shown)
    await world.coach.accept(world._message(place, YOU, Kind.AMBIENT, text, None, {}))
    await world.coach.accept(world._message(place, YOU, Kind.COMMAND, "done", "done", {}))
    began = time.monotonic()
    with suppress(TimeoutError):
        async with asyncio.timeout(TOLD):
            while True:
                new = [text_of(item.card) for item in world.platform.shown[there:] if item.place == place]
                if any(why in said and "?" in said for said in new):
                    return time.monotonic() - began
                await asyncio.sleep(0.01)
    return None


async def _others(world: World, events: int) -> list[float]:
    """What somebody else asks for, and how long each takes to be acknowledged."""

    async def one(n: int) -> float:
        place = Place(platform="web", space="page", channel=f"c{n % 40}")
        message = Message(
            id=f"other{n}", place=place, author=OTHER, kind=Kind.COMMAND, text="/help", command="help", sent_at=world.clock.now()
        )
        began = time.monotonic()
        await world.coach.accept(message)
        return time.monotonic() - began

    tasks = []
    for n in range(events):
        tasks.append(asyncio.create_task(one(n)))
        await asyncio.sleep(EVERY)
    return list(await asyncio.gather(*tasks))


async def _beat(run: Run) -> None:
    """Notes how late the loop is at most."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(0.005)
        run.stall = max(run.stall, time.monotonic() - began - 0.005)


FAULTS: dict[int, Callable[[Stage], Awaitable[Figure]]] = {12: slow_model}
