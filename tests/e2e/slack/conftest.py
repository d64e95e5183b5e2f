"""The bot as its own process, against a fake Slack that its real libraries connect to; once over Socket Mode, once over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.slack.manifest import manifest
from tests.e2e.process import Loopcoach
from tests.fakes.slack.model import Message
from tests.fakes.slack.server import FakeSlack

WAYS = ("socket", "http")


class Slackcoach(Loopcoach):
    """A Loopcoach that speaks to a fake Slack."""

    def __init__(self, folder: Path, slack: FakeSlack, way: str) -> None:
        super().__init__(folder)
        self.slack = slack
        self.way = way

    @property
    def surroundings(self) -> dict[str, str]:
        """With the tokens of one workspace."""
        mine = {"SLACK_API_URL": self.slack.api_url, "SLACK_BOT_TOKEN": self.slack.bot_token}
        over = (
            {"SLACK_APP_TOKEN": self.slack.app_token} if self.way == "socket" else {"SLACK_SIGNING_SECRET": self.slack.app.signing_secret}
        )
        return {**super().surroundings, **mine, **over}

    async def connect(self) -> None:
        """Start it, and let Slack know where it is."""
        await self.start()
        await self.reach()

    async def reach(self) -> None:
        """Until Slack's deliveries arrive."""
        if self.way == "http":
            assert await self.slack.use_http(f"{self.url}/slack/events")
        else:
            await self.slack.connected(timeout=15)


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A workspace with our app, as our own manifest makes it."""
    async with FakeSlack() as fake:
        fake.use_manifest(manifest())
        yield fake


async def connected(slack: FakeSlack, folder: Path, way: str) -> AsyncIterator[Slackcoach]:
    """Running until the test is over; then nothing broke, and nothing was said twice."""
    coach = Slackcoach(folder, slack, way)
    await coach.connect()
    yield coach
    await coach.quit()
    assert "Traceback" not in coach.complained
    assert not slack.complaints
    assert not slack.doubles(), slack.doubles()


@pytest_asyncio.fixture(params=WAYS)
async def bot(request: pytest.FixtureRequest, slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Slackcoach]:
    """Running and connected, once each way."""
    async for coach in connected(slack, tmp_path, request.param):
        yield coach


@pytest_asyncio.fixture
async def socket_bot(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Slackcoach]:
    """The same, over Socket Mode only, for what concerns sockets or neither way."""
    async for coach in connected(slack, tmp_path, "socket"):
        yield coach


@pytest_asyncio.fixture
async def http_bot(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Slackcoach]:
    """The same, over HTTP only, for what concerns signatures."""
    async for coach in connected(slack, tmp_path, "http"):
        yield coach


async def said(slack: FakeSlack, where: str, words: str, after: str = "", thread: str | None = None, timeout: float = 10) -> Message:
    """The newest message of the bot with these words, as soon as it is there."""

    def newest() -> Message | None:
        found = [message for message in slack.bot_messages(where, thread) if words in whole(message) and message.ts > after]
        return found[-1] if found else None

    found = await slack.wait_for(newest, timeout=timeout)
    assert found
    return found


async def noted(slack: FakeSlack, who: str, words: str) -> Message:
    """The newest passing note with these words."""
    found = await slack.wait_for(lambda: [note for note in slack.ephemerals(who) if words in whole(note)], timeout=10)
    return found[-1]


def whole(message: Message) -> str:
    """Its text and every text in its blocks."""
    return f"{message.text}\n{message.blocks}"
