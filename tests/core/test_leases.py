"""Several processes on one store: one works on a lane at a time, in order; whoever dies or sleeps loses it, and nothing happens twice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from core import lanes
from core.chat import Kind, Message
from core.coach import Coach
from core.commands import parse
from core.errors import StoreUnavailable
from core.features import COMMANDS
from core.features.handler import Handler, read_caller
from core.leases import LASTS, Keeper
from tests.fakes.clock import FakeClock
from tests.fakes.memory_store import MemoryStore
from tests.fakes.platform import FakePlatform
from tests.fakes.world import CHANNEL, YOU, World


@dataclass
class Fleet:
    """Processes that share a store, a platform and the time."""

    clock: FakeClock = field(default_factory=FakeClock)
    platform: FakePlatform = field(default_factory=FakePlatform)
    store: MemoryStore = field(default_factory=MemoryStore)
    events: list[str] = field(default_factory=list)

    def process(self, name: str) -> tuple[World, Keeper]:
        world = World(clock=self.clock, platform=self.platform, store=self.store)
        keeper = Keeper(self.store, self.clock, name, lambda event, **facts: self.events.append(event))
        world.coach = Coach(self.store, world.delivery, world.coach._kit, keeper)
        return world, keeper

    def said(self, id: str, seconds: float = 0, text: str = "/help") -> Message:
        name, fields = parse(text) or (None, {})
        at = self.clock.now() + timedelta(seconds=seconds)
        return Message(id=id, place=CHANNEL, author=YOU, kind=Kind.COMMAND, text=text, command=name, fields=fields, sent_at=at)


@dataclass
class Slow:
    """`/help` as long as it is held; notes who asked."""

    handled: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)


async def nothing(lane: str) -> None:
    """Dead processes release no lease."""


@pytest.fixture
def fleet() -> Fleet:
    return Fleet()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    made, usual = Slow(), COMMANDS["help"]

    async def decide(known: object, message: Message, tools: object) -> object:
        made.handled.append(message.id)
        made.begun.set()
        await made.gate.wait()
        return await usual.decide(known, message, tools)  # type: ignore[arg-type]

    monkeypatch.setitem(COMMANDS, "help", Handler(read=read_caller, decide=decide))  # type: ignore[arg-type]
    monkeypatch.setattr(lanes, "ASK_FROM", 0.01)
    monkeypatch.setattr(lanes, "ASK_TO", 0.01)
    yield made


async def test_one_process_works_on_a_lane_and_takes_along_what_others_let_in(fleet: Fleet, slow: Slow) -> None:
    """In the platform's order, whichever process heard it."""
    (a, _), (b, _) = fleet.process("a"), fleet.process("b")
    await a.coach.accept(fleet.said("first"))
    await slow.begun.wait()
    await a.coach.accept(fleet.said("third", 3))
    await b.coach.accept(fleet.said("second", 2))
    await asyncio.sleep(0.05)
    assert slow.handled == ["first"]
    slow.gate.set()
    await a.coach.settle()
    await b.coach.settle()
    assert slow.handled == ["first", "second", "third"]
    assert len(fleet.platform.shown) == 3
    assert fleet.store.memory.leases == {}


async def test_a_process_that_dies_loses_its_lane_when_the_lease_runs_out(fleet: Fleet, slow: Slow) -> None:
    """Another one handles what it left: first what came in there meanwhile finds nobody home, then both are handled, in order."""
    (a, _), (b, _) = fleet.process("a"), fleet.process("b")
    await a.coach.accept(fleet.said("first"))
    await slow.begun.wait()
    a.coach._lanes._keeper.release = nothing  # type: ignore[union-attr, method-assign]
    await a.coach._lanes.stop()  # as kill -9 leaves it: nothing is released
    slow.handled.clear()
    await b.coach.accept(fleet.said("second", 1))
    fleet.clock.advance(seconds=LASTS.total_seconds() - 1)
    await asyncio.sleep(0.05)
    assert slow.handled == []
    fleet.clock.advance(seconds=1)
    slow.gate.set()
    await b.coach.settle()
    assert slow.handled == ["first", "second"]
    assert [item.id for item in await fleet.store.inbox.waiting(10)] == []


async def test_what_a_dead_process_let_in_is_found_by_the_others(fleet: Fleet) -> None:
    """Also where nobody says anything more in that lane; what somebody is working on is left alone."""
    world, _ = fleet.process("b")
    await fleet.store.inbox.receive(fleet.said("lost"))
    await fleet.store.leases.take(lanes.lane_of(fleet.said("lost")), "dead", now=fleet.clock.now(), until=fleet.clock.now() + LASTS)
    assert await world.coach.recover() == 0
    fleet.clock.advance(seconds=10)
    assert await world.coach.recover() == 1
    await world.coach.settle()
    assert len(fleet.platform.shown) == 1
    assert await world.coach.recover() == 0


async def test_what_was_decided_after_the_lane_was_lost_is_dropped(fleet: Fleet, slow: Slow) -> None:
    """A process that slept past its lease comes back and changes nothing; there is one effect."""
    (a, _), (b, _) = fleet.process("a"), fleet.process("b")
    await a.coach.accept(fleet.said("m"))
    await slow.begun.wait()
    fleet.clock.advance(seconds=11)
    slow.begun.clear()
    assert await b.coach.recover() == 1
    await slow.begun.wait()
    slow.gate.set()
    await a.coach.settle()
    await b.coach.settle()
    assert slow.handled == ["m", "m"]
    assert len(fleet.platform.shown) == 1
    assert a.trouble + b.trouble == ["decided_too_late"]


async def test_a_stopping_process_lets_others_in_at_once(fleet: Fleet, slow: Slow) -> None:
    """No lease is left to run out, and the message is handled by whoever stays."""
    (a, keeper), (b, _) = fleet.process("a"), fleet.process("b")
    await keeper.beat()
    await a.coach.accept(fleet.said("m"))
    await slow.begun.wait()
    await a.coach.stop()
    assert fleet.store.memory.leases == {}
    assert not a.coach.take_up(fleet.said("late"))
    slow.gate.set()
    assert await b.coach.recover() == 1
    await b.coach.settle()
    assert len(fleet.platform.shown) == 1


async def test_renewing_keeps_a_lane_as_long_as_the_work_takes(fleet: Fleet, slow: Slow) -> None:
    """A model that takes a minute loses nobody their lane."""
    (a, keeper), (b, _) = fleet.process("a"), fleet.process("b")
    await a.coach.accept(fleet.said("m"))
    await slow.begun.wait()
    for _ in range(20):
        fleet.clock.advance(seconds=3)
        await keeper.beat()
        assert await b.coach.recover() == 0
    slow.gate.set()
    await a.coach.settle()
    assert len(fleet.platform.shown) == 1
    assert a.trouble == []


async def test_processes_count_each_other(fleet: Fleet) -> None:
    """Whoever stops beating is not counted any more."""
    keepers = [fleet.process(name)[1] for name in "abc"]
    for keeper in keepers * 2:
        await keeper.beat()
    assert [keeper.replicas for keeper in keepers] == [3, 3, 3]
    fleet.clock.advance(seconds=9)
    await keepers[0].beat()
    fleet.clock.advance(seconds=2)
    await keepers[0].beat()
    assert keepers[0].replicas == 1


async def test_while_the_database_is_away_nobody_works_and_nothing_is_lost(fleet: Fleet, slow: Slow) -> None:
    a, _ = fleet.process("a")
    await fleet.store.inbox.receive(fleet.said("m"))
    fleet.store.full = True
    with pytest.raises(StoreUnavailable):
        await a.coach.accept(fleet.said("n"))
    await a.coach.recover()
    await asyncio.sleep(0.05)
    assert slow.handled == []
    fleet.store.full = False
    slow.gate.set()
    await a.coach.settle()
    assert slow.handled == ["m"]
