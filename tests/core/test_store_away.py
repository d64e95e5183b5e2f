"""While the database is away for a moment: nothing behind waits longer than that moment."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from core.chat import Kind, Message
from core.errors import StoreUnavailable
from core.lanes import Lanes
from tests.fakes.world import CHANNEL, YOU, World


def said(id: str) -> Message:
    return Message(id=id, place=CHANNEL, author=YOU, kind=Kind.MENTION, text=id, sent_at=datetime(2026, 11, 24, 9, tzinfo=UTC))


async def test_a_message_that_breaks_does_not_take_those_behind_it_along() -> None:
    """The lane goes on with the next one, and takes the broken one up again when it is put in again."""
    handled, told = [], []

    async def handle(message: Message) -> None:
        handled.append(message.id)
        if message.id == "one" and handled.count("one") == 1:
            raise RuntimeError

    asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(context["message"]))
    lanes = Lanes(handle)
    for id in ("one", "two", "one"):
        lanes.put(said(id))
    await lanes.settle()
    lanes.put(said("one"))
    await lanes.settle()
    assert handled == ["one", "two", "one"]
    assert told == ["one broke in its lane"]


async def test_the_lane_goes_on_where_sending_could_not_even_begin() -> None:
    """The database went away between the commit and the claim: the answer is owed, and the next question is heard."""
    world = World()
    assert world.store
    claim = world.store.outbox.claim
    away = [True]

    async def once(**asked: object) -> object:
        if away and away.pop():
            raise StoreUnavailable("locked")
        return await claim(**asked)  # type: ignore[arg-type]

    world.store.outbox.claim = once  # type: ignore[method-assign, assignment]
    await world.say("/help")
    assert "delivery_put_off" in world.trouble
    await world.say("/guide")
    assert len(world.platform.shown) == 2


async def test_what_arrived_is_noted_as_soon_as_the_database_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not only when the lease runs out, 40 seconds later: the next message of the same conversation goes out at once."""
    world, rests, sleep = World(), [], asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda seconds: sleep(0, rests.append(seconds)))  # type: ignore[func-returns-value]
    assert world.store
    sent = world.store.outbox.sent
    away = [True]

    async def once(*given: object) -> bool:
        if away and away.pop():
            raise StoreUnavailable("locked")
        return await sent(*given)  # type: ignore[arg-type]

    world.store.outbox.sent = once  # type: ignore[method-assign, assignment]
    await world.say("/help")
    await world.say("/guide")
    assert world.trouble.count("delivery_not_noted") == 1
    assert 1.0 in rests
    assert max(rests) <= 1.0
    assert len(world.platform.shown) == 2


async def test_a_wake_at_the_very_end_does_not_keep_the_sweep_alive() -> None:
    """Python 3.11's wait_for swallowed a cancel that came with a wake: SIGTERM right after an answer never ended the process."""
    world = World()
    sweep = asyncio.create_task(world.delivery.run())
    await asyncio.sleep(0.05)
    world.delivery.wake()
    sweep.cancel()
    done, _ = await asyncio.wait({sweep}, timeout=1)
    sweep.cancel()
    with suppress(asyncio.CancelledError):
        await sweep
    assert done
