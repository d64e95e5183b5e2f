"""What every platform promises. A new one is a line in PLATFORMS."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import pytest

from adapters.web.platform import WebPlatform
from adapters.web.rooms import Rooms
from core.chat import Audience, Button, Card, Line, Mark, Person, Place, Post, Receipt
from core.ports import Absent, Platform
from tests.adapters.discord.stage import discord_platform
from tests.adapters.slack.stage import slack_platform
from tests.fakes.clock import FakeClock
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.page_history import FakeHistory
from tests.fakes.platform import FakePlatform
from tests.fakes.slack.server import FakeSlack


@dataclass(frozen=True)
class Stage:
    """A platform, a channel of it, and somebody who is there."""

    platform: Platform
    channel: Place
    somebody: Person

    @property
    def dm(self) -> Place:
        return Place.dm(self.channel.platform, self.channel.space, self.somebody.id)

    def post(self, key: str = "k1", **more: object) -> Post:
        return Post.model_validate({"key": key, "into": self.channel, "card": Card(title="A title", text="Words"), **more})


def on_the_page(make: Callable[[], Platform]) -> Callable[[], AbstractAsyncContextManager[Stage]]:
    @asynccontextmanager
    async def stage() -> AsyncIterator[Stage]:
        yield Stage(make(), Place(platform="web", space="page", channel="general"), Person(key="web:ada", id="ada", name="Ada"))

    return stage


@asynccontextmanager
async def on_slack() -> AsyncIterator[Stage]:
    async with FakeSlack() as slack, slack_platform(slack) as platform:
        team, ada = slack.team.id, slack.user("ada").id
        channel = Place(platform="slack", space=team, channel=slack.channel("general").id)
        yield Stage(platform, channel, Person(key=f"slack:{team}:{ada}", id=ada, name="Ada"))


@asynccontextmanager
async def on_discord() -> AsyncIterator[Stage]:
    async with FakeDiscord() as discord, discord_platform(discord) as platform:
        guild = discord.guild()
        channel = Place(platform="discord", space=str(guild.id), channel=str(guild.text("general").id))
        ada = guild.member("Ada").id
        yield Stage(platform, channel, Person(key=f"discord:{ada}", id=str(ada), name="Ada"))
    assert not discord.verdicts, list(map(str, discord.verdicts))


PLATFORMS: dict[str, Callable[[], AbstractAsyncContextManager[Stage]]] = {
    "fake": on_the_page(FakePlatform),
    "web": on_the_page(lambda: WebPlatform(FakeHistory(), FakeClock(), Rooms(channels=("general",)))),
    "slack": on_slack,
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
