"""The page keeps the promises of `core.ports.Platform`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.web.platform import WebPlatform
from adapters.web.rooms import Rooms
from core.chat import Attachment, Audience, Card, Person, Place, Post, Receipt
from core.errors import Refused, RetryLater
from core.ports import Absent
from tests.fakes.page_history import FakeHistory

pytestmark = pytest.mark.asyncio

ADA = Person(key="web:ada", id="ada", name="Ada")
CHANNEL = Place(platform="web", space="page", channel="backend-interviews")
DM = Place.dm("web", "page", "ada")
KEPT = Audience(kind="kept", person=ADA)


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def history() -> FakeHistory:
    return FakeHistory()


@pytest.fixture
def platform(history: FakeHistory) -> WebPlatform:
    return WebPlatform(history, Noon(), Rooms())


def post(key: str = "k1", into: Place = CHANNEL, text: str = "hello", **more: Any) -> Post:
    return Post(key=key, into=into, card=Card(text=text), **more)


async def test_delivering_twice_is_delivering_once(platform: WebPlatform, history: FakeHistory) -> None:
    assert await platform.deliver(post(), None) == await platform.deliver(post(text="other"), None) == Receipt(place=CHANNEL, id="k1")
    assert [entry.card.text for entry in history.entries.values() if entry.card] == ["hello"]


async def test_find_tells_what_arrived(platform: WebPlatform) -> None:
    assert await platform.find(post()) == Absent()
    receipt = await platform.deliver(post(opens=True), None)
    assert await platform.find(post(opens=True)) == receipt


@pytest.mark.parametrize(
    ("into", "audience", "place", "only"),
    [
        (CHANNEL, Audience(), CHANNEL, None),
        (CHANNEL, Audience(kind="passing", person=ADA), CHANNEL, "web:ada"),
        (CHANNEL, KEPT, DM, "web:ada"),
        (CHANNEL.at("t1"), KEPT, DM, "web:ada"),
        (DM.at("t1"), KEPT, DM.at("t1"), "web:ada"),
        (DM.at("t1"), Audience(), DM.at("t1"), "web:ada"),
        (Place.dm("web", "page", "ben"), KEPT, DM, "web:ada"),
    ],
)
async def test_a_post_stands_where_only_its_audience_looks(
    platform: WebPlatform, history: FakeHistory, into: Place, audience: Audience, place: Place, only: str | None
) -> None:
    receipt = await platform.deliver(post(into=into, audience=audience), None)
    assert (receipt.place, history.entries["k1"].only) == (place, only)


async def test_an_opening_post_answers_with_its_thread(platform: WebPlatform) -> None:
    receipt = await platform.deliver(post(key="mock|ünï/x", opens=True), None)
    assert receipt.place.outside == CHANNEL
    assert re.fullmatch(r"[A-Za-z0-9_-]+", receipt.place.thread or "")
    assert (await platform.deliver(post(key="other", opens=True), None)).place != receipt.place


async def test_a_replacing_post_changes_the_first_and_gets_a_later_seq(platform: WebPlatform, history: FakeHistory) -> None:
    first = await platform.deliver(post(), None)
    before = history.entries["k1"]
    assert await platform.deliver(post(key="k2", text="newer", replaces="k1"), first) == first
    assert history.entries["k1"].card == Card(text="newer")
    assert history.entries["k1"].seq > before.seq
    assert history.entries["k1"].at == before.at


async def test_what_was_erased_is_not_written_again(platform: WebPlatform, history: FakeHistory) -> None:
    first = await platform.deliver(post(), None)
    del history.entries["k1"]
    with pytest.raises(Refused):
        await platform.deliver(post(key="k2", replaces="k1"), first)
    assert not history.entries


async def test_a_full_disk_means_later(platform: WebPlatform, history: FakeHistory) -> None:
    history.full = True
    with pytest.raises(RetryLater):
        await platform.deliver(post(), None)


async def test_a_card_is_never_cut_and_a_file_never_fetched(platform: WebPlatform) -> None:
    card = Card(text="x" * 100_000)
    assert platform.fit(card) == (card,)
    with pytest.raises(Refused):
        await platform.fetch(Attachment(name="a", mime="text/plain", size=1, url="http://x"))
