"""The one web server: health, metrics, the practice page. Adapters add their routes."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

TRIES = 20
"""Ports to try after the wanted one."""
WHO = "X-Loopcoach"
"""Header by which a second start knows that the port is held by this same Loopcoach."""


def application(routes: Iterable[web.RouteDef], alive: Callable[[], bool], ready: Callable[[], bool], instance: str) -> web.Application:
    """Everything that is served. `instance` names the data this process works on."""
    app = web.Application(client_max_size=1_000_000)

    async def livez(request: web.Request) -> web.Response:
        return web.Response(text="alive\n" if alive() else "stuck\n", status=200 if alive() else 503, headers={WHO: instance})

    async def readyz(request: web.Request) -> web.Response:
        return web.Response(text="ready\n" if ready() else "not ready\n", status=200 if ready() else 503, headers={WHO: instance})

    async def metrics(request: web.Request) -> web.Response:
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
