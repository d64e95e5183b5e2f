"""The library's client, with connections that are kept and a first call that costs no more than the others."""

from __future__ import annotations

import json

import httpx2
from openai import AsyncOpenAI, DefaultAsyncHttpx2Client

KEPT = 300.0
"""Seconds that an idle connection stays open; the library's own five would mean a new handshake for almost every turn."""
RETRIES = 1
NO_KEY = "none"
"""What a server of one's own is given that asks for no key; the library insists on one."""


def make(base_url: str, key: str | None) -> AsyncOpenAI:
    """A client for this server."""
    limits = httpx2.Limits(max_connections=50, max_keepalive_connections=20, keepalive_expiry=KEPT)
    timeout = httpx2.Timeout(60.0, connect=5.0)
    # what is refused is told by the server, not followed elsewhere: an answer goes nowhere but where the person was told
    http = DefaultAsyncHttpx2Client(limits=limits, timeout=timeout, follow_redirects=False)
    return AsyncOpenAI(base_url=base_url, api_key=key or NO_KEY, http_client=http, max_retries=RETRIES)


async def warm() -> None:
    """One stream from nowhere: the library builds its types at the first call, which takes half a second."""
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=_STREAM))
    async with httpx2.AsyncClient(transport=transport) as http:
        client = AsyncOpenAI(base_url="http://warm.invalid/v1", api_key=NO_KEY, http_client=http, max_retries=0)
        stream = await client.chat.completions.create(model="warm", messages=[{"role": "user", "content": "warm"}], stream=True)
        async for _ in stream:
            pass


_CHUNK = {
    "id": "warm",
    "object": "chat.completion.chunk",
    "created": 0,
    "model": "warm",
    "choices": [{"index": 0, "delta": {"role": "assistant", "content": "warm"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}
_STREAM = f"data: {json.dumps(_CHUNK)}\n\ndata: [DONE]\n\n".encode()
