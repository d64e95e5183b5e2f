"""The page's addresses."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from adapters.web.history import Entry, History
from adapters.web.security import Guard, Handler
from adapters.web.session import COOKIE, LASTS, Sessions
from adapters.web.socket import Socket
from core.chat import Chart
from core.errors import CoachError

PAGE = Path(__file__).parent / "page"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def routes(socket: Socket, sessions: Sessions, draw: Callable[[Chart], bytes], loopback: bool) -> list[web.RouteDef]:
    """All of them, guarded. `draw` makes a PNG; `loopback`: the server listens on a loopback address only."""
    if not loopback and sessions.free:
        raise ValueError("a page that others can reach needs a password: set WEB_PASSWORD")
    guard = Guard(loopback)
    shelf = Shelf(socket.platform.history, sessions, draw)
    door = Entrance(sessions)
    files = [path for path in sorted(PAGE.rglob("*")) if path.suffix in TYPES and path.name != "login.html"]
    return [
        web.get("/", guard(door.page)),
        web.get("/login", guard(door.form)),
        web.post("/login", guard(door.login)),
        web.get("/ws", guard(socket)),
        web.get("/chart/{entry}.png", guard(shelf.chart)),
        web.get("/file/{entry}/{name}", guard(shelf.file)),
        *(web.get(f"/page/{path.relative_to(PAGE).as_posix()}", guard(_static(path))) for path in files),
    ]


def _static(path: Path) -> Handler:
    """Serves one file, read once. Browsers ask each time whether it changed."""
    body = path.read_bytes()
    etag = hashlib.sha256(body).hexdigest()[:32]

    async def serve(request: web.Request) -> web.Response:
        headers = {"Cache-Control": "no-cache", "ETag": f'"{etag}"'}
        if any(known.value == etag for known in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, content_type=TYPES[path.suffix], charset="utf-8", headers=headers)

    return serve


class Entrance:
    """The page itself, and the way in where there is a password."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._page = _static(PAGE / "index.html")
        self._login = (PAGE / "login.html").read_text()

    async def page(self, request: web.Request) -> web.StreamResponse:
        """The page, for whoever may see it."""
        if not (self._sessions.free or self._sessions.who(request)):
            raise web.HTTPSeeOther("/login")
        return await self._page(request)

    async def form(self, request: web.Request) -> web.StreamResponse:
        """Name and password."""
        if self._sessions.free:
            raise web.HTTPSeeOther("/")
        return self._ask()

    async def login(self, request: web.Request) -> web.StreamResponse:
        """A cookie, or what was wrong."""
        data = await request.post()
        name, password = str(data.get("name", "")), str(data.get("password", ""))
        try:
            cookie = await self._sessions.login(name, password, request.remote or "")
        except CoachError as error:
            return self._ask(str(error), name)
        response = web.Response(status=303, headers={"Location": "/"})
        secure = "https" in (request.scheme, request.headers.get("X-Forwarded-Proto"))
        response.set_cookie(COOKIE, cookie, max_age=int(LASTS.total_seconds()), httponly=True, samesite="Strict", secure=secure)
        return response

    def _ask(self, problem: str = "", name: str = "") -> web.Response:
        text = self._login.replace("{problem}", escape(problem)).replace("{name}", escape(name))
        return web.Response(text=text, status=403 if problem else 200, content_type="text/html", headers={"Cache-Control": "no-store"})


class Shelf:
    """Pictures and files of entries, for whoever may see the entry."""

    def __init__(self, history: History, sessions: Sessions, draw: Callable[[Chart], bytes]) -> None:
        self._history = history
        self._sessions = sessions
        self._draw = lru_cache(64)(draw)

    async def chart(self, request: web.Request) -> web.Response:
        """The entry's chart as a PNG."""
        entry = await self._entry(request)
        if not (entry.card and entry.card.chart):
            raise web.HTTPNotFound(text="There is no such picture.")
        png = await asyncio.to_thread(self._draw, entry.card.chart)
        return web.Response(body=png, content_type="image/png", headers={"Cache-Control": "private, no-cache"})

    async def file(self, request: web.Request) -> web.Response:
        """The entry's file, to be saved."""
        entry = await self._entry(request)
        file = entry.card.file if entry.card else None
        if file is None or file.name != request.match_info["name"]:
            raise web.HTTPNotFound(text="There is no such file.")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}", "Cache-Control": "no-store"}
        return web.Response(text=file.text, content_type=file.mime, charset="utf-8", headers=headers)

    async def _entry(self, request: web.Request) -> Entry:
        reader = self._sessions.reads_as(request)
        entry = await self._history.get(request.match_info["entry"]) if reader is not None else None
        if entry is None or reader is None or not entry.may_see(reader):
            raise web.HTTPNotFound(text="There is no such message.")
        return entry
