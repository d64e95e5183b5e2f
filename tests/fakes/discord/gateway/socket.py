"""One gateway connection: hello, identify or resume, heartbeats, and the reasons for which Discord hangs up."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections import deque
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.fakes.discord.gateway import intents
from tests.fakes.discord.gateway.compression import Press, press
from tests.fakes.discord.gateway.members import chunks
from tests.fakes.discord.gateway.session import Session

if TYPE_CHECKING:
    from tests.fakes.discord.core.world import World
    from tests.fakes.discord.gateway.hub import Hub

LARGEST = 4096
"""Bytes of a client's frame."""
MOST, WINDOW = 120, 60.0
"""Frames per seconds."""
GUILDS_PER_SHARD = 2500


class Fatal(Exception):
    """Hang up with a close code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code, self.reason = code, reason


class Connection:
    """Writes in order through a queue (one zlib context for all), reads until one side hangs up."""

    def __init__(self, world: World, hub: Hub, request: web.Request) -> None:
        self.session: Session | None = None
        self._world = world
        self._hub = hub
        self._request = request
        self._socket = web.WebSocketResponse(max_msg_size=1 << 20, autoping=True)
        self._queue: asyncio.Queue[str | tuple[int, str]] = asyncio.Queue()
        self._press: Press | None = None
        self._frames: deque[float] = deque()
        self._zipped_payloads = False
        self._hanging_up = False
        self._said_goodbye = False
        """The client closed, with a close frame."""
        self._heartbeat_due = 0.0

    async def run(self) -> web.StreamResponse:
        """Until it is over."""
        await self._socket.prepare(self._request)
        self._hub.connections.append(self)
        writer = asyncio.create_task(self._write())
        try:
            await self._talk()
        except Fatal as fatal:
            self.close(fatal.code, fatal.reason)
        finally:
            if self._hanging_up:
                await asyncio.wait({writer}, timeout=2)
            writer.cancel()
            self._hub.connections.remove(self)
            self._part()
        return self._socket

    def send(self, text: str) -> None:
        """Queue a frame."""
        self._queue.put_nowait(text)

    def op(self, code: int, data: Any) -> None:
        """Queue a frame that is no event."""
        self.send(json.dumps({"op": code, "d": data, "s": None, "t": None}))

    def close(self, code: int, reason: str) -> None:
        """Hang up once everything queued is out."""
        if not self._hanging_up:
            self._hanging_up = True
            self._hub.closed.append(code)
            self._queue.put_nowait((code, reason))

    def abort(self) -> None:
        """The wire breaks: no close frame."""
        if self._request.transport is not None:
            self._request.transport.abort()

    def _part(self) -> None:
        """1000 and 1001 from the client end its session; anything else leaves it to be resumed."""
        session = self.session
        if session is None or session.line is not self:
            return
        session.line = None
        session.dropped_at = self._world.clock.now()
        if self._socket.close_code in (1000, 1001) and self._said_goodbye:
            session.dead = True

    async def _write(self) -> None:
        while True:
            item = await self._queue.get()
            if isinstance(item, tuple):
                await self._socket.close(code=item[0], message=item[1].encode())
                return
            with contextlib.suppress(ConnectionError):
                if self._press is not None:
                    await self._socket.send_bytes(self._press(item.encode()))
                elif self._zipped_payloads:
                    await self._socket.send_bytes(zlib.compress(item.encode()))
                else:
                    await self._socket.send_str(item)

    async def _talk(self) -> None:
        query = self._request.query
        if query.get("v", "10") != "10":
            raise Fatal(4012, "Invalid API version")
        if query.get("encoding", "json") != "json":
            raise Fatal(4002, "The fake speaks JSON")
        try:
            self._press = press(query.get("compress"))
        except LookupError:
            raise Fatal(4002, "The fake lacks this compression") from None
        self.op(10, {"heartbeat_interval": self._hub.heartbeat_interval, "_trace": ["fake"]})
        loop = asyncio.get_running_loop()
        self._heartbeat_due = loop.time() + self._patience
        while True:
            try:
                frame = await self._socket.receive(timeout=max(0.01, self._heartbeat_due - loop.time()))
            except TimeoutError:
                raise Fatal(4000, "No heartbeat") from None
            if frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                self._said_goodbye = frame.type == WSMsgType.CLOSE and not self._hanging_up
                return
            self._count(loop.time())
            body = self._decode(frame.data)
            try:
                self._handle(body)
            except (KeyError, TypeError, ValueError):
                raise Fatal(4002, "Error while decoding payload.") from None

    @property
    def _patience(self) -> float:
        """Seconds a client may be silent: its interval and half."""
        return self._hub.heartbeat_interval / 1000 * 1.5

    def _count(self, now: float) -> None:
        self._frames.append(now)
        while self._frames[0] < now - WINDOW:
            self._frames.popleft()
        if len(self._frames) > MOST:
            raise Fatal(4008, "You are being rate limited.")

    @staticmethod
    def _decode(data: str | bytes) -> dict[str, Any]:
        raw = data.encode() if isinstance(data, str) else data
        if len(raw) > LARGEST:
            raise Fatal(4002, "Error while decoding payload.")
        try:
            body = json.loads(raw)
        except ValueError:
            raise Fatal(4002, "Error while decoding payload.") from None
        if not isinstance(body, dict) or not isinstance(body.get("op"), int):
            raise Fatal(4002, "Error while decoding payload.")
        return body

    def _handle(self, body: dict[str, Any]) -> None:
        code, data = body["op"], body.get("d")
        if code == 1:
            self._heartbeat_due = asyncio.get_running_loop().time() + self._patience
            if self._hub.answers_heartbeats:
                self.op(11, None)
        elif code == 2:
            self._identify(_object(data))
        elif code == 6:
            self._resume(_object(data))
        elif code not in (3, 4, 8, 31, 43):
            raise Fatal(4001, "Unknown opcode.")
        elif self.session is None:
            raise Fatal(4003, "Not authenticated.")
        elif code == 3:
            self._presence(_object(data))
        elif code == 8:
            for chunk in chunks(self._world, self.session, _object(data)):
                self.session.push("GUILD_MEMBERS_CHUNK", chunk)

    def _presence(self, data: dict[str, Any]) -> None:
        if data.get("status") not in ("online", "dnd", "idle", "invisible", "offline") or not isinstance(data.get("activities"), list):
            raise Fatal(4001, "Invalid presence")
        self._hub.presences.append(data)

    def _identify(self, data: dict[str, Any]) -> None:
        if self.session is not None:
            raise Fatal(4005, "Already authenticated.")
        if not isinstance(data.get("token"), str) or not isinstance(data.get("properties"), dict):
            raise Fatal(4002, "Error while decoding payload.")
        if data["token"].removeprefix("Bot ") != self._world.application.token:
            raise Fatal(4004, "Authentication failed.")
        self._check_intents(data.get("intents"))
        shard = data.get("shard") or [0, 1]
        if len(shard) != 2 or not 0 <= shard[0] < shard[1]:
            raise Fatal(4010, "Invalid shard.")
        number = (int(shard[0]), int(shard[1]))
        if sum((guild.id >> 22) % number[1] == number[0] for guild in self._world.joined_guilds()) > GUILDS_PER_SHARD:
            raise Fatal(4011, "Sharding required.")
        if not self._hub.may_identify(number[0]):
            self.op(9, False)
            return
        self._zipped_payloads = bool(data.get("compress")) and self._press is None
        self.session = self._hub.start(self, data, number)
        if data.get("presence"):
            self._hub.presences.append(data["presence"])

    def _check_intents(self, asked: Any) -> None:
        if not isinstance(asked, int) or asked & ~intents.KNOWN or asked < 0:
            raise Fatal(4013, "Invalid intent(s).")
        granted = self._world.application.granted
        for name, bit in (("members", intents.MEMBERS), ("presences", intents.PRESENCES), ("message_content", intents.CONTENT)):
            if asked & bit and name not in granted:
                raise Fatal(4014, "Disallowed intent(s).")

    def _resume(self, data: dict[str, Any]) -> None:
        if self.session is not None:
            raise Fatal(4005, "Already authenticated.")
        if str(data.get("token", "")).removeprefix("Bot ") != self._world.application.token:
            raise Fatal(4004, "Authentication failed.")
        session = self._hub.sessions.get(str(data.get("session_id")))
        if session is None or session.expired(self._world.clock.now()):
            self.op(9, False)
            return
        after = data.get("seq")
        if not isinstance(after, int) or after > session.sequence:
            raise Fatal(4007, "Invalid seq.")
        old = session.line
        if isinstance(old, Connection):
            session.line = None
            old.session = None
            old.close(4000, "Resumed elsewhere")
        self.session, session.line, session.dropped_at = session, self, None
        self._hub.resumes += 1
        session.replay(after)
        session.push("RESUMED", {"_trace": ["fake"]})


def _object(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise Fatal(4002, "Error while decoding payload.")
    return data
