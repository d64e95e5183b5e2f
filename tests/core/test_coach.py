"""The door and the step: kept before acknowledged, once, in order, and whoever loses a race reads again."""

import asyncio
from datetime import timedelta

import pytest

from core.chat import Kind, Message
from core.coach import SORRY
from core.errors import StoreUnavailable
from core.lanes import Lanes
from tests.fakes.memory_store import MemoryStore
from tests.fakes.world import CHANNEL, OTHER, YOU, World


def message(id: str, text: str = "/help", seconds: float = 0, who=YOU) -> Message:  # type: ignore[no-untyped-def]
    from core.commands import parse

    name, fields = parse(text) or (None, {})
    world = World()
    return Message(
        id=id,
        place=CHANNEL,
        author=who,
        kind=Kind.COMMAND,
        text=text,
        command=name,
        fields=fields,
        sent_at=world.clock.now() + timedelta(seconds=seconds),
    )


async def test_the_same_message_has_one_effect() -> None:
    world = World()
    first = await world.coach.accept(message("m1"))
    again = await world.coach.accept(message("m1"))
    await world.settle()
    assert (first, again) == (True, False)
    assert len(world.platform.shown) == 1


async def test_what_cannot_be_kept_is_not_acknowledged() -> None:
    world = World()
    assert isinstance(world.store, MemoryStore)
    world.store.full = True
    with pytest.raises(StoreUnavailable):
        await world.coach.accept(message("m1"))
    world.store.full = False
    assert await world.coach.accept(message("m1"))


async def test_what_was_kept_and_not_handled_is_handled_after_a_restart() -> None:
    world = World()
    await world.store.inbox.receive(message("m1"))  # type: ignore[union-attr]
    assert world.platform.shown == []
    world.restart()
    assert await world.coach.recover() == 1
    await world.settle()
    assert len(world.platform.shown) == 1
    world.restart()
    assert await world.coach.recover() == 0


async def test_a_race_is_run_again_and_has_one_effect() -> None:
    world = World()
    assert isinstance(world.store, MemoryStore)
    await world.take(message("m0", "/settings level:1"))
    calls = iter([True])

    def faster() -> None:
        if next(calls, False):
            store = world.store
            assert isinstance(store, MemoryStore)
            key = next(key for key in store.memory.records if key[0].__name__ == "Profile")
            record = store.memory.records[key]
            store.memory.records[key] = record.model_copy(update={"version": record.version + 1})

    world.store.before_commit = faster
    await world.coach.accept(message("m1", "/settings level:3"))
    await world.coach.settle()
    world.store.before_commit = lambda: None
    await world.settle()
    async with world.store.begin() as unit:
        from core.records import Profile

        mine = await unit.get(Profile, YOU.key)
    assert mine
    assert mine.level == "sde3"


async def test_a_bug_is_tried_three_times_and_then_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.features import COMMANDS
    from core.features.handler import Handler, read_caller

    tries: list[int] = []

    async def broken(*_: object) -> None:
        tries.append(1)
        raise RuntimeError("secret words of an answer")

    monkeypatch.setitem(COMMANDS, "help", Handler(read=read_caller, decide=broken))  # type: ignore[arg-type]
    world = World()
    await world.take(message("m1"))
    assert len(tries) == 3
    assert [item.card.text for item in world.platform.shown] == [SORRY]
    world.restart()
    assert await world.coach.recover() == 0


async def test_a_store_that_is_away_for_a_moment_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    assert isinstance(world.store, MemoryStore)
    real = asyncio.sleep

    async def back(seconds: float) -> None:
        assert isinstance(world.store, MemoryStore)
        world.store.full = False
        await real(0)

    monkeypatch.setattr("core.coach.asyncio.sleep", back)
    await world.store.inbox.receive(message("m1"))
    world.store.full = True
    await world.coach.recover()
    await world.settle()
    assert len(world.platform.shown) == 1


async def test_one_lane_keeps_the_order_of_what_was_said_and_lanes_do_not_wait_for_each_other() -> None:
    handled: list[str] = []
    gate = asyncio.Event()

    async def handle(message: Message) -> None:
        if message.id == "slow":
            await gate.wait()
        handled.append(message.id)

    lanes = Lanes(handle)
    lanes.put(message("slow"))
    await asyncio.sleep(0)
    for id, seconds in (("third", 3), ("second", 2)):
        lanes.put(message(id, seconds=seconds))
    lanes.put(message("other", who=OTHER))
    await asyncio.sleep(0.01)
    assert handled == ["other"]
    gate.set()
    await lanes.settle()
    assert handled == ["other", "slow", "second", "third"]


async def test_what_is_urgent_does_not_wait_behind_a_slow_answer() -> None:
    handled: list[str] = []
    gate = asyncio.Event()

    async def handle(message: Message) -> None:
        if message.id == "slow":
            await gate.wait()
        handled.append(message.id)

    lanes = Lanes(handle)
    lanes.put(message("slow"))
    await asyncio.sleep(0)
    lanes.put(message("erase", "/privacy"))
    await asyncio.sleep(0.01)
    assert handled == ["erase"]
    gate.set()
    await lanes.settle()


async def test_a_message_in_a_lane_is_not_queued_twice() -> None:
    seen: list[str] = []

    async def handle(message: Message) -> None:
        seen.append(message.id)

    lanes = Lanes(handle)
    assert lanes.put(message("m"))
    assert not lanes.put(message("m"))
    await lanes.settle()
    assert seen == ["m"]


async def test_a_stopped_lane_leaves_its_message_in_the_inbox() -> None:
    world = World()
    await world.coach.accept(message("m1"))
    await world.coach.stop()
    assert [item.id for item in await world.store.inbox.waiting(10)] == ["m1"]  # type: ignore[union-attr]
