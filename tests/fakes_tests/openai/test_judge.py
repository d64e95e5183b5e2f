"""The judge bites on requests, and finds nothing in what the fake answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import openai
import pytest
from openai import AsyncOpenAI

from tests.fakes.openai.faults import Busy, Refusal
from tests.fakes.openai.judge import Judge, judge
from tests.fakes.openai.server import FakeOpenAI
from tests.fakes_tests.openai.asking import ask, judged

pytestmark = [pytest.mark.e2e, judged]

HELLO = [{"role": "user", "content": "hello"}]


@pytest.fixture
def published() -> Judge:
    found = judge()
    assert found is not None
    return found


@pytest.fixture
async def http(server: FakeOpenAI) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {server.key}"}) as session:
        yield session


async def test_an_unknown_key_is_noticed(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.says("fine")
    assert (await ask(client, extra_body={"max_completion_token": 3})).choices[0].message.content == "fine"
    assert server.violations == ["max_completion_token: there is no such parameter"]


async def test_a_strict_server_refuses(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.strict = True
    with pytest.raises(openai.BadRequestError, match="no such parameter"):
        await ask(client, extra_body={"colour": "red"})
    server.says("fine")
    assert (await ask(client)).choices[0].message.content == "fine"


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "user", "content": 1}]}, "messages.0.content"),
        ({"messages": [{"role": "nobody", "content": "x"}]}, "messages.0.role"),
        ({"temperature": 3}, "temperature"),
        ({"response_format": {"type": "json_schema", "json_schema": {}}}, "response_format.json_schema"),
        ({"reasoning_effort": "much"}, "reasoning_effort"),
    ],
)
def test_a_wrong_value_is_pointed_at(published: Judge, more: dict[str, Any], where: str) -> None:
    found = published.request({"model": "m", "messages": HELLO, **more})
    assert found and found[0].startswith(f"{where}: "), found


def test_what_is_right_passes(published: Judge) -> None:
    body = {"model": "m", "messages": HELLO, "stop": None, "max_tokens": None, "seed": 1, "store": False, "prompt_cache_key": "a"}
    more = {"stream": True, "stream_options": {"include_usage": True}, "verbosity": "low", "safety_identifier": "x" * 64}
    assert published.request({**body, **more}) == []
    assert published.request([]) != []


@pytest.mark.parametrize("refusal", [False, True])
async def test_the_fakes_own_answers(server: FakeOpenAI, http: aiohttp.ClientSession, published: Judge, refusal: bool) -> None:
    server.brain = lambda _: "An answer in several pieces."
    server.always = Refusal() if refusal else None
    body = {"model": "gpt-6-luna", "messages": HELLO}
    async with http.post(f"{server.url}/chat/completions", json=body) as answer:
        assert published.check("CreateChatCompletionResponse", await answer.json()) == []
    more = {"stream": True, "stream_options": {"include_usage": True}}
    async with http.post(f"{server.url}/chat/completions", json={**body, **more}) as answer:
        events = [each.removeprefix("data: ") for each in (await answer.text()).split("\n\n") if each]
    assert events.pop() == "[DONE]"
    chunks = [json.loads(each) for each in events]
    assert chunks[-1]["choices"] == [] and chunks[-1]["usage"]["total_tokens"] > 0
    assert [found for each in chunks for found in published.check("CreateChatCompletionStreamResponse", each)] == []
    assert {each["usage"] for each in chunks[:-1]} == {None} and not server.violations


async def test_the_fakes_own_lists_and_errors(server: FakeOpenAI, http: aiohttp.ClientSession, published: Judge) -> None:
    async with http.get(f"{server.url}/models") as answer:
        assert published.check("ListModelsResponse", await answer.json()) == []
    async with http.post(f"{server.url}/chat/completions", data=b"{") as answer:
        assert answer.status == 400 and published.check("ErrorResponse", await answer.json()) == []
    server.always = Busy()
    async with http.post(f"{server.url}/chat/completions", json={"model": "m", "messages": HELLO}) as answer:
        assert answer.status == 429 and published.check("ErrorResponse", await answer.json()) == []
