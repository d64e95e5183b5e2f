"""A fake, bots that run on it, and a bare client. Every test ends with nothing left for the judge to say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.discord.server import FakeDiscord
from tests.fakes_tests.discord.bots import Bot, point, running
from tests.fakes_tests.discord.raw import Raw


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch, clock: FakeClock) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(clock) as discord:
        discord.rest.buckets.scale = 0.02
        point(discord, monkeypatch)
        yield discord
    assert not discord.verdicts, list(map(str, discord.verdicts))


@pytest.fixture
async def start(fake: FakeDiscord) -> AsyncIterator[Any]:
    """`bot = await start(content=False)`: connected and ready."""
    async with AsyncExitStack() as stack:

        async def run(*, shards: int | None = 1, **settings: Any) -> Bot:
            return await stack.enter_async_context(running(fake, Bot(shards=shards, **settings)))

        yield run


@pytest.fixture
async def raw(fake: FakeDiscord) -> AsyncIterator[Raw]:
    """REST and gateway without a library; it does not wait for buckets, so they are wide."""
    fake.rest.buckets.limits = dict.fromkeys(fake.rest.buckets.limits, (1000, 1.0))
    fake.rest.buckets.global_limit = 1000
    async with Raw(fake) as client:
        yield client
