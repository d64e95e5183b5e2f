"""Asks the server what it can do: one structured reply, one stream, whether it counts. Nothing of anybody's is sent, nothing is kept."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from adapters.openai import client as clients
from adapters.openai.asking import Asker, Order, Reply
from adapters.openai.prices import price_of
from adapters.openai.profiles import Profile
from adapters.openai.schema import Turn
from core.errors import ModelError, Trouble

SETUP = "Reply with a JSON object. follow_up: the sentence `The queue is empty.`; about: an empty string; facts and findings: empty lists."
SLOW = 3.0
"""Seconds to the first words after which a talk feels slow."""
THEN: dict[Trouble, str] = {
    "slow": "Is the server busy, or the model too large for it?",
    "away": "Is OPENAI_BASE_URL right, and does the server run?",
    "busy": "Try again in a minute.",
    "quota": "The account has no credit left.",
    "key": "OPENAI_API_KEY is wrong, or may not use this model.",
    "name": "OPENAI_MODEL or OPENAI_BASE_URL (it usually ends in /v1) is wrong.",
    "refused": "The model declines the plainest request; choose another.",
    "garbled": "It cannot hold to a shape; choose a model that follows instructions.",
}


@dataclass(frozen=True)
class Line:
    """One finding."""

    state: Literal["ok", "off", "warn", "bad"]
    what: str
    then: str = ""


async def examine(url: str, key: str | None, name: str, profile: Profile, prices: str | None) -> AsyncIterator[Line]:
    """What it says and does."""
    yield Line("ok", f"asked at {urlsplit(url).hostname}, as {'OpenAI' if profile.name == 'openai' else 'a compatible server'}")
    await clients.warm()
    client = clients.make(url, key)
    asker = Asker(client, profile, name, price_of(name, prices))
    order = Order([{"role": "system", "content": SETUP}, {"role": "user", "content": "Begin."}], Turn, 200, deadline=30.0)
    began, first, pieces = time.monotonic(), None, 0
    try:
        async for part in asker.stream(order):
            first = first or time.monotonic() - began
            if isinstance(part, Reply):
                async for line in _found(asker, part, first, pieces):
                    yield line
            else:
                pieces += 1
    except ModelError as error:
        yield Line("bad", _WHAT[error.kind], THEN[error.kind])
    finally:
        await client.close()


async def _found(asker: Asker, reply: Reply[Turn], first: float, pieces: int) -> AsyncIterator[Line]:
    able = asker.abilities
    if able.structure == "json_schema":
        yield Line("ok", "holds a reply to its schema" if reply.usage.calls == 1 else "needed a second try for the schema")
    else:
        yield Line("warn", f"takes no JSON schema: it is asked for {able.structure}, and its shape is checked here")
    state: Literal["ok", "warn"] = "ok" if first < SLOW else "warn"
    yield Line(
        state, f"first words after {first:.1f} s, in {pieces} piece{'s' * (pieces != 1)}", "" if pieces > 1 else "It does not stream."
    )
    usage = reply.usage
    if usage.estimated:
        yield Line("warn", "does not say how many tokens it used: they are estimated from the length, and marked so")
    else:
        yield Line("ok", f"counts its tokens ({usage.input_tokens} in, {usage.output_tokens} out)")
    if asker.price is None:
        yield Line(
            "warn",
            "its prices are not known: only tokens are limited",
            "OPENAI_PRICES=in/cached/out, dollars for a million; 0/0/0 if yours",
        )
    if able.dropped:
        yield Line("off", f"refuses {', '.join(sorted(able.dropped))}: left out from now on")
    if asker.profile.context:
        yield Line(
            "off", f"a long mock needs {asker.profile.context:,} tokens of context; Ollama's default may be 4,096", "num_ctx, --ctx-size"
        )


_WHAT: dict[Trouble, str] = {
    "slow": "no reply within 30 s",
    "away": "no answer",
    "busy": "overloaded",
    "quota": "no credit left",
    "key": "refuses our key",
    "name": "not known at this address",
    "refused": "declined",
    "garbled": "its reply could not be read",
}
