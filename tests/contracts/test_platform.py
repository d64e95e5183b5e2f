"""What every platform promises. A new one is a line in PLATFORMS."""

from collections.abc import Callable

import pytest

from adapters.web.platform import WebPlatform
from adapters.web.rooms import Rooms
from core.chat import Audience, Button, Card, Line, Mark, Person, Place, Post, Receipt
from core.ports import Absent, Platform
from tests.fakes.clock import FakeClock
from tests.fakes.page_history import FakeHistory
from tests.fakes.platform import FakePlatform

PLATFORMS: dict[str, Callable[[], Platform]] = {
    "fake": FakePlatform,
    "web": lambda: WebPlatform(FakeHistory(), FakeClock(), Rooms(channels=("general",))),
}
CHANNEL = Place(platform="web", space="page", channel="general")
SOMEBODY = Person(key="web:ada", id="ada", name="Ada")


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> Platform:
    return PLATFORMS[request.param]()


def post(key: str = "k1", **more: object) -> Post:
    return Post.model_validate({"key": key, "into": CHANNEL, "card": Card(title="A title", text="Words"), **more})


async def test_a_delivered_post_is_found_by_its_key(platform: Platform) -> None:
    assert await platform.find(post()) == Absent()
    receipt = await platform.deliver(post(), None)
    assert await platform.find(post()) == receipt


async def test_a_receipt_says_where_it_landed(platform: Platform) -> None:
    receipt = await platform.deliver(post(), None)
    assert isinstance(receipt, Receipt)
    assert receipt.place == CHANNEL
    assert receipt.id


async def test_an_opening_post_gives_a_thread_that_later_posts_go_into(platform: Platform) -> None:
    opened = await platform.deliver(post(opens=True, conversation="c"), None)
    assert opened.place.thread
    assert opened.place.outside == CHANNEL
    inside = await platform.deliver(post("k2", into=opened.place, conversation="c"), None)
    assert inside.place == opened.place


async def test_a_kept_post_lands_in_the_persons_direct_messages(platform: Platform) -> None:
    receipt = await platform.deliver(post(audience=Audience(kind="kept", person=SOMEBODY)), None)
    assert receipt.place == Place.dm("web", "page", "ada")


async def test_a_kept_post_in_a_direct_thread_stays_in_it(platform: Platform) -> None:
    thread = Place.dm("web", "page", "ada").at("t1")
    receipt = await platform.deliver(post(into=thread, audience=Audience(kind="kept", person=SOMEBODY)), None)
    assert receipt.place == thread


async def test_a_post_that_replaces_another_keeps_its_place_and_id(platform: Platform) -> None:
    first = await platform.deliver(post(), None)
    assert await platform.deliver(post("k2", replaces="k1", card=Card(text="Newer")), first) == first


async def test_fitting_loses_no_word(platform: Platform) -> None:
    card = Card(
        title="Title",
        text="text " * 900,
        bullets=tuple(Line(text=f"bullet{n}", mark=Mark.MAYBE, quote=f"quote{n} " + "word " * 60, note=f"note{n}") for n in range(30)),
        after="after " * 300,
        buttons=tuple(Button(label=f"b{n}", line=f"help {n}") for n in range(7)),
        footer="the end",
    )
    fitted = platform.fit(card)
    words = " ".join(f"{part.title} {part.text} {part.after} {part.footer}" for part in fitted)
    lines = [line for part in fitted for line in part.bullets]
    assert words.count("text ") >= 900
    assert words.count("after ") >= 300
    assert [line.quote for line in lines] == [line.quote for line in card.bullets]
    assert [button.label for part in fitted for button in part.buttons] == [f"b{n}" for n in range(7)]
    assert "the end" in words


async def test_a_sign_is_a_courtesy_and_never_fails(platform: Platform) -> None:
    await platform.show(CHANNEL, "heard")
    await platform.show(CHANNEL.at("nowhere"), "thinking")
