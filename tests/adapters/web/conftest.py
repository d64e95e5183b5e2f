"""A page with a working coach behind it, on a loopback port."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientWebSocketResponse, web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.greeting import Greeting
from adapters.web.inbound import Inbound
from adapters.web.platform import WebPlatform
from adapters.web.rooms import Rooms
from adapters.web.routes import routes
from adapters.web.session import Sessions
from adapters.web.socket import Socket
from core.chat import Chart
from core.commands import COMMANDS, LONE, parse
from core.questions.bank import LEVELS
from tests.fakes.door import FakeDoor
from tests.fakes.page_history import FakeHistory

CHANNEL = "web/page/backend-interviews"


class SteadyClock:
    """A millisecond later each time it is asked."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


@dataclass
class Window:
    """A browser window, without the browser."""

    socket: ClientWebSocketResponse

    async def send(self, type: str, **fields: Any) -> str:
        id = fields.pop("id", None) or uuid.uuid4().hex
        await self.socket.send_json({"type": type, "id": id, **fields})
        return id

    async def next(self, type: str) -> dict[str, Any]:
        """The next message of this type; others are passed over."""
        while True:
            message: dict[str, Any] = await self.socket.receive_json(timeout=5)
            if message["type"] == type:
                return message

    async def rest(self) -> list[dict[str, Any]]:
        """Everything that is still coming."""
        messages = []
        with suppress(TimeoutError):
            while True:
                messages.append(await self.socket.receive_json(timeout=0.15))
        return messages

    async def hello(self, **fields: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        await self.socket.send_json({"type": "hello", **fields})
        welcome = await self.next("welcome")
        return welcome, (await self.next("entries"))["entries"]


@dataclass
class Page:
    """All the parts, and the windows that look at them."""

    history: FakeHistory
    platform: WebPlatform
    door: FakeDoor
    client: TestClient[Any, Any]
    drawn: list[Chart]
    stack: AsyncExitStack

    async def open(self, **fields: Any) -> Window:
        """A window that has said hello."""
        window = await self.socket()
        await window.hello(**fields)
        return window

    async def socket(self, **headers: str) -> Window:
        return Window(await self.stack.enter_async_context(self.client.ws_connect("/ws", headers=headers)))


Build = Callable[..., Any]


@pytest_asyncio.fixture
async def build() -> AsyncIterator[Build]:
    async with AsyncExitStack() as stack:

        async def make(*, password: str | None = None, loopback: bool = True, channels: tuple[str, ...] = ("backend-interviews",)) -> Page:
            clock, history, drawn = SteadyClock(), FakeHistory(), list[Chart]()
            platform = WebPlatform(history, clock, Rooms(channels=channels))
            door = FakeDoor(platform, clock)
            commands = [
                {"name": one.name, "usage": one.usage, "summary": one.summary, "actions": one.actions} for one in COMMANDS if one.shown
            ]
            greeting = Greeting("1.0", lambda: "Reviewer: text match (offline).", commands, tuple(LONE), LEVELS)
            sessions = Sessions(clock, password)
            app = web.Application()

            def draw(chart: Chart) -> bytes:
                drawn.append(chart)
                return b"\x89PNG"

            app.add_routes(routes(Socket(platform, sessions, Inbound(parse), greeting), sessions, draw, loopback))
            running = asyncio.create_task(platform.run(door))
            client = await stack.enter_async_context(TestClient(TestServer(app)))

            async def stop() -> None:
                running.cancel()
                await asyncio.wait([running])

            stack.push_async_callback(stop)
            return Page(history, platform, door, client, drawn, stack)

        yield make


@pytest_asyncio.fixture
async def page(build: Build) -> Page:
    made: Page = await build()
    return made


@pytest.fixture
def channel() -> str:
    return CHANNEL
