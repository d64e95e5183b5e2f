"""`loopcoach doctor`: what is configured, what is missing, what to do. One line each, never a secret."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from bot.seating import SUGGESTED
from bot.settings import VERSION, BadSettings, Settings, load
from core.questions.bank import load as load_bank

T = TypeVar("T")

SIGNS = {"ok": "✓", "off": "–", "warn": "!", "bad": "✗"}


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    state: Literal["ok", "off", "warn", "bad"]
    what: str
    then: str = ""
    """What to do."""


def examine(part: str) -> int:
    """Print the findings of one part or of all; exit code 1 where something is bad."""
    try:
        settings = load()
    except BadSettings as error:
        for sentence in error.sentences:
            print(f"✗ {sentence}")
        return 1
    chosen = list(PARTS) if part == "all" else [part]
    if any(name not in PARTS for name in chosen):
        print(f"There is nothing called {part!r} to examine. Choose: all, {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    findings = [finding for name in chosen for finding in PARTS[name](settings)]
    for finding in findings:
        print(f"{SIGNS[finding.state]} {finding.what}" + (f"  → {finding.then}" if finding.then else ""))
    return 1 if any(finding.state == "bad" for finding in findings) else 0


def _page(settings: Settings) -> Iterator[Finding]:
    yield Finding("ok", f"Loopcoach {VERSION}, Python {sys.version.split()[0]}")
    reach = "only this computer" if settings.loopback else "others too, with a login"
    yield Finding("ok", f"Practice page at http://{settings.host}:{settings.port}, for {reach}")
    yield from _database(settings)
    bank = load_bank()
    yield Finding("ok" if len(bank) else "bad", f"{len(bank)} questions")
    for problem in bank.problems:
        yield Finding("warn", f"left out: {problem}", "loopcoach questions lint")


def _database(settings: Settings) -> Iterator[Finding]:
    from adapters.database.migrate import at_head
    from adapters.database.url import sqlite_file

    path = sqlite_file(settings.database_url)
    if path is None:
        yield Finding("ok", "Database: PostgreSQL")
    elif not path.exists():
        yield Finding("ok", f"Database: {path}, made at the first start")
        return
    else:
        yield Finding(
            "ok" if _writable(path) else "bad",
            f"Database: {path}, {path.stat().st_size:,} bytes",
            "" if _writable(path) else "make it writable",
        )
    try:
        current = at_head(settings.database_url)
    except Exception as error:  # whatever the driver raises, the person wants to know that it cannot be reached
        yield Finding("bad", f"The database cannot be opened ({type(error).__name__})", "check DATABASE_URL")
        return
    if not current:
        yield Finding("warn", "Its form is an older one", "loopcoach migrate, or just start")
        return
    yield Finding("ok", "Its form is the newest")
    yield from _dead(settings)


def _dead(settings: Settings) -> Iterator[Finding]:
    from adapters.database.dead import dead_posts

    count, newest = dead_posts(settings.database_url)
    if not count:
        yield Finding("ok", "Every message was delivered, or still can be")
        return
    yield Finding("warn", f"{count} message{'s' * (count != 1)} could not be delivered; the newest:")
    wide = max(len(dead.where) for dead in newest)
    for dead in newest:
        yield Finding("off", f"  {dead.at:%d %b %H:%M} UTC  {dead.where:{wide}}  tried {dead.attempts}×  {dead.why}")


def _writable(path: Path) -> bool:
    import os

    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _slack(settings: Settings) -> Iterator[Finding]:
    if not settings.slack:
        yield Finding("off", "Slack: no token", "docs/slack.md: seven minutes; loopcoach manifest slack")
        return
    from adapters.slack.doctor import examine as ask_slack
    from adapters.slack.doctor import for_an_admin

    told = [settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret]
    bot, app, secret = (item.get_secret_value() if item else None for item in told)
    lines = asyncio.run(_all(ask_slack(settings.slack_api_url, bot, app, secret)))
    yield from (Finding(line.state, f"Slack: {line.what}", line.then) for line in lines)
    if settings.slack_many:
        where = settings.public_url or "PUBLIC_URL, which is not set,"
        yield Finding("ok" if settings.public_url else "warn", f"Slack: any workspace may install it at {where}/slack/install")
    if any(line.state == "bad" for line in lines):
        yield Finding("off", f"Slack: where an admin has to approve, send them this:\n{for_an_admin()}")


async def _all(lines: AsyncIterator[T]) -> list[T]:
    return [line async for line in lines]


def _discord(settings: Settings) -> Iterator[Finding]:
    if settings.discord_token is None:
        yield Finding("off", "Discord: no token", "docs/discord.md: five minutes")
        return
    from adapters.discord.api import point
    from adapters.discord.doctor import examine as ask_discord

    point(settings.discord_api_url, settings.discord_gateway_url)
    token, content = settings.discord_token.get_secret_value(), settings.discord_message_content
    lines = asyncio.run(_all(ask_discord(token, load_bank(), content=content)))
    yield from (Finding(line.state, f"Discord: {line.what}", line.then) for line in lines)


def _model(settings: Settings) -> Iterator[Finding]:
    if not settings.model:
        if settings.openai_api_key:
            yield Finding("warn", "OPENAI_API_KEY is set, but no model is named", f"OPENAI_MODEL={SUGGESTED}, or another")
        yield Finding("ok", "Reviewer: text match (offline). Gives a checklist and the next probe. No grade.")
        return
    from adapters.openai.doctor import examine as ask_model
    from adapters.openai.profiles import OPENAI, profile_for

    url = settings.openai_base_url or OPENAI
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
    profile = profile_for(url, settings.openai_profile)
    names = dict.fromkeys(name for name in (settings.openai_model, settings.openai_debrief_model) if name)
    for name in names:
        lines = asyncio.run(_all(ask_model(url, key, name, profile, settings.openai_prices)))
        yield from (Finding(line.state, f"Model {name}: {line.what}", line.then) for line in lines)


PARTS: dict[str, Callable[[Settings], Iterator[Finding]]] = {"page": _page, "slack": _slack, "discord": _discord, "model": _model}
