"""What every store promises about values and messages. The outbox's promises are in test_outbox.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from core.errors import Stale
from core.ports import AnyOf, From, Store, Upto
from core.records import Attempt, Conversation, Drill, Profile, Timer
from tests.contracts.stores import ADA, BOB, CHANNEL, NOW, attempt, claimed, conversation, keys, later, message, post, put, store

__all__ = ["store"]


def timer(key: str = "t1", seconds: float = 0) -> Timer:
    return Timer(key=key, due_at=later(seconds), line="nudge", place=CHANNEL, who=ADA)


async def got(store: Store, kind: type[Any], key: str) -> Any:
    async with store.begin() as unit:
        return await unit.get(kind, key)


async def found(store: Store, kind: type[Any], **where: Any) -> list[str]:
    async with store.begin() as unit:
        return [record.key for record in await unit.find(kind, **where)]


async def test_what_was_saved_comes_back_one_version_on(store: Store) -> None:
    """A record read again equals the one that was saved, with its version counted up."""
    text = 'Ünïcode 🙂, "quotes", \\ and\nnew lines'
    await put(store, attempt(text=text))
    assert await got(store, Attempt, "a1") == attempt(text=text, version=1)
    await put(store, attempt(text="better", version=1))
    assert await got(store, Attempt, "a1") == attempt(text="better", version=2)
    assert await got(store, Attempt, "a2") is None


async def test_an_old_version_is_refused_and_nothing_of_its_unit_stays(store: Store) -> None:
    """A unit that saves what somebody else saved meanwhile ends in Stale, and none of its other writes happened."""
    await put(store, attempt(), post("before"))
    await put(store, attempt(text="theirs", version=1))
    with pytest.raises(Stale):
        await put(store, attempt("other"), attempt(text="mine", version=1), post("mine"))
    assert (await got(store, Attempt, "a1")).text == "theirs"
    assert await got(store, Attempt, "other") is None
    assert await keys(store) == ["before"]


async def test_a_new_record_with_a_known_key_is_stale(store: Store) -> None:
    """Inserting twice is a race that somebody lost."""
    await put(store, attempt())
    with pytest.raises(Stale):
        await put(store, attempt(text="second"))


async def test_a_removed_record_cannot_be_saved_again(store: Store) -> None:
    """Whoever still holds a removed record gets Stale, for saving and for removing."""
    await put(store, attempt())
    known = await got(store, Attempt, "a1")
    async with store.begin() as unit:
        unit.remove(known)
    with pytest.raises(Stale):
        await put(store, known)
    with pytest.raises(Stale):
        async with store.begin() as unit:
            unit.remove(known)


async def test_of_two_saves_in_one_unit_the_later_counts(store: Store) -> None:
    """Two parts of one outcome may both save the same new value."""
    await put(store, attempt(text="first"), attempt("a2"), attempt(text="second"))
    assert await got(store, Attempt, "a1") == attempt(text="second", version=1)


async def test_an_error_inside_a_unit_writes_nothing(store: Store) -> None:
    """What was gathered before an exception is dropped, and the exception is the caller's own."""
    with pytest.raises(ZeroDivisionError):
        async with store.begin() as unit:
            unit.save(attempt())
            _ = 1 / 0
    assert await got(store, Attempt, "a1") is None


async def test_a_timer_is_set_again_without_asking(store: Store) -> None:
    """The last one to set a timer wins; who removes the one they read does not remove a newer one."""
    await put(store, timer())
    known = await got(store, Timer, "t1")
    await put(store, timer(seconds=60))
    assert (await got(store, Timer, "t1")).due_at == later(60)
    with pytest.raises(Stale):
        async with store.begin() as unit:
            unit.remove(known)
    assert await found(store, Timer) == ["t1"]
    async with store.begin() as unit:
        unit.remove(timer())
        unit.remove(timer("never set"))
    assert await found(store, Timer) == []


async def test_writes_happen_in_the_order_of_the_calls(store: Store) -> None:
    """Setting, removing and setting again in one unit leaves the last one; receiving and finishing a message leaves it done."""
    async with store.begin() as unit:
        unit.save(timer())
        unit.remove(timer())
        unit.save(timer(seconds=5))
        unit.receive(message())
        unit.done(message())
        unit.receive(message("m2"))
    assert (await got(store, Timer, "t1")).due_at == later(5)
    assert [item.id for item in await store.inbox.waiting(5)] == ["m2"]


async def test_questions(store: Store) -> None:
    """find meets every condition, keeps the order and the limit; count counts, also different values only."""
    await put(
        store,
        attempt("a1", at=later(1), occurrence="o1"),
        attempt("a2", at=later(2), occurrence="o1", source="pass"),
        attempt("a3", at=later(3), person=BOB, occurrence="o1"),
        attempt("a4", at=later(4)),
    )
    assert await found(store, Attempt, person=ADA.key, order="-at", limit=2) == ["a4", "a2"]
    assert await found(store, Attempt, at=Upto(later(2)), order="at") == ["a1", "a2"]
    assert await found(store, Attempt, at=From(later(3)), order="at") == ["a3", "a4"]
    assert await found(store, Attempt, key=AnyOf(("a4", "a1", "zz")), order="at") == ["a1", "a4"]
    assert await found(store, Attempt, key=AnyOf(())) == []
    assert await found(store, Attempt, occurrence=None) == ["a4"]
    async with store.begin() as unit:
        assert await unit.count(Attempt) == 4
        assert await unit.count(Attempt, occurrence="o1", distinct="person") == 2
        assert await unit.count(Attempt, person=ADA.key, source="daily") == 2


async def test_yes_and_no_and_places_can_be_asked_for(store: Store) -> None:
    """Truth is asked as truth, and a place by itself or by its string."""
    thread = CHANNEL.at("t9")
    await put(store, conversation("c1"), conversation("c2", live=False), conversation("c3", place=str(thread)))
    assert await found(store, Conversation, live=True, order="key") == ["c1", "c3"]
    assert await found(store, Conversation, live=False) == ["c2"]
    assert await found(store, Conversation, place=str(thread)) == await found(store, Conversation, place=thread) == ["c3"]


async def test_asking_for_what_is_no_column_is_an_error(store: Store) -> None:
    """A misspelt condition never quietly matches nothing or everything."""
    await put(store, attempt())
    with pytest.raises(ValueError, match="colour"):
        await found(store, Attempt, colour="red")


async def test_moments_are_moments_in_any_zone(store: Store) -> None:
    """A due date given in another zone is found by its UTC moment, and stopped drills are never due."""
    tokyo = datetime(2026, 3, 2, 18, 0, tzinfo=timezone(timedelta(hours=9)))
    await put(
        store,
        Drill(key="due", place=CHANNEL, owner=ADA, next_due_at=tokyo),
        Drill(key="stopped", place=CHANNEL, owner=ADA, next_due_at=None),
        Drill(key="later", place=CHANNEL, owner=ADA, next_due_at=later(1)),
    )
    assert tokyo == NOW
    assert await found(store, Drill, next_due_at=Upto(NOW.astimezone(UTC))) == ["due"]
    assert await found(store, Drill, owner_key=ADA.key, order="-next_due_at", next_due_at=From(NOW)) == ["later", "due"]


async def test_a_message_is_kept_once_and_waits_in_order(store: Store) -> None:
    """The same id counts once; waiting gives the oldest first, up to its limit."""
    assert await store.inbox.receive(message("m2")) is True
    assert await store.inbox.receive(message("m1")) is True
    assert await store.inbox.receive(message("m2", text="again")) is False
    assert [item.text for item in await store.inbox.waiting(10)] == ["hello", "hello"]
    assert [item.id for item in await store.inbox.waiting(1)] == ["m2"]


async def test_done_is_done_once_and_for_good(store: Store) -> None:
    """A second unit for the same message is Stale and leaves nothing, and a redelivery stays known."""
    await store.inbox.receive(message())
    async with store.begin() as unit:
        unit.done(message())
        unit.save(attempt())
    assert not await store.inbox.waits(message())
    with pytest.raises(Stale):
        async with store.begin() as unit:
            unit.done(message())
            unit.save(attempt("twice"))
    assert await got(store, Attempt, "twice") is None
    assert await store.inbox.receive(message()) is False
    assert await store.inbox.waiting(10) == []


async def test_a_message_that_never_came_cannot_be_done(store: Store) -> None:
    """Done for an unknown id is Stale too."""
    with pytest.raises(Stale):
        async with store.begin() as unit:
            unit.done(message("unknown"))


async def test_a_unit_can_count_only_while_its_message_waits(store: Store) -> None:
    """Asking leaves the message waiting; once it is done, buried, erased or was never there, the unit is Stale and leaves nothing."""
    for id in ("m1", "m2", "m3"):
        await store.inbox.receive(message(id, BOB if id == "m3" else ADA))
    for key in ("first", "again"):
        async with store.begin() as unit:
            unit.post(post(key))
            unit.pends(message())
    assert await store.inbox.waits(message())
    async with store.begin() as unit:
        unit.done(message())
    await store.inbox.bury(message("m2"))
    async with store.begin() as unit:
        unit.erase(BOB.key)
    for id in ("m1", "m2", "m3", "unknown"):
        with pytest.raises(Stale):
            async with store.begin() as unit:
                unit.post(post(f"for {id}"))
                unit.pends(message(id))
                unit.save(attempt())
    assert await got(store, Attempt, "a1") is None
    assert await keys(store) == ["first"]


async def test_a_unit_may_ask_whether_a_message_waits_and_finish_it(store: Store) -> None:
    """Whether it waits is asked before anything of the unit happens, in whatever order it was called."""
    await store.inbox.receive(message())
    async with store.begin() as unit:
        unit.done(message())
        unit.pends(message())
        unit.save(attempt())
    assert await got(store, Attempt, "a1") is not None
    assert not await store.inbox.waits(message())


async def test_failures_are_counted_until_it_is_buried(store: Store) -> None:
    """Attempts count up; a buried message neither waits nor can be done."""
    await store.inbox.receive(message())
    assert [await store.inbox.failed(message(), "KeyError") for _ in range(3)] == [1, 2, 3]
    await store.inbox.bury(message())
    assert await store.inbox.waiting(10) == []
    assert await store.inbox.failed(message(), "KeyError") == 0
    with pytest.raises(Stale):
        async with store.begin() as unit:
            unit.done(message())


async def test_a_unit_can_receive(store: Store) -> None:
    """A due timer becomes a message in the transaction that removes it; a known id is ignored."""
    await store.inbox.receive(message("m1", text="first"))
    async with store.begin() as unit:
        unit.receive(message("m1", text="second"))
        unit.receive(message("m2"))
    assert [item.text for item in await store.inbox.waiting(10)] == ["first", "hello"]


async def test_erasing_takes_all_of_one_person_and_nothing_of_another(store: Store) -> None:
    """Records, owed posts and message texts go; ids stay, other people's things stay, and so does what follows in the unit."""
    for id, author in (("m1", ADA), ("m2", ADA), ("m3", BOB)):
        await store.inbox.receive(message(id, author))
    await put(
        store,
        Profile(key=ADA.key, who=ADA, home=CHANNEL, met_at=NOW),
        attempt("a1"),
        attempt("b1", BOB),
        conversation("c1"),
        timer(),
        Drill(key="d1", place=CHANNEL, owner=ADA),
        post("p1", about=ADA.key),
        post("p2", about=BOB.key),
    )
    async with store.begin() as unit:
        unit.done(message("m1"))
        unit.save(attempt("a1", text="too late", version=1))
        unit.erase(ADA.key)
        unit.save(Drill(key="d1", place=CHANNEL, owner=BOB, version=1))
        unit.save(attempt("fresh"))
        unit.post(post("goodbye"))
    assert await got(store, Profile, ADA.key) is await got(store, Conversation, "c1") is None
    assert await found(store, Attempt, order="key") == ["b1", "fresh"]
    assert await found(store, Timer) == []
    assert await found(store, Drill, owner_key=BOB.key) == ["d1"]
    assert [item.id for item in await store.inbox.waiting(10)] == ["m3"]
    assert await store.inbox.receive(message("m2")) is False
    assert [claim.post.key for claim in await claimed(store)] == ["p2"]
    with pytest.raises(Stale):
        async with store.begin() as unit:
            unit.done(message("m2"))


async def test_what_was_said_about_somebody_comes_back_newest_first_until_it_is_erased(store: Store) -> None:
    """Only theirs, whether it was sent yet or not."""
    await put(store, post("p1", about=ADA.key), post("p2", about=BOB.key), post("p3", about=ADA.key), post("p4"))
    async with store.begin() as unit:
        assert [item.key for item in await unit.posts(ADA.key, 10)] == ["p3", "p1"]
        assert [item.key for item in await unit.posts(ADA.key, 1)] == ["p3"]
        unit.erase(ADA.key)
    async with store.begin() as unit:
        assert not await unit.posts(ADA.key, 10)
