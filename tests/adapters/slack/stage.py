"""The adapter against a fake Slack, inside the test's own process."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from adapters.slack.api import Api
from adapters.slack.platform import SlackPlatform
from adapters.slack.teams import Teams
from core.chat import Chart
from tests.fakes.clock import FakeClock
from tests.fakes.slack.server import FakeSlack

PNG = b"\x89PNG\r\n\x1a\n"


class SlackTime(FakeClock):
    """Our clock, which is Slack's."""

    def __init__(self, slack: FakeSlack) -> None:
        super().__init__()
        self._slack = slack

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._slack.clock.now(), UTC)


def png(chart: Chart) -> bytes:
    """A picture, as far as anybody here looks."""
    return PNG + chart.title.encode()


@asynccontextmanager
async def slack_platform(slack: FakeSlack) -> AsyncIterator[SlackPlatform]:
    """The platform alone, with the first workspace's token."""
    api = Api(slack.api_url, logging.Logger("quiet", logging.CRITICAL))
    platform = SlackPlatform(api, Teams(api, slack.bot_token, None), SlackTime(slack), png)
    slack.limits.posts_per_second = 1000
    try:
        yield platform
    finally:
        await platform.signs.close()
        await platform.streams.close()
        await api.close()
