"""Claim → send → mark, against a platform with faults. The same body holds for every fault: sent once, or known why not."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core.chat import Audience, Card, Place, Post, Receipt
from core.delivery import Delivery, Limits
from core.errors import Refused, RetryLater, Uncertain
from core.ports import Claim
from tests.fakes.clock import FakeClock
from tests.fakes.memory_store import MemoryStore
from tests.fakes.platform import FakePlatform
from tests.fakes.world import CHANNEL, YOU

LIMITS = Limits(timeout=0.2, settle=15, lease=40, attempts=3)


class Desk:
    """A delivery with everything around it."""

    def __init__(self) -> None:
        self.clock, self.store, self.platform = FakeClock(), MemoryStore(), FakePlatform()
        self.events: list[str] = []
        self.dead: list[str] = []
        self.delivery = Delivery(self.store, {"web": self.platform}, self.clock, self._log, LIMITS, lambda post, why: self.dead.append(why))

    def _log(self, event: str, **facts: object) -> None:
        self.events.append(event)

    async def owe(self, key: str = "k1", **more: object) -> None:
        async with self.store.begin() as unit:
            unit.post(Post.model_validate({"key": key, "into": CHANNEL, "card": Card(text=key), **more}))

    async def later(self, seconds: float = 16) -> None:
        self.clock.advance(seconds=seconds)
        await self.delivery.deliver()

    @property
    def texts(self) -> list[str]:
        return [item.card.text for item in self.platform.shown]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def raises(error: Exception) -> Callable[[Post], None]:
    def fault(post: Post) -> None:
        raise error

    return fault


async def test_a_post_is_sent_once_however_often_it_is_asked_for(desk: Desk) -> None:
    await desk.owe()
    for _ in range(3):
        await desk.delivery.deliver()
    assert desk.texts == ["k1"]


async def test_retry_later_waits_as_long_as_it_is_told(desk: Desk) -> None:
    desk.platform.faults = [raises(RetryLater(30))]
    await desk.owe()
    await desk.delivery.deliver()
    await desk.later(29)
    assert desk.platform.attempts == 1
    await desk.later(2)
    assert desk.texts == ["k1"]


async def test_an_uncertain_attempt_that_arrived_is_not_repeated(desk: Desk) -> None:
    desk.platform.faults_after = [raises(Uncertain("dropped after the effect"))]
    await desk.owe()
    await desk.delivery.deliver()
    await desk.later()
    assert desk.texts == ["k1"]
    assert desk.platform.attempts == 1
    assert "duplicate_suppressed" in desk.events


async def test_an_uncertain_attempt_that_did_not_arrive_is_repeated(desk: Desk) -> None:
    desk.platform.faults = [raises(Uncertain("dropped before"))]
    await desk.owe()
    await desk.delivery.deliver()
    await desk.later()
    assert desk.texts == ["k1"]
    assert desk.platform.attempts == 2


@pytest.mark.parametrize(("if_unsure", "shown"), [("resend", 2), ("skip", 1)])
async def test_where_nobody_can_tell_the_post_says_which_is_worse(desk: Desk, if_unsure: str, shown: int) -> None:
    desk.platform.can_look = False
    desk.platform.faults_after = [raises(Uncertain("?"))]
    await desk.owe(if_unsure=if_unsure)
    await desk.delivery.deliver()
    await desk.later()
    await desk.later()
    assert len(desk.texts) == shown


async def test_a_refused_post_is_dead_and_said_so(desk: Desk) -> None:
    desk.platform.faults = [raises(Refused("channel is archived"))]
    await desk.owe()
    await desk.delivery.deliver()
    await desk.later()
    assert desk.dead == ["channel is archived"]
    assert desk.platform.attempts == 1


async def test_after_enough_uncertain_attempts_a_post_is_dead(desk: Desk) -> None:
    desk.platform.faults = [raises(Uncertain("?"))] * 9
    await desk.owe()
    await desk.delivery.deliver()
    for _ in range(6):
        await desk.later()
    assert desk.platform.attempts == LIMITS.attempts
    assert len(desk.dead) == 1


async def test_a_bug_in_one_platform_holds_up_no_other_post(desk: Desk) -> None:
    desk.platform.faults = [raises(ZeroDivisionError("a bug"))]
    await desk.owe("k1")
    await desk.owe("k2", into=CHANNEL.at("other"))
    await desk.delivery.deliver()
    assert desk.texts == ["k2"]
    await desk.later()
    assert sorted(desk.texts) == ["k1", "k2"]


async def test_a_slow_attempt_counts_as_uncertain(desk: Desk) -> None:
    import asyncio

    async def slow(post: Post, replaced: object) -> object:
        await asyncio.sleep(5)
        raise AssertionError

    quick = desk.platform.deliver
    desk.platform.deliver = slow  # type: ignore[assignment]
    await desk.owe()
    await desk.delivery.deliver()
    desk.platform.deliver = quick  # type: ignore[method-assign]
    assert "delivery_uncertain" in desk.events
    await desk.later()
    assert desk.texts == ["k1"]


async def test_posts_of_one_queue_keep_their_order_past_a_failure(desk: Desk) -> None:
    desk.platform.faults = [raises(RetryLater(5))]
    for key in ("a", "b", "c"):
        await desk.owe(key)
    await desk.delivery.deliver()
    assert desk.texts == []
    await desk.later(6)
    assert desk.texts == ["a", "b", "c"]


async def test_interactive_posts_go_before_bulk_ones(desk: Desk) -> None:
    for number in range(4):
        await desk.owe(f"bulk{number}", into=CHANNEL.at(f"b{number}"), bulk=True)
    await desk.owe("now", into=CHANNEL.at("n"))
    await desk.delivery.deliver()
    assert desk.texts[0] == "now"


async def test_a_post_that_is_too_late_is_never_sent(desk: Desk) -> None:
    await desk.owe(until=desk.clock.now() + timedelta(minutes=1))
    await desk.later(61)
    assert desk.texts == []


async def test_a_lease_that_ran_out_is_looked_up_before_it_is_sent_again(desk: Desk) -> None:
    """A process died after the platform had taken the message and before it was marked."""
    await desk.owe()
    claims = await desk.store.outbox.claim(limit=5, lease=40, now=desk.clock.now(), platforms=("web",))
    await desk.platform.deliver(claims[0].post, None)
    await desk.later(41)
    assert desk.texts == ["k1"]


async def test_a_claim_that_came_too_late_does_not_send(desk: Desk) -> None:
    await desk.owe()
    claims = await desk.store.outbox.claim(limit=5, lease=40, now=desk.clock.now(), platforms=("web",))
    await desk.delivery._sender.send(claims[0], since=time.monotonic() - 39.9)
    assert desk.platform.attempts == 0
    await desk.delivery.deliver()
    assert desk.texts == ["k1"]


async def test_draining_stops_claiming(desk: Desk) -> None:
    await desk.owe()
    await desk.delivery.drain(1)
    await desk.delivery.deliver()
    assert desk.texts == []


def test_kept_posts_of_one_person_share_the_queue_of_their_direct_messages() -> None:
    kept = Post(key="k", into=CHANNEL, card=Card(), audience=Audience(kind="kept", person=YOU))
    assert kept.queue == str(Place.dm("web", "page", "you"))


def test_a_long_edit_replaces_part_by_part_and_never_stands_anew(desk: Desk) -> None:
    """An edit has no audience of its own: a part without something to replace would be said to everybody in its place."""
    desk.platform.fit = lambda card: (Card(text="one"), Card(text="two"))  # type: ignore[method-assign]
    edit = Post(key="e", into=CHANNEL, replaces="review/1", card=Card(text="one two"))
    assert [post.replaces for post in desk.delivery.fit(edit)] == ["review/1", "review/1+2"]
    new = Post(key="n", into=CHANNEL, card=Card(text="one two"))
    assert [post.replaces for post in desk.delivery.fit(new)] == [None, None]


async def test_who_presses_in_a_thread_that_is_still_being_noted_waits_for_it(desk: Desk) -> None:
    """People see a new thread a moment before the store knows it; in another channel nobody waits."""
    gate, order = asyncio.Event(), list[str]()
    marked = desk.store.outbox.sent

    async def slowly(claim: Claim, receipt: Receipt, now: datetime) -> bool:
        await gate.wait()
        order.append("noted")
        return await marked(claim, receipt, now)

    desk.store.outbox.sent = slowly  # type: ignore[method-assign]
    await desk.owe(opens=True)
    sending = asyncio.create_task(desk.delivery.deliver())
    while not desk.platform.shown:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await desk.delivery.opened(CHANNEL.model_copy(update={"channel": "elsewhere", "thread": "1"}))
    pressed = asyncio.create_task(desk.delivery.opened(CHANNEL.model_copy(update={"thread": "1"})))
    pressed.add_done_callback(lambda _: order.append("answered"))
    await asyncio.sleep(0)
    assert order == []
    gate.set()
    await asyncio.gather(pressed, sending)
    assert order == ["noted", "answered"]
