"""What stands in front of every address of the page: whose requests are answered, and what a browser may do with the answers."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer a browser hides the origin of our own login form from us
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True)
class Guard:
    """Wraps handlers. On a loopback address only requests that name one are answered, against DNS rebinding."""

    loopback: bool

    def __call__(self, handler: Handler) -> Handler:
        """The handler, for admitted requests only, with the headers on its answer."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                self._admit(request)
                response = await handler(request)
            except web.HTTPException as error:
                error.headers.update(HEADERS)
                raise
            if not response.prepared:
                response.headers.update(HEADERS)
            return response

        return guarded

    def _admit(self, request: web.Request) -> None:
        if self.loopback and not is_loopback(urlsplit(f"//{request.host}").hostname or ""):
            raise web.HTTPMisdirectedRequest(text="This page answers to localhost only.")
        origin = request.headers.get("Origin")
        changes = request.method == "POST" or request.headers.get("Upgrade", "").lower() == "websocket"
        if changes and origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="This came from another site's page.")


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach an address of this name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
