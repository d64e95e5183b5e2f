"""The one web server: health, metrics, the practice page. Adapters add their routes."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

TRIES = 20
"""Ports to try after the wanted one."""
WHO = "X-Loopcoach"
"""Header by which a second start knows that the port is held by this same Loopcoach."""


def application(
    routes: Iterable[web.RouteDef],
    stuck: Callable[[], str],
    unready: Callable[[], Awaitable[str]],
    measure: Callable[[], Awaitable[None]],
    instance: str,
) -> web.Application:
    """Everything that is served. `stuck` and `unready` say why, or nothing; `measure` is called before metrics are read; `instance` names
    the data this process works on."""
    app = web.Application(client_max_size=1_000_000)

    def answer(good: str, why: str) -> web.Response:
        return web.Response(text=f"{why or good}\n", status=503 if why else 200, headers={WHO: instance})

    async def livez(request: web.Request) -> web.Response:
        return answer("alive", stuck())

    async def readyz(request: web.Request) -> web.Response:
        return answer("ready", await unready())

    async def metrics(request: web.Request) -> web.Response:
        await measure()
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app.add_routes([web.get("/livez", livez), web.get("/readyz", readyz), web.get("/metrics", metrics), *routes])
    return app


def bind(host: str, port: int) -> socket.socket:
    """A listening socket on the port, or on the next free one after it. OSError where none of them is free."""
    last: OSError | None = None
    for candidate in range(port, min(port + TRIES, 65536)) if port else (0,):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(128)
        except OSError as error:
            listener.close()
            last = error
        else:
            return listener
    raise last or OSError(f"no port is free from {port} on")
