"""The table of measured results (facts, section 4), as far as the server makes them: each with the real client."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.server import FakeSlack


def metadata(key: str) -> dict[str, object]:
    return {"event_type": "loopcoach_post", "event_payload": {"key": key}}


async def test_a_dropped_after_the_effect_the_default_client_posts_twice_and_sees_one_success(slack: FakeSlack) -> None:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    slack.faults.drop("chat.postMessage", after=True)
    answer = await client.chat_postMessage(channel=slack.channel("C1").id, text="hello", metadata=metadata("k"))
    assert answer["ok"]
    assert len(slack.messages("general")) == 2
    assert slack.doubles() == {(slack.channel("general").id, "k"): 2}


async def test_a2_dropped_twice_it_posts_twice_and_fails(slack: FakeSlack) -> None:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    slack.faults.drop("chat.postMessage", after=True, times=2)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel=slack.channel("C1").id, text="hello")
    assert len(slack.messages("general")) == 2
    assert list(slack.doubles(by_text=True).values()) == [2]


async def test_a3_slow_past_the_timeout_it_is_posted_once_and_ambiguous(slack: FakeSlack) -> None:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, timeout=1)
    client.timeout = 0.1  # type: ignore[assignment]
    slack.faults.slow("chat.postMessage", seconds=0.3, after=True)
    with pytest.raises(asyncio.TimeoutError):
        await client.chat_postMessage(channel=slack.channel("C1").id, text="hello")
    assert len(slack.messages("general")) == 1


async def test_a_slow_call_has_its_effect_even_when_nobody_waits_any_more(slack: FakeSlack) -> None:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    client.timeout = 0.1  # type: ignore[assignment]
    slack.faults.slow("chat.postMessage", seconds=0.2, after=False)
    with pytest.raises(asyncio.TimeoutError):
        await client.chat_postMessage(channel=slack.channel("C1").id, text="late")
    assert not slack.messages("general")
    await slack.wait_for(lambda: slack.messages("general"))


async def test_b_without_retry_handlers_a_drop_is_one_post_and_one_error(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.faults.drop("chat.postMessage", after=True)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel=slack.channel("C1").id, text="hello", metadata=metadata("k"))
    history = await client.conversations_history(channel=slack.channel("C1").id, include_all_metadata=True)
    assert [one["metadata"]["event_payload"]["key"] for one in history["messages"]] == ["k"]
    assert not slack.doubles()


async def test_a_drop_before_the_effect_posts_nothing(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.faults.drop("chat.postMessage", after=False)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel=slack.channel("C1").id, text="hello")
    assert not slack.messages("general")


async def test_d_429_is_an_error_at_once_and_carries_retry_after(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.faults.rate_limited("chat.postMessage", retry_after=30)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=slack.channel("C1").id, text="hello")
    response = caught.value.response
    assert (response.status_code, response["error"], response.headers["Retry-After"]) == (429, "ratelimited", "30")
    assert not slack.messages("general")


async def test_d_the_rate_limit_handler_honours_the_header(slack: FakeSlack) -> None:
    handlers = [AsyncRateLimitErrorRetryHandler(max_retry_count=1)]
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=list(handlers))
    slack.faults.rate_limited("chat.postMessage", retry_after=0)
    started = time.monotonic()
    await client.chat_postMessage(channel=slack.channel("C1").id, text="hello")
    assert len(slack.calls("chat.postMessage")) == 2
    assert time.monotonic() - started < 2.5


@pytest.mark.parametrize("after", [False, True])
async def test_d2_5xx_is_an_error_at_once_with_or_without_effect(slack: FakeSlack, client: AsyncWebClient, after: bool) -> None:
    slack.faults.server_error("chat.postMessage", status=503, after=after)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=slack.channel("C1").id, text="hello")
    assert caught.value.response.status_code == 503
    assert len(slack.messages("general")) == int(after)


async def test_fatal_error_may_come_after_the_effect(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.faults.error("chat.postMessage", "fatal_error", after=True)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=slack.channel("C1").id, text="hello")
    assert caught.value.response["error"] == "fatal_error"
    assert len(slack.messages("general")) == 1


async def test_m_one_message_a_second_and_channel(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.limits.post_burst = 1
    answers = []
    for n in range(3):
        try:
            answers.append((await client.chat_postMessage(channel=slack.channel("C1").id, text=str(n))).status_code)
        except SlackApiError as error:
            answers.append(error.response.status_code)
            assert error.response.headers["Retry-After"] == "1"
    assert answers == [200, 429, 429]
    await client.chat_postMessage(channel=slack.channel("C2").id, text="another channel has its own pace")
    slack.clock.advance(1)
    await client.chat_postMessage(channel=slack.channel("C1").id, text="a second later")


async def test_a_fault_may_be_for_certain_calls_only(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.faults.error("chat.postMessage", "internal_error", after=False, when=lambda args: args["text"] == "this one")
    await client.chat_postMessage(channel=slack.channel("C1").id, text="not this one")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=slack.channel("C1").id, text="this one")
    assert [one.text for one in slack.messages("general")] == ["not this one"]


async def test_history_may_lag_behind_what_was_posted(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.faults.history_lag = 5
    await client.chat_postMessage(channel=slack.channel("C1").id, text="hello")
    assert (await client.conversations_history(channel=slack.channel("C1").id))["messages"] == []
    slack.clock.advance(5)
    assert len((await client.conversations_history(channel=slack.channel("C1").id))["messages"]) == 1
