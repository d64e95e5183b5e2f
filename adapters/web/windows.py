"""The open windows, and what is pushed to them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from aiohttp import WSCloseCode, web

from adapters.web.drawing import Json, View, draw_entry
from adapters.web.history import Entry

QUEUE = 256
"""Messages that may wait for one window."""


class Window:
    """One open page, being one person. A window that does not read is cut off; it catches up when it comes back."""

    def __init__(self, socket: web.WebSocketResponse, cut: Callable[[], None], view: View) -> None:
        self.person: str | None = None
        """Key of who it is; None until it said hello."""
        self.view = view
        self._socket = socket
        self.cut = cut
        """Drops the connection; the page comes back by itself."""
        self._queue: asyncio.Queue[Json] = asyncio.Queue(QUEUE)
        self._pump: asyncio.Task[None] | None = None

    def push(self, message: Json) -> None:
        """Have it sent when its turn comes."""
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            self.cut()

    def show(self, entry: Entry) -> None:
        """Push an entry as this window draws it."""
        self.push({"type": "entry", "entry": draw_entry(entry, self.view)})

    async def become(self, person: str, view: View) -> None:
        """Be somebody from now on: what is pushed waits until `start`."""
        await self.stop()
        self._queue = asyncio.Queue(QUEUE)
        self.person, self.view = person, view

    def start(self, first: Sequence[Json]) -> None:
        """Send these, then whatever was and will be pushed."""
        self._pump = asyncio.create_task(self._send(first))

    @property
    def talking(self) -> bool:
        """Whether what is pushed is being sent."""
        return self._pump is not None

    async def stop(self) -> None:
        """Send nothing more for now."""
        pump, self._pump = self._pump, None
        if pump:
            pump.cancel()
            with suppress(asyncio.CancelledError):
                await pump

    async def close(self) -> None:
        """Tell the page that we go away; it will come back."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._socket.close(code=WSCloseCode.GOING_AWAY), 2)

    async def _send(self, first: Sequence[Json]) -> None:
        with suppress(ConnectionError):
            for message in first:
                await self._socket.send_json(message)
            while True:
                await self._socket.send_json(await self._queue.get())


class Windows:
    """All of them."""

    def __init__(self) -> None:
        self._open: set[Window] = set()

    def add(self, window: Window) -> None:
        """It is open."""
        self._open.add(window)

    def discard(self, window: Window) -> None:
        """It is closed."""
        self._open.discard(window)

    def show(self, entry: Entry) -> None:
        """An entry, to every window that may see it."""
        for window in self._open:
            if window.person is not None and entry.may_see(window.person):
                window.show(entry)

    def tell(self, message: Json, only: str | None = None) -> None:
        """Anything else, to everybody's windows or one person's."""
        for window in self._open:
            if window.person is not None and only in (None, window.person):
                window.push(message)

    async def close(self) -> None:
        """Close them all."""
        await asyncio.gather(*(window.close() for window in self._open))
