"""What every store promises where several processes share it: leases, what was left behind, and records to oneself."""

from __future__ import annotations

import asyncio

import pytest

from core.chat import Message
from core.errors import LeaseLost, Stale
from core.lanes import lane_of
from core.ports import Store, Upto
from core.records import Attempt, Drill
from tests.contracts.stores import ADA, BOB, CHANNEL, NOW, attempt, later, message, put, store

__all__ = ["store"]


async def take(store: Store, owner: str, seconds: float = 0, lane: str = "lane") -> bool:
    return await store.leases.take(lane, owner, now=later(seconds), until=later(seconds + 10))


async def test_a_lane_has_one_owner(store: Store) -> None:
    """Others get it when it runs out or is released, and not before; its owner may take it again."""
    assert await take(store, "a")
    assert not await take(store, "b", 9.9)
    assert await take(store, "a", 5)
    assert not await take(store, "b", 14.9)
    assert await take(store, "b", 15)
    assert not await take(store, "a", 16)
    await store.leases.release(["lane"], "a")
    assert not await take(store, "a", 16)
    await store.leases.release(["lane", "unknown"], "b")
    assert await take(store, "a", 16)


async def test_of_many_who_want_it_one_gets_it(store: Store) -> None:
    """Also where they ask at the same moment, for a new lane and for one that ran out."""
    for seconds in (0, 10, 20):
        got = await asyncio.gather(*(take(store, f"owner{n}-{seconds}", seconds) for n in range(8)))
        assert sum(got) == 1


async def test_renewing_tells_what_was_lost(store: Store) -> None:
    """Whoever renews in time keeps it, and learns which ones are somebody else's by now."""
    for lane in ("one", "two"):
        assert await take(store, "a", lane=lane)
    assert sorted(await store.leases.renew(["one", "two"], "a", until=later(15))) == ["one", "two"]
    assert not await take(store, "b", 14, lane="one")
    assert await take(store, "b", 15, lane="one")
    assert list(await store.leases.renew(["one", "two"], "a", until=later(30))) == ["two"]
    assert await store.leases.held("t", now=later(29)) == 1
    assert await store.leases.held("", now=later(24)) == 2
    assert await store.leases.held("", now=later(30)) == 0


async def test_what_is_decided_without_the_lease_is_dropped(store: Store) -> None:
    """The commit of whoever lost the lane changes nothing and says so; the new owner's counts."""
    await store.inbox.receive(message())
    assert await take(store, "a")
    assert await take(store, "b", 10)
    for owner, refused in (("a", True), ("nobody", True), ("b", False)):
        try:
            async with store.begin() as unit:
                unit.done(message())
                unit.save(attempt(owner))
                unit.holds("lane", owner)
        except LeaseLost:
            assert refused
        else:
            assert not refused
    async with store.begin() as unit:
        assert [record.key for record in await unit.find(Attempt)] == ["b"]
    assert issubclass(LeaseLost, Stale)


async def test_what_was_left_behind_is_what_nobody_works_on(store: Store) -> None:
    """Messages of leased lanes are their owner's business until the lease runs out; fresh ones are left to whoever let them in."""
    said = [message("m1"), message("m2", BOB), message("m3")]
    for item in said:
        await store.inbox.receive(item)
    assert await take(store, "a", lane=lane_of(said[0]))

    async def left(seconds: float, since: float = 0) -> list[str]:
        return [item.id for item in await store.inbox.left(10, now=later(seconds), since=later(since))]

    assert await left(9) == ["m2"]
    assert await left(10) == ["m1", "m2", "m3"]
    assert [item.id for item in await store.inbox.left(1, now=later(10), since=NOW)] == ["m1"]


async def test_a_lane_can_be_read_alone(store: Store) -> None:
    """What must not queue behind a slow answer has a lane of its own."""
    erase = Message.model_validate({**message("m4").model_dump(), "command": "privacy"})
    for item in (message("m1"), message("m2", BOB), message("m3"), erase):
        await store.inbox.receive(item)
    assert [item.id for item in await store.inbox.waiting(10, lane=lane_of(message("m1")))] == ["m1", "m3"]
    assert [item.id for item in await store.inbox.waiting(10, lane=lane_of(erase))] == ["m4"]


async def test_a_claim_changes_what_it_found(store: Store) -> None:
    """What is due is found once: the claim moves it on, and its other writes are there with it; where it raises, nothing is."""
    await put(store, *(Drill(key=f"d{n}", place=CHANNEL, owner=ADA, next_due_at=later(n)) for n in range(4)))

    async def move(until: float) -> list[str]:
        async with store.claim(Drill, next_due_at=Upto(later(until)), order="next_due_at", limit=2) as (unit, due):
            for drill in due:
                unit.save(drill.model_copy(update={"next_due_at": later(100)}))
                unit.save(attempt(drill.key))
            if until > 50:
                raise ZeroDivisionError
        return [drill.key for drill in due]

    assert [await move(2), await move(2), await move(2)] == [["d0", "d1"], ["d2"], []]
    with pytest.raises(ZeroDivisionError):
        await move(60)
    assert await move(3) == ["d3"]
    async with store.begin() as unit:
        assert sorted(record.key for record in await unit.find(Attempt)) == ["d0", "d1", "d2", "d3"]
