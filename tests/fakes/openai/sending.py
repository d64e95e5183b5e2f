"""Writing a reply onto the connection, at a pace, and breaking it where the plan says so."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.openai.reply import Reply


class Broken(ConnectionError):
    """The fake closed the connection on purpose."""


class Closing:
    """Wakes everything that waits when the server closes."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        self._event.set()

    async def pause(self, seconds: float | None) -> None:
        """Wait; None: for ever. `Broken` as soon as the server closes."""
        if seconds is not None and seconds <= 0:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return
        raise Broken


@dataclass(frozen=True)
class Pace:
    """Seconds to the first token and between pieces; characters in a piece."""

    first: float
    between: float
    chunk: int


@dataclass(frozen=True)
class Sender:
    """Sends one reply."""

    request: web.Request
    reply: Reply
    pace: Pace
    closing: Closing
    cut_after: int | None
    headers: dict[str, str]

    async def whole(self) -> web.StreamResponse:
        """One JSON body, after the time that a stream of it would take."""
        pieces = -(-len(self.reply.text) // self.pace.chunk)
        await self.closing.pause(self.pace.first + self.pace.between * max(0, pieces - 1))
        body = json.dumps(self.reply.whole(), ensure_ascii=False).encode()
        response = web.StreamResponse(headers={**self.headers, "Content-Type": "application/json", "Content-Length": str(len(body))})
        await response.prepare(self.request)
        if self.cut_after is not None:
            await response.write(body[: len(body) // 2])
            raise Broken
        await response.write(body)
        await response.write_eof()
        return response

    async def stream(self, *, usage: bool) -> web.StreamResponse:
        """Server-sent events; with `usage` the last but `[DONE]` says the tokens."""
        response = web.StreamResponse(
            headers={**self.headers, "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
        )
        await response.prepare(self.request)
        nothing_yet = {"usage": None} if usage else {}
        await self.closing.pause(self.pace.first)
        await _event(response, {**self.reply.opening(), **nothing_yet})
        for number, piece in enumerate(self.reply.pieces(self.pace.chunk)):
            self._perhaps_break(number)
            if number:
                await self.closing.pause(self.pace.between)
            await _event(response, {**piece, **nothing_yet})
        if self.cut_after is not None:
            raise Broken
        await _event(response, {**self.reply.closing(), **nothing_yet})
        if usage:
            await _event(response, self.reply.final())
        await response.write(b"data: [DONE]\n\n")
        await response.write_eof()
        return response

    def _perhaps_break(self, sent: int) -> None:
        if self.cut_after is not None and sent >= self.cut_after:
            raise Broken


async def _event(response: web.StreamResponse, chunk: dict[str, Any]) -> None:
    await response.write(f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode())
