"""Each fault, as the real library meets it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import openai
import pydantic
import pytest
from openai import AsyncOpenAI

from tests.fakes.openai.faults import (
    Busy,
    CutOff,
    Down,
    Fault,
    Fine,
    Garbage,
    Hang,
    Length,
    NoUsage,
    Quota,
    Refusal,
    Refuses,
    Several,
    SlowStart,
    WrongShape,
)
from tests.fakes.openai.server import FakeOpenAI
from tests.fakes_tests.openai.asking import MODEL, Verdict, ask, stream

LONG = "- one bullet\n- another bullet\n- and a third one\n"


async def parse(client: AsyncOpenAI) -> Any:
    return await client.chat.completions.parse(model=MODEL, messages=[{"role": "user", "content": "x"}], response_format=Verdict)


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        (Busy(7), openai.RateLimitError, "rate_limit_exceeded"),
        (Quota(), openai.RateLimitError, "insufficient_quota"),
        (Down(), openai.InternalServerError, None),
        (Down(503), openai.InternalServerError, None),
    ],
)
async def test_errors(server: FakeOpenAI, client: AsyncOpenAI, fault: Fault, error: type[openai.APIStatusError], code: str | None) -> None:
    server.says("after that")
    server.faults.extend([fault, fault])
    with pytest.raises(error) as caught:
        await ask(client)
    assert caught.value.code == code
    assert caught.value.response.headers.get("Retry-After") == ("7" if isinstance(fault, Busy) else None)
    with pytest.raises(error):
        await stream(client)
    assert (await ask(client)).choices[0].message.content == "after that"


async def test_the_library_waits_and_asks_again(server: FakeOpenAI) -> None:
    server.says("after that")
    server.faults.append(Busy(retry_after=0.01))
    async with AsyncOpenAI(base_url=server.url, api_key=server.key, max_retries=1) as client:
        assert (await ask(client)).choices[0].message.content == "after that"
    assert [each.headers["x-stainless-retry-count"] for each in server.requests] == ["0", "1"]


async def test_a_long_wait_is_raised_at_once(server: FakeOpenAI) -> None:
    server.always = Busy(retry_after=3600)
    async with AsyncOpenAI(base_url=server.url, api_key=server.key, max_retries=1) as client:
        with pytest.raises(openai.RateLimitError):
            await ask(client)
    assert len(server.requests) == 1


async def test_a_standing_fault_stays_and_a_queued_one_comes_on_top(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.brain = lambda _: "fine"
    server.always = NoUsage()
    server.faults.extend([Fine(), Down()])
    assert (await ask(client)).usage is None
    with pytest.raises(openai.InternalServerError):
        await ask(client)
    assert (await ask(client)).usage is None
    server.always = Down()
    with pytest.raises(openai.InternalServerError):
        await client.models.list()
    server.always = None
    assert (await ask(client)).usage is not None


async def test_a_slow_start(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.says("slow", "slow")
    server.faults.extend([SlowStart(0.02), SlowStart(0.02)])
    assert (await ask(client)).choices[0].message.content == "slow"
    assert (await stream(client)).text == "slow"
    server.always = SlowStart(30)
    server.brain = lambda _: "never"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await stream(client)


async def test_a_client_that_waits_in_vain_goes_away(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.always = Hang()
    waiting = asyncio.create_task(stream(client))
    await server.until(lambda: server.requests)
    assert not server.requests[0].left
    waiting.cancel()
    await server.until(lambda: server.requests[0].left)
    with pytest.raises(openai.APITimeoutError):
        await ask(client, timeout=0.1)


async def test_a_hanging_server_closes() -> None:
    async with AsyncOpenAI(base_url="http://unset", api_key="sk-fake", max_retries=0) as other:
        async with FakeOpenAI() as server:
            other.base_url = server.url
            server.always = Hang()
            waiting = asyncio.create_task(ask(other))
            await server.until(lambda: server.requests)
        with pytest.raises(openai.APIConnectionError):
            await waiting


async def test_a_stream_is_cut_off(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.says(LONG, LONG, "short")
    server.faults.extend([CutOff(2), CutOff(0), CutOff(9)])
    seen = await stream(client)
    assert isinstance(seen.error, openai.APIConnectionError)
    assert (seen.texts, seen.finish, seen.usage) == ([LONG[:16], LONG[16:32]], None, None)
    assert (await stream(client)).texts == []
    assert (await stream(client)).finish is None
    assert len(server.requests) == 3


async def test_a_whole_reply_is_cut_off(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.says(LONG)
    server.faults.append(CutOff())
    with pytest.raises(openai.APIConnectionError):
        await ask(client)


async def test_garbage(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.always = Garbage()
    with pytest.raises(json.JSONDecodeError):
        await ask(client)
    seen = await stream(client)
    assert (seen.texts, seen.finish, seen.error) == ([], None, None)
    server.always = Garbage("<html>", content_type="text/html")
    assert isinstance(await ask(client), str)


async def test_the_wrong_shape(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.says({"covered": True, "why": "S1"})
    server.faults.extend([WrongShape({"covered": "perhaps"}), WrongShape("{ not json")])
    for _ in range(2):
        with pytest.raises(pydantic.ValidationError):
            await parse(client)
    assert (await parse(client)).choices[0].message.parsed.why == "S1"


async def test_a_refusal(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.always = Refusal("I would rather not say.")
    message = (await parse(client)).choices[0].message
    assert (message.content, message.refusal, message.parsed) == (None, "I would rather not say.", None)
    seen = await stream(client)
    assert (seen.text, seen.refusal, seen.finish) == ("", "I would rather not say.", "stop")


async def test_the_output_cap(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.brain = lambda _: '{"covered": true, "why": "S1"}'
    server.faults.extend([Length(), Length(keep=5)])
    with pytest.raises(openai.LengthFinishReasonError):
        await parse(client)
    seen = await stream(client)
    assert (seen.text, seen.finish) == ('{"cov', "length")


async def test_no_usage(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.brain = lambda _: "fine"
    server.always = NoUsage()
    assert (await ask(client)).usage is None
    assert (await stream(client)).usage is None


async def test_a_parameter_that_the_server_does_not_know(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.brain = lambda _: "{}"
    server.always = Several(Refuses("response_format.json_schema"), Refuses("seed", status=422), NoUsage())
    with pytest.raises(openai.BadRequestError) as caught:
        await parse(client)
    assert (caught.value.param, caught.value.code) == ("response_format.json_schema", "unsupported_parameter")
    with pytest.raises(openai.UnprocessableEntityError):
        await ask(client, seed=1)
    assert (await ask(client, response_format={"type": "json_object"})).choices[0].message.content == "{}"
