"""The bot as its own process, against a fake Discord that its real library connects to; with the message-content intent and without."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.process import Loopcoach
from tests.fakes.discord.core.models import Channel, Message
from tests.fakes.discord.people.person import Person
from tests.fakes.discord.people.places import Server
from tests.fakes.discord.server import FakeDiscord

WAYS = ("reading", "not reading")


class Discordcoach(Loopcoach):
    """A Loopcoach that speaks to a fake Discord, and the server it was invited to."""

    def __init__(self, folder: Path, fake: FakeDiscord, *, reads: bool = True) -> None:
        super().__init__(folder)
        self.fake = fake
        self.reads = reads
        fake.world.application.install_kinds.add(1)
        (fake.grant if reads else fake.revoke)("message_content")
        self.guild: Server = fake.guild("The team")
        self.channel: Channel = self.guild.text("interviews")
        self.ada: Person = self.guild.member("Ada")
        self.bob: Person = self.guild.member("Bob")

    @property
    def surroundings(self) -> dict[str, str]:
        """With the token."""
        mine = {
            "DISCORD_API_URL": self.fake.api_url,
            "DISCORD_GATEWAY_URL": self.fake.gateway_url,
            "DISCORD_TOKEN": self.fake.token,
        }
        return {**super().surroundings, **mine}

    async def connect(self) -> None:
        """Start it, and wait until it listens."""
        sessions = len(self.fake.gateway.live)
        await self.start()
        await self.fake.until(lambda: "discord_listens" in self.complained and len(self.fake.gateway.live) >= max(1, sessions), 15)
        await self.fake.until(lambda: self.fake.commands, 15)

    async def hears(self, channel: Channel, words: str = "", *, after: int = 0, timeout: float = 10.0) -> Message:
        """The newest message of the bot with these words, as soon as it is there."""

        def newest() -> Message | None:
            found = [each for each in self.fake.messages(channel, by_bot=True) if words in each.text and each.id > after]
            return found[-1] if found else None

        found: Message = await self.fake.until(newest, timeout, f"{words!r} in {channel.name or 'direct messages'}")
        return found

    async def whispered(self, person: Person, words: str, *, timeout: float = 10.0) -> Message:
        """The newest private answer to somebody with these words."""

        def newest() -> Message | None:
            places = [person.dm, *self.fake.world.channels.values()]
            found = [each for place in places for each in place.hidden.values() if each.for_user == person.id and words in each.text]
            return max(found, key=lambda each: each.id) if found else None

        found: Message = await self.fake.until(newest, timeout, f"{words!r} for {person}")
        return found

    async def thread(self, channel: Channel, name: str = "", *, timeout: float = 10.0) -> Channel:
        """The newest thread of a channel with this in its name."""
        found: list[Channel] = await self.fake.until(
            lambda: [each for each in self.fake.threads(channel) if name in each.name], timeout, f"a thread {name!r}"
        )
        return found[-1]


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    """At its end there is nothing that Discord would refuse, and nothing that it would silently ignore."""
    async with FakeDiscord() as discord:
        discord.rest.buckets.scale = 0.02
        yield discord
    assert not discord.verdicts, list(map(str, discord.verdicts))


@pytest_asyncio.fixture(params=WAYS)
async def bot(request: pytest.FixtureRequest, fake: FakeDiscord, tmp_path: Path) -> AsyncIterator[Discordcoach]:
    """Running and connected."""
    async for coach in _running(Discordcoach(tmp_path, fake, reads=request.param == "reading")):
        yield coach


@pytest_asyncio.fixture
async def deaf_bot(fake: FakeDiscord, tmp_path: Path) -> AsyncIterator[Discordcoach]:
    """The same without it."""
    async for coach in _running(Discordcoach(tmp_path, fake, reads=False)):
        yield coach


@pytest_asyncio.fixture
async def reading_bot(fake: FakeDiscord, tmp_path: Path) -> AsyncIterator[Discordcoach]:
    """The same with the intent only, for what it makes no difference to."""
    async for coach in _running(Discordcoach(tmp_path, fake)):
        yield coach


async def _running(coach: Discordcoach) -> AsyncIterator[Discordcoach]:
    await coach.connect()
    yield coach
    await coach.quit()
    assert "Traceback" not in coach.complained
    for place in list(coach.fake.world.channels.values()):
        assert not coach.fake.doubles(place), coach.fake.doubles(place)
