"""The way of every REST request: limits, faults, token, body, judge, effect, judge, answer."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
import traceback
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.discord.core.errors import DiscordError, tree
from tests.fakes.discord.core.world import World
from tests.fakes.discord.judge.spec import Judge
from tests.fakes.discord.judge.verdicts import Verdicts
from tests.fakes.discord.rest import bodies, judged
from tests.fakes.discord.rest.buckets import Buckets
from tests.fakes.discord.rest.faults import RESET, Fault, Faults
from tests.fakes.discord.rest.routing import Call, Reply, find, known

VIA = {"Via": "1.1 google"}
"""Without it discord.py takes a 429 for a Cloudflare ban."""
DIGITS = re.compile(r"^\d{1,20}$")


@dataclass
class Seen:
    """One request as it went, for tests to count."""

    route: str
    path: str
    status: int
    body: Any


class Door:
    """`answer` is an aiohttp handler for everything under `/api`."""

    def __init__(self, world: World, judge: Judge | None, verdicts: Verdicts) -> None:
        self.buckets = Buckets()
        self.faults = Faults()
        self.requests: list[Seen] = []
        self._world = world
        self._judge = judge
        self._verdicts = verdicts

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The whole way."""
        path = "/" + request.match_info["path"].strip("/")
        if request.match_info["version"] != "10":
            return _json(400, DiscordError(50041, message="Invalid API version").body())
        found = find(request.method, path)
        if found is None:
            return _json(405 if known(path) else 404, {"message": "404: Not Found", "code": 0})
        route, parameters = found
        seen = Seen(route.name, path, 0, None)
        self.requests.append(seen)
        now = asyncio.get_running_loop().time()
        limited = self._limit(route, parameters, now)
        if limited is not None:
            seen.status = 429
            self.buckets.invalid(now, 429)
            return limited
        fault = self.faults.take(route.name, after=False)
        if fault is not None:
            await asyncio.sleep(fault.delay)
            if fault.what is not None:
                return _broken(request, seen, fault)
        bucket = self.buckets.bucket(route, parameters)
        headers = bucket.headers(now) if bucket is not None else {}
        reply = await self._answer(request, seen, found)
        seen.status = reply.status
        self.buckets.invalid(now, reply.status)
        fault = self.faults.take(route.name, after=True)
        if fault is not None:
            await asyncio.sleep(fault.delay)
            if fault.what is not None:
                return _broken(request, seen, fault)
        return _json(reply.status, reply.body, headers)

    def _limit(self, route: Any, parameters: dict[str, str], now: float) -> web.Response | None:
        if self.buckets.banned(now):
            return _cloudflare()
        if not route.open:
            wait = self.buckets.globally(now)
            if wait > 0:
                return _too_many(wait, everywhere=True)
        bucket = self.buckets.bucket(route, parameters)
        if bucket is not None and not bucket.take(now):
            return _too_many(bucket.ends - now, headers=bucket.headers(now))
        return None

    async def _answer(self, request: web.Request, seen: Seen, found: tuple[Any, dict[str, str]]) -> Reply:
        route, parameters = found
        try:
            if not route.open:
                self._authorize(request)
            body, files = await bodies.read(request, self._world.snowflakes)
            seen.body = body
            call = Call(self._world, route, {}, {}, dict(request.query), body, files, request.headers.get("X-Audit-Log-Reason"))
            self._path(call, parameters)
            if self._judge is not None:
                judged.request(self._judge, self._verdicts, call)
            reply: Reply = await route.handler(call)
        except DiscordError as error:
            if error.code == 50035 and not getattr(error, "judged", False):
                self._verdicts.add("violation", "client", route.name, [(_first(error.errors), _sentence(error.errors))])
            reply = Reply(error.status, error.body())
        except Exception:
            if self._judge is None:  # nobody has judged the body: what breaks a handler is malformed
                return Reply(400, DiscordError(50035, errors=tree([("", "Malformed", "BASE_TYPE_BAD")])).body())
            self._verdicts.add("violation", "fake", route.name, [("", traceback.format_exc())])
            return Reply(500, {"message": "500: Internal Server Error", "code": 0})
        if self._judge is not None:
            judged.reply(self._judge, self._verdicts, route, reply)
        return reply

    def _authorize(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bot {self._world.application.token}":
            raise DiscordError(0, status=401, message="401: Unauthorized")

    def _path(self, call: Call, parameters: dict[str, str]) -> None:
        for name, text in parameters.items():
            if name.endswith("_id") and text not in ("@me", "@original"):
                if not DIGITS.match(text):
                    sentence = f'Value "{text}" is not snowflake.'
                    raise DiscordError(50035, errors=tree([(name, sentence, "NUMBER_TYPE_COERCE")]))
                call.ids[name] = int(text)
            else:
                call.texts[name] = text


def _broken(request: web.Request, seen: Seen, fault: Fault) -> web.StreamResponse:
    if fault.what == RESET:
        seen.status = -1
        transport = request.transport
        if transport is not None:
            plain = transport.get_extra_info("socket")
            if plain is not None:  # linger 0: the other side gets ECONNRESET and no orderly end
                plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        raise ConnectionResetError
    assert isinstance(fault.what, int)
    seen.status = fault.what
    if fault.cloudflare:
        return _cloudflare()
    if fault.what == 429:
        return _too_many(fault.retry_after or 0.2, everywhere=fault.everywhere)
    return web.Response(status=fault.what, text="upstream trouble", content_type="text/plain", headers=VIA)


def _cloudflare() -> web.Response:
    return web.Response(status=429, text="<html>error code: 1015</html>", content_type="text/html", headers={"Retry-After": "600"})


def _too_many(wait: float, *, everywhere: bool = False, headers: dict[str, str] | None = None) -> web.Response:
    body = {"message": "You are being rate limited.", "retry_after": round(max(wait, 0.001), 3), "global": everywhere, "code": 0}
    extra = {"Retry-After": str(max(1, round(wait))), "X-RateLimit-Scope": "global" if everywhere else "user", **(headers or {})}
    if everywhere:
        extra["X-RateLimit-Global"] = "true"
    return _json(429, body, extra)


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    """The type is exactly `application/json`: with a charset discord.py takes the body for text."""
    if body is None:
        return web.Response(status=status, headers={**VIA, **(headers or {})})
    payload = json.dumps(body).encode()
    return web.Response(status=status, body=payload, headers={**VIA, **(headers or {}), "Content-Type": "application/json"})


def _first(errors: dict[str, Any] | None) -> str:
    """The path of the first error in a tree."""
    for key, value in (errors or {}).items():
        if key != "_errors":
            return ".".join(filter(None, [key, _first(value)]))
    return ""


def _sentence(errors: dict[str, Any] | None) -> str:
    for key, value in (errors or {}).items():
        if key == "_errors":
            return str(value[0]["message"])
        return _sentence(value)
    return "Invalid Form Body"
