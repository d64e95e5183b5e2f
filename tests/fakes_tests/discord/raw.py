"""REST and gateway without a library: for what no library would send."""

from __future__ import annotations

import json
import zlib
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord.judge.spec import judge, required
from tests.fakes.discord.server import FakeDiscord


class Raw:
    """A bare client of the fake."""

    def __init__(self, fake: FakeDiscord) -> None:
        self._fake = fake
        self._session = aiohttp.ClientSession()
        self.headers: dict[str, str] = {}
        """Of the last answer."""

    async def __aenter__(self) -> Raw:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def __call__(self, method: str, path: str, body: Any = None, *, token: str | None = None, **more: Any) -> tuple[int, Any]:
        """Status and body."""
        headers = {"Authorization": f"Bot {token or self._fake.token}"}
        async with self._session.request(method, self._fake.api_url + path, json=body, headers=headers, **more) as answer:
            self.headers = dict(answer.headers)
            text = await answer.text()
            return answer.status, json.loads(text) if text and answer.content_type == "application/json" else text

    async def code(self, method: str, path: str, body: Any = None) -> int:
        """Discord's error code; 0 for success."""
        status, answer = await self(method, path, body)
        return 0 if status < 300 else answer["code"]

    async def gateway(self, *, compress: bool = False, query: str = "v=10&encoding=json") -> Wire:
        """An open connection, before HELLO."""
        suffix = "&compress=zlib-stream" if compress else ""
        return Wire(await self._session.ws_connect(f"{self._fake.gateway_url}?{query}{suffix}"), self._fake, compress)


class Wire:
    """A gateway connection."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, fake: FakeDiscord, compress: bool) -> None:
        self.socket = socket
        self._fake = fake
        self._inflate = zlib.decompressobj() if compress else None
        self.sequence: int | None = None

    async def read(self) -> dict[str, Any]:
        """The next frame; a close gives `{"closed": code}`."""
        frame = await self.socket.receive(timeout=3)
        if frame.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.ERROR):
            return {"closed": self.socket.close_code}
        data = frame.data
        if self._inflate is not None:
            assert data.endswith(b"\x00\x00\xff\xff")
            data = self._inflate.decompress(data)
        body: dict[str, Any] = json.loads(data)
        if body.get("s"):
            self.sequence = body["s"]
        return body

    async def until(self, name: str) -> dict[str, Any]:
        """The data of the next event of this name."""
        while True:
            frame = await self.read()
            assert "closed" not in frame, frame
            if frame.get("t") == name:
                data: dict[str, Any] = frame["d"]
                return data

    async def send(self, op: int, data: Any) -> None:
        """A frame."""
        await self.socket.send_json({"op": op, "d": data})

    async def identify(self, intents: int = 513, **more: Any) -> dict[str, Any]:
        """HELLO, IDENTIFY, and what comes then: READY, or the close."""
        assert (await self.read())["op"] == 10
        properties = {"os": "linux", "browser": "raw", "device": "raw"}
        await self.send(2, {"token": self._fake.token, "intents": intents, "properties": properties, **more})
        return await self.read()

    async def resume(self, session: str, sequence: int | None) -> None:
        """HELLO, RESUME."""
        assert (await self.read())["op"] == 10
        await self.send(6, {"token": self._fake.token, "session_id": session, "seq": sequence})


judged = pytest.mark.skipif(judge() is None and not required(), reason="Discord's description or jsonschema-rs is not here")
"""For what only the description knows."""
