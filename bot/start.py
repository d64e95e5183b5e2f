"""`loopcoach run`: prepare the database, find a port, say five lines, and serve until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import socket
import sys
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path

from bot import logs
from bot.http import WHO, bind
from bot.seating import SUGGESTED
from bot.settings import VERSION, Settings
from core.errors import StoreUnavailable


def start(settings: Settings) -> int:
    """Run until stopped; the exit code. A second start on the same data opens the first one's page."""
    logs.configure(settings.log_level, settings.log_json)
    from adapters.database.lock import AlreadyOpen

    instance = _instance(settings)
    try:
        prepare_database(settings)
    except AlreadyOpen as error:
        return _already(settings, instance, str(error))
    except StoreUnavailable as error:
        print(f"The database cannot be used: {error}.", file=sys.stderr)
        return 1
    try:
        listener = bind(settings.host, settings.port)
    except OSError as error:
        print(f"No port is free on {settings.host} from {settings.port} on: {error.strerror or error}.", file=sys.stderr)
        return 1
    try:
        return asyncio.run(_serve(settings, listener, instance))
    except AlreadyOpen as error:
        return _already(settings, instance, str(error))


def prepare_database(settings: Settings) -> str:
    """Make the database, or bring it to the newest form; what was done, in one sentence."""
    from adapters.database.migrate import at_head, migrate

    if at_head(settings.database_url):
        return "The database has the newest form."
    migrate(settings.database_url)
    return "The database was brought to the newest form."


async def _serve(settings: Settings, listener: socket.socket, instance: str) -> int:
    from bot.service import serve
    from bot.wiring import build

    parts = build(settings, instance)
    url = address(settings, listener)

    async def ready() -> None:
        _say(settings, url, _reviewer(settings, parts.panel.name))
        if settings.open_browser:
            _open(url)

    await serve(parts, listener, ready)
    return 0


def address(settings: Settings, listener: socket.socket) -> str:
    """Where the page is."""
    port = listener.getsockname()[1]
    shown = settings.host if settings.host not in ("0.0.0.0", "::") else "localhost"
    return settings.public_url or f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


def _say(settings: Settings, url: str, reviewer: str) -> None:
    port = int(url.rsplit(":", 1)[-1]) if url.rsplit(":", 1)[-1].isdigit() else settings.port
    moved = f", because {settings.port} is taken by another program" if settings.port and port != settings.port else ""
    opening = "opening your browser; " if settings.open_browser and _can_open() else ""
    print(
        f"Loopcoach {VERSION} · practice page {url}{moved}  ({opening}Ctrl-C stops)\n"
        f"Reviewer   {reviewer}\n"
        f"Slack      {_slack(settings, url)}\n"
        f"Discord    {_discord(settings)}\n"
        f"Your data  {_where(settings)}  → loopcoach privacy erase",
        flush=True,
    )


def _reviewer(settings: Settings, name: str) -> str:
    """Who reviews; and what is missing where a key is set and no model named, for a key alone must not send anybody's words anywhere."""
    if settings.openai_api_key and not settings.model:
        return f"{name}. OPENAI_API_KEY is set; OPENAI_MODEL={SUGGESTED} would use it"
    return name


def _slack(settings: Settings, url: str) -> str:
    if not settings.slack:
        return "off (no token)      → loopcoach doctor slack"
    ways = [way for way, on in (("Socket Mode", settings.slack_app_token), ("HTTP", settings.slack_signing_secret)) if on]
    return f"on, over {' and '.join(ways)}" + (f"; any workspace: {url}/slack/install" if settings.slack_many else "")


def _discord(settings: Settings) -> str:
    return "on" if settings.discord else "off (no token)      → loopcoach doctor discord"


def _where(settings: Settings) -> str:
    from adapters.database.url import sqlite_file

    path = sqlite_file(settings.database_url)
    return f"./{path}" if path and not path.is_absolute() else str(path or "PostgreSQL")


def _can_open() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open(url: str) -> None:
    if _can_open():
        asyncio.get_running_loop().run_in_executor(None, webbrowser.open, url)


def _instance(settings: Settings) -> str:
    """Names the data, not the machine: a digest of where it is."""
    from adapters.database.url import sqlite_file

    path = sqlite_file(settings.database_url)
    where = str(Path(path).resolve()) if path else settings.database_url
    return hashlib.sha256(where.encode()).hexdigest()[:16]


def _already(settings: Settings, instance: str, why: str) -> int:
    """The database is in use: by this same Loopcoach, whose page is opened, or by a process that has no page here."""
    for port in range(settings.port, settings.port + 20):
        url = f"http://{settings.host}:{port}"
        if _answers_as(url, instance):
            print(f"Loopcoach is running already · practice page {url}")
            if settings.open_browser and _can_open():
                webbrowser.open(url)
            return 0
    print(why, file=sys.stderr)
    return 1


def _answers_as(url: str, instance: str) -> bool:
    with contextlib.suppress(OSError, urllib.error.URLError, ValueError):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{url}/livez", timeout=1) as answer:
            return bool(answer.headers.get(WHO) == instance)
    return False
