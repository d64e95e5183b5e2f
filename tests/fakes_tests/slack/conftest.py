"""A fake Slack and a client without retries, for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.server import FakeSlack
from tests.fakes_tests.slack.bolt import Echo

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def echo(slack: FakeSlack) -> Echo:
    return Echo(slack, signing_secret=slack.app.signing_secret)


@pytest.fixture
def fails() -> Callable[..., Any]:
    """`await fails("code", coroutine)`: the call answers that error; the whole answer."""

    async def check(code: str, call: Any) -> dict[str, Any]:
        with pytest.raises(SlackApiError) as caught:
            await call
        assert caught.value.response["error"] == code, caught.value.response.data
        data: dict[str, Any] = caught.value.response.data
        return data

    return check
