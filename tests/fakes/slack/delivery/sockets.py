"""Socket Mode: connections, envelopes, acknowledgements, disconnects."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.slack.delivery.record import Delivery, Outcome, Timing
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.model import JSON
from tests.fakes.slack.world import World

HOST = "applink-fake-1"
MOST = 10


@dataclass
class Socket:
    """One open connection."""

    app_id: str
    ws: web.WebSocketResponse
    request: web.Request
    closing: bool = False
    waiting: dict[str, asyncio.Future[JSON]] = field(default_factory=dict)

    def kill(self) -> None:
        """Reset the TCP connection, without a goodbye."""
        if self.request.transport:
            self.request.transport.abort()


class Sockets:
    """All connections of all apps."""

    def __init__(self, world: World, faults: Faults, timing: Timing) -> None:
        self._world, self._faults, self._timing = world, faults, timing
        self._tickets: dict[str, str] = {}
        self._opened = asyncio.Event()
        self._turn = 0
        self.open: list[Socket] = []
        self.acks: list[JSON] = []
        """Every acknowledgement that came in, with its payload."""
        self.base = ""
        self._closers: set[asyncio.Task[None]] = set()

    def url(self, app_id: str) -> str:
        """A WebSocket address for one connection."""
        ticket = self._world.ids.uuid("ticket")
        self._tickets[ticket] = app_id
        return f"{self.base}/link/?ticket={ticket}&app_id={app_id}"

    def of(self, app_id: str) -> list[Socket]:
        return [one for one in self.open if one.app_id == app_id and not one.closing]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, from handshake to end."""
        ticket = request.query.get("ticket", "")
        if self._faults.spend("refused_sockets"):
            return web.Response(status=503)
        app_id = self._tickets.pop(ticket, "")
        if not app_id:
            return web.Response(status=404, text="ticket used or unknown")
        ws = web.WebSocketResponse(autoping=True)
        await ws.prepare(request)
        socket = Socket(app_id, ws, request)
        if len(self.of(app_id)) >= MOST:
            await self._disconnect(socket, "too_many_websockets")
            await ws.close()
            return ws
        self.open.append(socket)
        pings = asyncio.create_task(self._ping(socket))
        try:
            await ws.send_json(
                {
                    "type": "hello",
                    "num_connections": len(self.of(app_id)),
                    "debug_info": {"host": HOST, "build_number": 10, "approximate_connection_time": 18060},
                    "connection_info": {"app_id": app_id},
                }
            )
            self._opened.set()
            self._opened = asyncio.Event()
            async for frame in ws:
                if frame.type is WSMsgType.TEXT:
                    self._read(socket, frame.data)
        finally:
            pings.cancel()
            socket.closing = True
            self.open.remove(socket)
            for future in socket.waiting.values():
                if not future.done():
                    future.set_exception(ConnectionResetError("the socket closed"))
        return ws

    def _read(self, socket: Socket, data: str) -> None:
        try:
            ack = json.loads(data)
        except ValueError:
            self._world.complaints.append(f"not JSON over the socket: {data[:60]!r}")
            return
        self.acks.append(ack)
        future = next((one.waiting[ack["envelope_id"]] for one in self.open if ack.get("envelope_id") in one.waiting), None)
        if future is None:
            self._world.complaints.append(f"acknowledged an envelope that is not waiting: {ack.get('envelope_id')}")
        elif not future.done():
            if self._faults.spend("lost_acks"):
                future.set_exception(TimeoutError("the acknowledgement got lost"))
            else:
                future.set_result(ack)

    async def send(self, delivery: Delivery, number: int, reason: str, envelope_id: str) -> Outcome:
        """Send one envelope to any one connection and wait for its acknowledgement."""
        deadline = asyncio.create_task(self._world.clock.sleep(self._timing.ack))
        try:
            socket = await self._pick(delivery.app_id, deadline)
            if socket is None:
                return Outcome(False, "timeout")
            envelope: JSON = {
                "envelope_id": envelope_id,
                "payload": delivery.payload,
                "type": delivery.kind,
                "accepts_response_payload": delivery.accepts_response,
            }
            if delivery.kind == "events_api":
                envelope |= {"retry_attempt": number, "retry_reason": reason}
            future: asyncio.Future[JSON] = asyncio.get_running_loop().create_future()
            socket.waiting[envelope_id] = future
            try:
                await socket.ws.send_json(envelope)
                either: set[asyncio.Future[Any]] = {future, deadline}
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
                if future.done() and not future.exception():
                    return Outcome(True, payload=future.result().get("payload"))
                return Outcome(False, "timeout")
            except (ConnectionError, RuntimeError):
                return Outcome(False, "timeout")
            finally:
                socket.waiting.pop(envelope_id, None)
                future.cancel()
        finally:
            deadline.cancel()

    async def _pick(self, app_id: str, deadline: asyncio.Task[None]) -> Socket | None:
        while not deadline.done():
            ready = self.of(app_id)
            if ready:
                self._turn += 1
                return ready[self._turn % len(ready)]
            opened = asyncio.create_task(self._opened.wait())
            waits: set[asyncio.Task[Any]] = {opened, deadline}
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                opened.cancel()
        return None

    async def _ping(self, socket: Socket) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            while True:
                await asyncio.sleep(self._timing.ping)
                await socket.ws.ping(f"Ping from {HOST}".encode())

    async def _disconnect(self, socket: Socket, reason: str) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            await socket.ws.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}})

    async def disconnect(self, app_id: str, reason: str, which: int | None = None) -> None:
        """Tell connections to go: `warning` leaves them usable, the others get nothing more and are closed soon."""
        chosen = self.of(app_id) if which is None else [self.of(app_id)[which]]
        for socket in chosen:
            socket.closing = reason != "warning"
            await self._disconnect(socket, reason)
            task = asyncio.create_task(self._close_later(socket))
            self._closers.add(task)
            task.add_done_callback(self._closers.discard)

    async def _close_later(self, socket: Socket) -> None:
        await self._world.clock.sleep(self._timing.disconnect_grace)
        socket.closing = True
        await socket.ws.close()

    def kill(self, app_id: str = "") -> int:
        """Reset the TCP connections; how many."""
        chosen = [one for one in self.open if app_id in ("", one.app_id)]
        for socket in chosen:
            socket.closing = True
            socket.kill()
        return len(chosen)

    async def stop(self) -> None:
        for task in list(self._closers):
            task.cancel()
        for socket in list(self.open):
            await socket.ws.close()
