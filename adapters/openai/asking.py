"""One question to the server: streamed, held to a shape, mended once, paid for whatever comes of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import openai
from openai import AsyncOpenAI
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion
from pydantic import ValidationError

from adapters.openai.prices import LETTERS, Price, counted, guessed
from adapters.openai.profiles import Abilities, Profile
from adapters.openai.schema import Shape, strict
from adapters.openai.troubles import CATCH, kind_of
from core.errors import ModelError
from core.ports import Usage

S = TypeVar("S", bound=Shape)
Said = Mapping[str, str]
"""A message: role and content."""

MEND = "That was not the JSON object that was asked for. Send it again, complete, as one JSON object and nothing else."
PLENTY = 100_000
STREAM = "stream"
"""Among what a server does not do: it sends its reply in one piece."""
LESSONS = 12
"""Things a server may refuse before we give it up."""


@dataclass(frozen=True)
class Order(Generic[S]):
    """What is asked, and how it is to be answered."""

    messages: Sequence[Said]
    shape: type[S]
    cap: int
    """Tokens of the reply at most."""
    cache_key: str = ""
    person: str = ""
    """An opaque word for whoever it is for."""
    deadline: float = 60.0
    """Seconds for all of it."""


@dataclass(frozen=True)
class Reply(Generic[S]):
    """What came, in its shape."""

    value: S
    usage: Usage


@dataclass
class _Heard:
    """What has come of one call so far."""

    content: str = ""
    refusal: str = ""
    finish: str | None = None
    usage: Usage | None = None


@dataclass
class Asker:
    """Asks one server for one model."""

    client: AsyncOpenAI
    profile: Profile
    model: str
    price: Price | None
    context: int | None = None
    """Tokens that the server takes, where that was said; else the profile's."""
    abilities: Abilities = field(init=False)

    def __post_init__(self) -> None:
        self.abilities = Abilities(self.profile)

    @property
    def room(self) -> int:
        """Tokens that request and reply may have together."""
        return self.context or self.profile.context or PLENTY

    async def whole(self, order: Order[S]) -> Reply[S]:
        """The reply, when it is complete. ModelError where there is none."""
        async with aclosing(self.stream(order)) as parts:  # type: ignore[type-var]
            async for part in parts:
                if isinstance(part, Reply):
                    return part
        raise ModelError("garbled")

    async def stream(self, order: Order[S]) -> AsyncIterator[str | Reply[S]]:
        """All of the reply's text so far, each time more of it came, and last the reply. ModelError where there is none."""
        spent, heard = Usage(), _Heard()
        messages = fitting(order.messages, self.room - order.cap)
        try:
            async with asyncio.timeout(order.deadline):
                for attempt in (1, 2):
                    heard = _Heard()
                    async with aclosing(self._call(order, messages, heard)) as texts:  # type: ignore[type-var]
                        async for text in texts:
                            if attempt == 1:
                                yield text
                    spent += self._bill(messages, heard)
                    value = _read(order.shape, heard.content)
                    if value is not None:
                        yield Reply(value, spent)
                        return
                    if attempt == 2 or heard.finish == "length":
                        raise ModelError("garbled", Usage())
                    messages += [{"role": "assistant", "content": heard.content}, {"role": "user", "content": MEND}]
        except ModelError as error:
            last = error.usage if isinstance(error.usage, Usage) else self._bill(messages, heard)
            raise ModelError(error.kind, spent + last) from error
        except CATCH as error:
            raise ModelError(kind_of(error), spent + self._unsure(messages, heard, error)) from error

    async def _call(self, order: Order[S], messages: Sequence[Said], heard: _Heard) -> AsyncIterator[str]:
        """One call; `heard` fills while it goes on."""
        if STREAM not in self.abilities.dropped:
            async for text in self._streamed(order, messages, heard):
                yield text
        if not (heard.content or heard.refusal or heard.finish):  # some servers answer in one piece, whatever they are asked
            await self._in_one_piece(order, messages, heard)
            yield heard.content
        if heard.refusal or heard.finish == "content_filter":
            raise ModelError("refused")
        if heard.finish is None:  # the stream ended before the reply did, or was none
            raise ModelError("away" if heard.content else "garbled")

    async def _streamed(self, order: Order[S], messages: Sequence[Said], heard: _Heard) -> AsyncIterator[str]:
        stream = await self._answered(order, messages, stream=True)
        if not isinstance(stream, openai.AsyncStream):  # a page of HTML is handed through as it is
            raise ModelError("garbled")
        async with stream:
            async for chunk in stream:
                self._take(chunk, heard)
                if chunk.choices and chunk.choices[0].delta.content:
                    yield heard.content

    async def _in_one_piece(self, order: Order[S], messages: Sequence[Said], heard: _Heard) -> None:
        whole = await self._answered(order, messages, stream=False)
        if not isinstance(whole, ChatCompletion) or not whole.choices:
            return
        choice = whole.choices[0]
        heard.content, heard.refusal, heard.finish = choice.message.content or "", choice.message.refusal or "", choice.finish_reason
        self._count(whole.usage, heard)
        self.abilities.dropped.add(STREAM)

    async def _answered(self, order: Order[S], messages: Sequence[Said], *, stream: bool) -> Any:
        """What the server hands back. What it refuses to be sent is left out, and it is asked again."""
        for _ in range(LESSONS):
            try:
                return await self.client.chat.completions.create(**self._body(order, messages, stream=stream))
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if not self.abilities.learn(error.param, str(error.message)):
                    raise
        raise ModelError("garbled", Usage())

    def _count(self, usage: CompletionUsage | None, heard: _Heard) -> None:
        if usage:
            details = usage.prompt_tokens_details
            cached = (details.cached_tokens if details else 0) or 0
            heard.usage = counted(usage.prompt_tokens, cached, usage.completion_tokens, self.price)

    def _take(self, chunk: Any, heard: _Heard) -> None:
        self._count(chunk.usage, heard)
        for choice in chunk.choices[:1]:
            heard.content += choice.delta.content or ""
            heard.refusal += choice.delta.refusal or ""
            heard.finish = choice.finish_reason or heard.finish

    def _body(self, order: Order[S], messages: Sequence[Said], *, stream: bool) -> dict[str, Any]:
        able, profile = self.abilities, self.profile
        body: dict[str, Any] = {"model": self.model, "messages": [dict(said) for said in messages], "stream": stream, able.cap: order.cap}
        wanted: dict[str, Any] = {**profile.always, **({"stream_options": {"include_usage": True}} if stream else {})}
        if profile.cache_key and order.cache_key:
            wanted["prompt_cache_key"] = order.cache_key
        if profile.identifier and order.person:
            wanted["safety_identifier"] = order.person
        body |= {name: value for name, value in wanted.items() if name not in able.dropped}
        if able.structure == "json_schema":
            body["response_format"] = strict(order.shape)
        elif able.structure == "json_object":
            body["response_format"] = {"type": "json_object"}
        if able.structure != "json_schema":  # it has to be told in words what the schema would have held it to
            schema = json.dumps(order.shape.model_json_schema(), sort_keys=True)
            first = dict(body["messages"][0])
            first["content"] += f"\n\nReply with one JSON object that is valid under this schema:\n{schema}"
            body["messages"][0] = first
        return body

    def _bill(self, messages: Sequence[Said], heard: _Heard) -> Usage:
        return heard.usage or guessed(_length(messages), len(heard.content), self.price)

    def _unsure(self, messages: Sequence[Said], heard: _Heard, error: BaseException) -> Usage:
        """What a call cost that failed: nothing where the server turned it away, else what one has to assume."""
        if isinstance(error, openai.APITimeoutError):
            return self._bill(messages, heard)
        if isinstance(error, openai.APIStatusError | openai.APIConnectionError) and not heard.content:
            return Usage()
        return self._bill(messages, heard)


def fitting(messages: Sequence[Said], room: int) -> list[Said]:
    """The messages, without the oldest turns where all of them would not fit: a server that has too little room cuts off the beginning.

    The instructions and what was said last stay; so do numbers of sentences, for each stands beside its sentence.
    """
    kept = list(messages)
    while len(kept) > 4 and _length(kept) // LETTERS > room:
        del kept[2:4]
    return kept


def _length(messages: Sequence[Said]) -> int:
    return sum(len(said["content"]) for said in messages)


def _read(shape: type[S], content: str) -> S | None:
    """The reply in its shape; None where it has another. Fences around it are let pass, for servers that cannot be held to a schema."""
    text = content.strip()
    if text.startswith("```"):
        text = text.strip("`").removeprefix("json").strip()
    with suppress(ValidationError):
        return shape.model_validate_json(text)
    return None
