"""A server in a function: answers in order, and what it was sent."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import httpx2
from openai import AsyncOpenAI

from adapters.openai.asking import Asker, Order, Reply
from adapters.openai.prices import Price
from adapters.openai.profiles import PROFILES, Name
from adapters.openai.schema import Grade, Shape
from core.errors import ModelError
from core.ports import Usage

Body = dict[str, Any]
Answer = Callable[[Body], httpx2.Response | Awaitable[httpx2.Response]]
S = TypeVar("S", bound=Shape)

PRICE = Price(fresh=10.0, cached=1.0, output=20.0)
EMPTY = '{"findings":[]}'
SYSTEM, USER = "You read an answer.", "Here it is."
MESSAGES = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": USER}]


class Wire:
    """Answers each request with the next of its answers; the last one stays."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.bodies: list[Body] = []

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.bodies.append(json.loads(request.content))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        made = answer(self.bodies[-1])
        return await made if inspect.isawaitable(made) else made

    def asker(self, profile: Name = "openai", price: Price | None = PRICE) -> Asker:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(self))
        client = AsyncOpenAI(base_url="http://model.invalid/v1", api_key="k", http_client=http, max_retries=0)
        return Asker(client, PROFILES[profile], "some-model", price)


def order(*, deadline: float = 20.0) -> Order[Grade]:
    return Order(MESSAGES, Grade, 300, "a-key", "an-opaque-word", deadline)


async def words_and_reply(asker: Asker, wanted: Order[S]) -> tuple[list[str], Reply[S]]:
    """Everything that a stream gives."""
    words: list[str] = []
    async for part in asker.stream(wanted):
        if isinstance(part, Reply):
            return words, part
        words.append(part)
    raise AssertionError("no reply came")


# --- answers ---


def usage(prompt: int, output: int, cached: int = 0) -> Body:
    counted = {"prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output}
    return {**counted, "prompt_tokens_details": {"cached_tokens": cached}}


def chunk(delta: Body | None = None, finish: str | None = None, counted: Body | None = None) -> bytes:
    choices = [] if counted else [{"index": 0, "delta": delta or {}, "finish_reason": finish}]
    value = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": choices, "usage": counted}
    return f"data: {json.dumps(value)}\n\n".encode()


def says(*pieces: str, finish: str | None = "stop", counted: Body | None = None, refusal: str = "") -> Answer:
    """A stream of these pieces."""
    lines = [chunk({"content": piece}) for piece in pieces]
    lines += [chunk({"refusal": refusal})] if refusal else []
    lines += [chunk(finish=finish)] if finish else []
    lines += [chunk(counted=counted)] if counted else []
    return lambda _: _events(b"".join(lines) + b"data: [DONE]\n\n")


def breaks_off(*pieces: str) -> Answer:
    """The connection goes in the middle."""

    async def body() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield chunk({"content": piece})
        raise httpx2.ReadError("gone")

    return lambda _: httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=body())


def fails(status: int, message: str = "no", code: str | None = None, param: str | None = None) -> Answer:
    return lambda _: httpx2.Response(status, json={"error": {"message": message, "type": "error", "code": code, "param": param}})


def sends(text: str, kind: str) -> Answer:
    """200, with whatever body."""
    return lambda _: httpx2.Response(200, headers={"content-type": kind}, content=text.encode())


def raises(error: Exception) -> Answer:
    def answer(_: Body) -> httpx2.Response:
        raise error

    return answer


async def never(_: Body) -> httpx2.Response:
    await asyncio.Event().wait()
    raise AssertionError


def without(*params: str, then: Answer) -> Answer:
    """A server that refuses these, one at a time, by name."""

    def answer(body: Body) -> httpx2.Response | Awaitable[httpx2.Response]:
        for param in params:
            if param in body:
                return fails(400, f"Unsupported parameter: '{param}' is not supported.", param=param)(body)
        return then(body)

    return answer


def without_formats(*formats: str, then: Answer) -> Answer:
    """A server that does not take these kinds of response_format."""

    def answer(body: Body) -> httpx2.Response | Awaitable[httpx2.Response]:
        if body.get("response_format", {}).get("type") in formats:
            return fails(400, "response_format of this type is not supported")(body)
        return then(body)

    return answer


def _events(body: bytes) -> httpx2.Response:
    return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=body)


def cost(error: ModelError) -> Usage:
    """What a failure says it cost."""
    assert isinstance(error.usage, Usage)
    return error.usage
