"""Builds the parts and joins them. The one place that knows every name."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web
from pydantic import SecretStr

from adapters import charts
from adapters.database.engine import Engine
from adapters.database.migrate import at_head
from adapters.database.notes import SqlNotes
from adapters.database.page import PageHistory
from adapters.database.shards import open_shards
from adapters.database.store import SqlStore, open_engine, server_time
from adapters.database.vault import SqlVault
from adapters.web.greeting import Greeting
from adapters.web.history import Entry, Someone
from adapters.web.inbound import Inbound
from adapters.web.platform import WebPlatform
from adapters.web.rooms import Rooms
from adapters.web.routes import routes
from adapters.web.session import Sessions
from adapters.web.socket import Socket
from bot.clock import ServerClock, SystemClock, steady
from bot.health import Health
from bot.http import application
from bot.logs import log
from bot.metrics import Counted, dead, measuring
from bot.seating import seat_of
from bot.settings import VERSION, Settings
from bot.views import PAGE_VIEWS
from bot.zone import local_zone
from core.chat import Kind, Message, Person, Place, Post
from core.coach import Coach, Kit
from core.commands import COMMANDS, LONE, parse
from core.delivery import Delivery
from core.features.drill.gone import undelivered
from core.features.unsent import unsent
from core.leases import Keeper
from core.pacing import PACES, Pacer
from core.panel import Panel, TextMatch
from core.ports import Clock, Platform
from core.questions.bank import LEVELS, Bank, load
from scheduler.cadence import cadence_of
from scheduler.jobs import Jobs
from scheduler.pulse import Pulse
from scheduler.ticker import Ticker

if TYPE_CHECKING:
    from adapters.discord.app import Discord
    from adapters.slack.app import Slack

CHANNEL = "backend-interviews"
LEFT = timedelta(seconds=5)
"""A message that waits so long in a lane where nobody works was left behind."""


@dataclass(frozen=True)
class Parts:
    """A whole Loopcoach, not started yet."""

    settings: Settings
    engine: Engine
    store: SqlStore
    bank: Bank
    panel: Panel
    coach: Coach
    delivery: Delivery
    ticker: Ticker
    platforms: dict[str, Platform]
    web: web.Application
    health: Health
    pulse: Pulse
    keeper: Keeper | None
    """Where several processes work on one database."""
    clock: Clock

    async def greet(self) -> None:
        """The page's channel has a daily question from the first start on; a model's first call is as quick as the others."""
        await self.panel.warm()
        await self.coach.accept(opened(SystemClock().now()))
        self.health.ready = True


def opened(now: datetime) -> Message:
    """Says that the practice page is open; the same message at every start."""
    place = Place(platform="web", space="page", channel=CHANNEL)
    house = Person(key="web:", id="page", name="the practice page", zone=local_zone(), may_manage=True)
    return Message(id=f"page/opened/{now.timestamp():.0f}", place=place, author=house, kind=Kind.LIFECYCLE, text="opened", sent_at=now)


def build(settings: Settings, instance: str, *, clock: Clock | None = None) -> Parts:
    """Join everything for these settings. AlreadyOpen where another process has the database. Needs a running loop."""
    bank = load()
    for problem in bank.problems:
        log("question_left_out", why=problem)
    engine = open_engine(settings.database_url)
    clock = clock or (SystemClock() if engine.alone else ServerClock(lambda: server_time(engine)))
    store = SqlStore(engine, clock)
    panel = Panel(TextMatch(bank), seat_of(settings, engine, bank, clock, steady))
    page = WebPlatform(PageHistory(engine, Entry, Someone), clock, Rooms(channels=(CHANNEL,)))
    platforms: dict[str, Platform] = {page.name: page}
    slack = _slack(settings, engine, clock)
    if slack:
        platforms[slack.platform.name] = slack.platform
    discord = _discord(settings, engine, clock, bank)
    if discord:
        platforms[discord.platform.name] = discord.platform
    keeper = None if engine.alone else Keeper(store, clock, owner_name(), log)
    pacer = Pacer(PACES, steady, share=lambda: keeper.replicas if keeper else 1)
    delivery = Delivery(store, platforms, clock, log, tell=_tell(clock), pacer=pacer, meter=Counted(), steady=steady, jitter=random.random)
    kit = Kit(
        bank=bank,
        panel=panel,
        clock=clock,
        cadence=cadence_of,
        new_id=lambda: uuid.uuid4().hex,
        rng=random.Random(),
        log=log,
        sign=lambda at, sign: _sign(platforms, at, sign),
        platforms=platforms,
        erased=lambda person: _erased(page, discord, person),
        dealt=lambda message, posts: discord.platform.dealt(message, posts) if discord else None,
    )
    coach = Coach(store, delivery, kit, keeper)
    jobs = Jobs(store=store, bank=bank, clock=clock, cadence=cadence_of, delivery=delivery, take_up=coach.take_up, log=log)
    ticker = Ticker(jobs.tick, store.fade, log, always=lambda: coach.recover(LEFT), wall=clock.now, steady=steady)
    pulse = Pulse(steady)
    health = Health(ticker, pulse, store.ping, lambda: at_head(settings.database_url), steady)
    web_app = application(
        [*_page_routes(settings, page, clock, panel), *(slack.routes() if slack else ())],
        stuck=health.stuck,
        unready=health.unready,
        measure=measuring(ticker, pulse, store.backlog, clock.now, lambda: keeper.replicas if keeper else 1),
        instance=instance,
    )
    return Parts(
        settings=settings,
        engine=engine,
        store=store,
        bank=bank,
        panel=panel,
        coach=coach,
        delivery=delivery,
        ticker=ticker,
        platforms=platforms,
        web=web_app,
        health=health,
        pulse=pulse,
        keeper=keeper,
        clock=clock,
    )


def owner_name() -> str:
    """Names this process among all that work on one database."""
    return f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"


def _tell(clock: Clock) -> Callable[[Post, str], Message | None]:
    """Whoever misses a post that was given up hears of it."""

    def tell(post: Post, why: str) -> Message | None:
        dead.labels(post.into.platform).inc()
        return undelivered(post, why, clock.now()) or unsent(post, why, clock.now())

    return tell


def _slack(settings: Settings, engine: Engine, clock: Clock) -> Slack | None:
    """Slack, where its tokens are set; else its libraries are not even read."""
    if not settings.slack:
        return None
    from adapters.slack.app import Keys, Slack
    from adapters.slack.installs import REDIRECT

    keys = Keys(
        api_url=settings.slack_api_url,
        bot_token=_told(settings.slack_bot_token),
        app_token=_told(settings.slack_app_token),
        signing_secret=_told(settings.slack_signing_secret),
        client_id=settings.slack_client_id,
        client_secret=_told(settings.slack_client_secret),
        redirect_uri=f"{settings.public_url.rstrip('/')}{REDIRECT}" if settings.public_url else None,
    )
    key = _told(settings.encryption_key)
    return Slack(keys, SqlVault(engine, clock, key) if key else None, clock, charts.draw, log)


def _discord(settings: Settings, engine: Engine, clock: Clock, bank: Bank) -> Discord | None:
    """Discord, where its token is set; else its library is not even read."""
    if settings.discord_token is None:
        return None
    from adapters.discord.app import Discord, Keys, point

    point(settings.discord_api_url, settings.discord_gateway_url)
    keys = Keys(settings.discord_token.get_secret_value(), content=settings.discord_message_content)
    return Discord(keys, bank, SqlNotes(engine), open_shards(settings.database_url), clock, charts.draw, log)


def _erased(page: WebPlatform, discord: Discord | None, person: str) -> None:
    page.erased(person)
    if discord:
        discord.erased(person)


def _told(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


async def _sign(platforms: dict[str, Platform], at: Place, sign: str) -> None:
    platform = platforms.get(at.platform)
    if platform:
        try:
            async with asyncio.timeout(2):
                await platform.show(at, sign)
        except Exception as error:  # a sign is a courtesy
            log("sign_failed", platform=at.platform, error=error)


def _page_routes(settings: Settings, page: WebPlatform, clock: Clock, panel: Panel) -> list[web.RouteDef]:
    sessions = Sessions(clock, _told(settings.web_password))
    commands = [
        {"name": command.name, "usage": command.usage, "summary": command.summary, "actions": command.actions}
        for command in COMMANDS
        if command.shown
    ]
    greeting = Greeting(
        version=VERSION,
        reviewer=lambda: f"Reviewer: {panel.name}. {panel.promise}",
        commands=commands,
        lone=sorted(LONE),
        levels=LEVELS,
        notice="Stored only on this computer" if settings.loopback else "Stored on the computer that runs this page",
        names=("You", "Teammate"),
    )
    socket = Socket(page, sessions, Inbound(parse), greeting, PAGE_VIEWS)
    return routes(socket, sessions, charts.draw, settings.loopback)
