"""What every platform promises. A new one is a line in PLATFORMS."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.web.platform import WebPlatform
from adapters.web.rooms import Rooms
from core.chat import Audience, Button, Card, Line, Mark, Person, Place, Post, Receipt
from core.ports import Absent, Platform
from tests.adapters.discord.stage import discord_platform
from tests.adapters.slack.stage import slack_platform
from tests.fakes.clock import FakeClock
from tests.fakes.discord.core.models import walk
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.page_history import FakeHistory
from tests.fakes.platform import FakePlatform
from tests.fakes.slack.server import FakeSlack

Message = tuple[str, list[str]]
"""The words of a message of ours, and the lines of its buttons."""
Another = Callable[[], AbstractAsyncContextManager[Platform]]


@dataclass(frozen=True)
class Stage:
    """A platform, a channel of it, and somebody who is there."""

    platform: Platform
    channel: Place
    somebody: Person
    another: Another
    """The same as another process has it: all that it knows stands on the platform."""
    stands: Callable[[Place], Sequence[Message]]
    """What of ours stands in a place."""
    pause: Callable[[], None]
    """Time for one more `grow`."""

    @property
    def dm(self) -> Place:
        return Place.dm(self.channel.platform, self.channel.space, self.somebody.id)

    def post(self, key: str = "k1", **more: object) -> Post:
        return Post.model_validate({"key": key, "into": self.channel, "card": Card(title="A title", text="Words"), **more})


HERE = Place(platform="web", space="page", channel="general")
PAGE_ADA = Person(key="web:ada", id="ada", name="Ada")


def drawn(card: Card) -> Message:
    return card.text, [button.line for button in card.buttons if isinstance(button, Button)]


@asynccontextmanager
async def on_nothing() -> AsyncIterator[Stage]:
    fake = FakePlatform()

    @asynccontextmanager
    async def another() -> AsyncIterator[Platform]:
        yield FakePlatform(shown=fake.shown)

    def stands(place: Place) -> Sequence[Message]:
        return [drawn(item.card) for item in fake.shown if item.place == place]

    yield Stage(fake, HERE, PAGE_ADA, another, stands, lambda: None)


@asynccontextmanager
async def on_the_page() -> AsyncIterator[Stage]:
    history = FakeHistory()

    @asynccontextmanager
    async def another() -> AsyncIterator[Platform]:
        yield WebPlatform(history, FakeClock(), Rooms(channels=("general",)))

    def stands(place: Place) -> Sequence[Message]:
        return [drawn(entry.card) for entry in history.entries.values() if entry.card and entry.place == str(place)]

    async with another() as platform:
        yield Stage(platform, HERE, PAGE_ADA, another, stands, lambda: None)


@asynccontextmanager
async def on_slack(streams: bool = True) -> AsyncIterator[Stage]:
    async with FakeSlack() as slack, slack_platform(slack) as platform:
        team, ada = slack.team.id, slack.user("ada").id
        channel = Place(platform="slack", space=team, channel=slack.channel("general").id)
        if not streams:
            slack.faults.error("chat.startStream", "feature_not_enabled", after=False, times=1000)

        def stands(place: Place) -> Sequence[Message]:
            found = slack.bot_messages("@ada" if place.direct else "general", place.thread)
            return [(message.text, _values(message.sent_blocks)) for message in found]

        somebody = Person(key=f"slack:{team}:{ada}", id=ada, name="Ada")
        yield Stage(platform, channel, somebody, lambda: slack_platform(slack), stands, lambda: slack.clock.advance(5))


def _values(blocks: Sequence[dict[str, Any]]) -> list[str]:
    return [element["value"] for block in blocks if block["type"] == "actions" for element in block["elements"]]


@asynccontextmanager
async def on_discord() -> AsyncIterator[Stage]:
    clock = FakeClock()
    async with FakeDiscord(clock) as discord, discord_platform(discord) as platform:
        guild = discord.guild()
        room = guild.text("general")
        channel = Place(platform="discord", space=str(guild.id), channel=str(room.id))
        ada = guild.member("Ada")

        def stands(place: Place) -> Sequence[Message]:
            where = None if place.direct else discord.world.channels[int(place.thread or place.channel)]
            return [(message.text, _lines(message.components)) for message in discord.visible_to(ada, where)]

        somebody = Person(key=f"discord:{ada.id}", id=str(ada.id), name="Ada")
        yield Stage(platform, channel, somebody, lambda: discord_platform(discord), stands, lambda: clock.advance(seconds=5))
    assert not discord.verdicts, list(map(str, discord.verdicts))


def _lines(components: Sequence[dict[str, Any]]) -> list[str]:
    return [part["custom_id"].partition(":")[2] for part in walk(list(components)) if part["type"] == 2]


PLATFORMS: dict[str, Callable[[], AbstractAsyncContextManager[Stage]]] = {
    "fake": on_nothing,
    "web": on_the_page,
    "slack": on_slack,
    "slack without streams": lambda: on_slack(streams=False),
    "discord": on_discord,
}


@pytest.fixture(params=PLATFORMS)
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with PLATFORMS[request.param]() as made:
        yield made


async def test_a_delivered_post_is_found_by_its_key(stage: Stage) -> None:
    assert await stage.platform.find(stage.post()) == Absent()
    receipt = await stage.platform.deliver(stage.post(), None)
    assert await stage.platform.find(stage.post()) == receipt


async def test_a_receipt_says_where_it_landed(stage: Stage) -> None:
    receipt = await stage.platform.deliver(stage.post(), None)
    assert isinstance(receipt, Receipt)
    assert receipt.place == stage.channel
    assert receipt.id


async def test_an_opening_post_gives_a_thread_that_later_posts_go_into(stage: Stage) -> None:
    opened = await stage.platform.deliver(stage.post(opens=True, conversation="c"), None)
    assert opened.place.thread
    assert opened.place.outside == stage.channel
    inside = await stage.platform.deliver(stage.post("k2", into=opened.place, conversation="c"), None)
    assert inside.place == opened.place


async def test_what_opened_a_thread_and_what_was_said_in_it_are_found(stage: Stage) -> None:
    opening = stage.post(opens=True, conversation="c")
    opened = await stage.platform.deliver(opening, None)
    assert await stage.platform.find(opening) == opened
    reply = stage.post("k2", into=opened.place, conversation="c")
    assert await stage.platform.find(reply) == Absent()
    assert await stage.platform.deliver(reply, None) == await stage.platform.find(reply)


async def test_a_kept_post_lands_in_the_persons_direct_messages(stage: Stage) -> None:
    kept = stage.post(audience=Audience(kind="kept", person=stage.somebody))
    receipt = await stage.platform.deliver(kept, None)
    assert receipt.place == stage.dm
    assert await stage.platform.find(kept) == receipt


async def test_a_kept_post_in_a_direct_thread_stays_in_it(stage: Stage) -> None:
    opened = await stage.platform.deliver(stage.post(into=stage.dm, opens=True, conversation="c"), None)
    receipt = await stage.platform.deliver(stage.post("k2", into=opened.place, audience=Audience(kind="kept", person=stage.somebody)), None)
    assert receipt.place == opened.place


async def test_a_post_that_replaces_another_keeps_its_place_and_id(stage: Stage) -> None:
    first = await stage.platform.deliver(stage.post(), None)
    assert await stage.platform.deliver(stage.post("k2", replaces="k1", card=Card(text="Newer")), first) == first


async def test_a_passing_post_reaches_its_person_in_place(stage: Stage) -> None:
    receipt = await stage.platform.deliver(stage.post(audience=Audience(kind="passing", person=stage.somebody)), None)
    assert receipt.place == stage.channel


async def test_fitting_loses_no_word(stage: Stage) -> None:
    card = Card(
        title="Title",
        text="text " * 900,
        bullets=tuple(Line(text=f"bullet{n}", mark=Mark.MAYBE, quote=f"quote{n} " + "word " * 60, note=f"note{n}") for n in range(30)),
        after="after " * 300,
        buttons=tuple(Button(label=f"b{n}", line=f"help {n}") for n in range(7)),
        footer="the end",
    )
    fitted = stage.platform.fit(card)
    words = " ".join(f"{part.title} {part.text} {part.after} {part.footer}" for part in fitted)
    lines = [line for part in fitted for line in part.bullets]
    assert words.count("text ") >= 900
    assert words.count("after ") >= 300
    assert [line.quote for line in lines] == [line.quote for line in card.bullets]
    assert [button.label for part in fitted for button in part.buttons] == [f"b{n}" for n in range(7)]
    assert "the end" in words


async def test_a_sign_is_a_courtesy_and_never_fails(stage: Stage) -> None:
    await stage.platform.show(stage.channel, "heard")
    await stage.platform.show(stage.channel.at("nowhere"), "thinking")


# --- messages that grow ----------------------------------------------------------------------------------------------

FIRST, WHOLE = "How many writes", "How many writes a second do you expect?"
FINAL = Card(text="How many writes a second do you expect?", buttons=(Button(label="Done", line="done x 1"),))
OTHER = FINAL.model_copy(update={"text": "Let us go on with the next part."})


@pytest.fixture(params=["in a channel", "in a thread", "in direct messages", "in a direct thread"])
async def room(stage: Stage, request: pytest.FixtureRequest) -> Place:
    place = stage.dm if "direct" in request.param else stage.channel
    if "thread" not in request.param:
        return place
    opened = await stage.platform.deliver(stage.post("opening", into=place, opens=True, conversation="c"), None)
    return opened.place


def growing(stage: Stage, room: Place) -> Post:
    return stage.post(into=room, card=Card(text=FIRST), growing=True, about=stage.somebody.key)


def last(stage: Stage, room: Place, card: Card = FINAL) -> Post:
    return stage.post("k2", into=room, card=card, replaces="k1", about=stage.somebody.key)


@pytest.mark.parametrize("end", [FINAL, OTHER])
async def test_what_grew_is_one_message_in_the_end(stage: Stage, room: Place, end: Card) -> None:
    before = list(stage.stands(room))
    receipt = await stage.platform.deliver(growing(stage, room), None)
    for text in (f"{FIRST} a second", WHOLE):
        stage.pause()
        await stage.platform.grow(receipt, Card(text=text))
    assert await stage.platform.deliver(last(stage, room, end), receipt) == receipt
    assert list(stage.stands(room)) == [*before, (end.text, ["done x 1"])]
    stage.pause()
    await stage.platform.grow(receipt, Card(text=f"{WHOLE} And reads?"))
    assert list(stage.stands(room)) == [*before, (end.text, ["done x 1"])], "a piece that comes too late changes nothing"


async def test_another_process_ends_what_grew(stage: Stage, room: Place) -> None:
    before = list(stage.stands(room))
    receipt = await stage.platform.deliver(growing(stage, room), None)
    stage.pause()
    await stage.platform.grow(receipt, Card(text=f"{FIRST} a second"))
    async with stage.another() as another:
        await another.grow(receipt, Card(text="nothing that it knows of"))
        assert await another.deliver(last(stage, room), receipt) == receipt
        assert await another.deliver(last(stage, room), receipt) == receipt, "once more changes nothing"
    assert list(stage.stands(room)) == [*before, (FINAL.text, ["done x 1"])]


async def test_what_has_just_begun_to_grow_is_found(stage: Stage, room: Place) -> None:
    post = growing(stage, room)
    assert await stage.platform.find(post) == Absent()
    receipt = await stage.platform.deliver(post, None)
    assert await stage.platform.find(post) == receipt
    async with stage.another() as another:
        assert await another.find(post) == receipt


async def test_growing_never_fails(stage: Stage) -> None:
    await stage.platform.grow(Receipt(place=stage.channel.at("nowhere"), id="nothing"), Card(text="Words"))
    await stage.platform.grow(Receipt(place=stage.channel, id="~"), Card(text="Words"))
    await stage.platform.grow(Receipt(place=Place.dm(stage.channel.platform, stage.channel.space, "nobody"), id="1"), Card(text="Words"))
