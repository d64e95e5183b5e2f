"""Short ways to ask, as the bot would."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from tests.fakes.openai.judge import judge, required

MODEL = "gpt-6-luna"

judged = pytest.mark.skipif(judge() is None and not required(), reason="OpenAI's description or jsonschema-rs is not here")
"""For what only the description knows."""


class Verdict(BaseModel):
    """A structured answer."""

    covered: bool
    why: str


async def ask(client: AsyncOpenAI, text: str = "hello", **more: Any) -> ChatCompletion:
    """One question, the whole answer."""
    answer: ChatCompletion = await client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": text}], **more)
    return answer


@dataclass
class Seen:
    """What came through a stream."""

    texts: list[str] = field(default_factory=list)
    refusal: str = ""
    finish: str | None = None
    usage: CompletionUsage | None = None
    error: openai.OpenAIError | None = None

    @property
    def text(self) -> str:
        return "".join(self.texts)


async def stream(client: AsyncOpenAI, *, usage: bool = True) -> Seen:
    """One question, the answer in pieces; an error in the middle is kept."""
    seen = Seen()
    messages: Any = [{"role": "user", "content": "hello"}]
    options: Any = {"stream_options": {"include_usage": True}} if usage else {}
    chunks = await client.chat.completions.create(model=MODEL, messages=messages, stream=True, **options)
    try:
        async for chunk in chunks:
            for choice in chunk.choices:
                seen.texts += [choice.delta.content] if choice.delta.content else []
                seen.refusal += choice.delta.refusal or ""
                seen.finish = choice.finish_reason or seen.finish
            seen.usage = chunk.usage or seen.usage
    except openai.OpenAIError as error:
        seen.error = error
    return seen
