"""A fake Discord. Every test ends with nothing that Discord would refuse or silently ignore, and with nothing said twice."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.adapters.discord.stage import Whole, discord_platform, whole
from tests.fakes.clock import FakeClock
from tests.fakes.discord.server import FakeDiscord


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def fake(clock: FakeClock) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(clock) as discord:
        yield discord
    assert not discord.verdicts, list(map(str, discord.verdicts))


@pytest.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[Whole]:
    async with whole(fake) as made:
        yield made
    for place in list(fake.world.channels.values()):
        assert not fake.doubles(place), fake.doubles(place)
    assert not fake.requests("POST /webhooks/{webhook_id}/{webhook_token}"), "content never goes out as a followup"


@pytest.fixture
async def platform(fake: FakeDiscord) -> AsyncIterator[object]:
    async with discord_platform(fake) as made:
        yield made
