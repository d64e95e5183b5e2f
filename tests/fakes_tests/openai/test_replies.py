"""Replies, streams, usage, the key, the models and what is recorded, with the real library."""

from __future__ import annotations

import json

import openai
import pytest
from openai import AsyncOpenAI

from tests.fakes.openai import canned
from tests.fakes.openai.brain import NoBrain
from tests.fakes.openai.request import Request
from tests.fakes.openai.server import FakeOpenAI
from tests.fakes_tests.openai.asking import MODEL, Verdict, ask, stream


async def test_a_normal_reply(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.says("Bound the wait.")
    answer = await ask(client)
    choice = answer.choices[0]
    assert (choice.message.content, choice.message.refusal, choice.finish_reason) == ("Bound the wait.", None, "stop")
    assert (answer.object, answer.model, answer.id[:9]) == ("chat.completion", MODEL, "chatcmpl-")
    assert answer._request_id and answer.usage and answer.usage.completion_tokens == len("Bound the wait.") // 4
    asked = server.requests[0]
    assert asked.body["messages"] == [{"role": "user", "content": "hello"}] and asked.at > 0
    assert server.key not in str(asked.headers) and "authorization" not in asked.headers
    assert not server.violations and not server.errors and not asked.left


async def test_a_stream_with_usage(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.chunk, server.between, server.first_token = 4, 0.001, 0.001
    server.says("- first\n- second\n")
    seen = await stream(client)
    assert seen.texts == ["- fi", "rst\n", "- se", "cond", "\n"] and seen.finish == "stop"
    assert seen.usage and seen.usage.completion_tokens == 4
    server.says("x")
    assert (await stream(client, usage=False)).usage is None


async def test_a_structured_reply(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.says({"covered": True, "why": "S2"})
    answer = await client.chat.completions.parse(model=MODEL, messages=[{"role": "user", "content": "x"}], response_format=Verdict)
    assert answer.choices[0].message.parsed == Verdict(covered=True, why="S2")
    assert (server.requests[0].schema, server.requests[0].response_format) == ("Verdict", "json_schema")
    assert server.requests[0].schema_body["required"] == ["covered", "why"] and not server.violations


async def test_the_brain_answers_after_the_script_and_can_be_changed(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    def echo(request: Request) -> str:
        return f"{request.model} {request.stream} {request.schema} {request.messages[-1]['content']}"

    server.says("scripted")
    server.brain = echo
    assert (await ask(client)).choices[0].message.content == "scripted"
    assert (await ask(client, "hi")).choices[0].message.content == f"{MODEL} False None hi"
    server.brain = lambda _: "other"
    assert (await stream(client)).text == "other"


async def test_without_a_brain_the_error_says_so_and_is_not_retried(server: FakeOpenAI) -> None:
    async with AsyncOpenAI(base_url=server.url, api_key=server.key, max_retries=2) as client:
        with pytest.raises(openai.InternalServerError, match=r"server\.says"):
            await ask(client)
    assert len(server.requests) == 1 and isinstance(server.errors[0], NoBrain)


async def test_cached_tokens(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.brain = lambda _: "ok"

    async def cached(text: str, key: str) -> int | None:
        usage = (await ask(client, text, prompt_cache_key=key)).usage
        assert usage and usage.prompt_tokens_details
        return usage.prompt_tokens_details.cached_tokens

    long = "word " * 1000
    assert await cached(long, "a") == 0
    assert await cached(long + "more", "a") == 1152
    assert await cached("other " + long, "a") == 0
    assert await cached(long, "b") == 0
    assert await cached("short", "a") == await cached("short", "a") == 0


async def test_a_wrong_key(server: FakeOpenAI) -> None:
    async with AsyncOpenAI(base_url=server.url, api_key="sk-other") as client:
        with pytest.raises(openai.AuthenticationError) as caught:
            await ask(client)
        assert caught.value.code == "invalid_api_key" and "sk-other" not in str(caught.value)
        with pytest.raises(openai.AuthenticationError):
            await client.models.list()


async def test_the_models(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    assert [each.id async for each in client.models.list()] == [MODEL]
    assert (await client.models.retrieve(MODEL)).id == MODEL
    with pytest.raises(openai.NotFoundError) as caught:
        await client.models.retrieve("gpt-0")
    assert caught.value.code == "model_not_found"


async def test_what_is_not_there(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="Invalid URL"):
        await client.moderations.create(input="x")


async def test_the_canned_brain_answers_what_fits(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    server.brain = canned.brain
    answer = await client.chat.completions.parse(model=MODEL, messages=[{"role": "user", "content": "x"}], response_format=Verdict)
    assert answer.choices[0].message.parsed == Verdict(covered=False, why=canned.TEXT)
    assert (await ask(client, response_format={"type": "json_object"})).choices[0].message.content == "{}"
    assert (await stream(client)).text.count("\n") == 2


async def test_a_server_without_a_judge_answers_anything() -> None:
    async with FakeOpenAI(judged=False, strict=True) as server, AsyncOpenAI(base_url=server.url, api_key=server.key) as client:
        server.says("fine")
        assert (await ask(client, extra_body={"colour": "red"})).choices[0].message.content == "fine"
        assert server.violations == []


def test_the_least_that_fits() -> None:
    schema = {
        "type": "object",
        "properties": {
            "state": {"enum": ["covered", "missing"]},
            "inner": {"$ref": "#/$defs/Inner"},
            "maybe": {"anyOf": [{"type": "string", "maxLength": 7}, {"type": "null"}]},
            "count": {"type": "integer", "minimum": 1},
        },
        "$defs": {"Inner": {"properties": {"all": {"type": "array"}, "two": {"type": "array", "minItems": 2, "items": {"const": 1}}}}},
    }
    made = canned.least(schema, schema)
    assert json.loads(json.dumps(made)) == {"state": "covered", "inner": {"all": [], "two": [1, 1]}, "maybe": "A short", "count": 1}
