"""Builds the parts and joins them. The one place that knows every name."""

from __future__ import annotations

import asyncio
import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from adapters import charts
from adapters.database.engine import Engine
from adapters.database.page import PageHistory
from adapters.database.store import SqlStore, open_engine
from adapters.web.greeting import Greeting
from adapters.web.history import Entry, Someone
from adapters.web.inbound import Inbound
from adapters.web.platform import WebPlatform
from adapters.web.rooms import Rooms
from adapters.web.routes import routes
from adapters.web.session import Sessions
from adapters.web.socket import Socket
from bot.clock import SystemClock
from bot.http import application
from bot.logs import log
from bot.settings import VERSION, Settings
from bot.zone import local_zone
from core.chat import Kind, Message, Person, Place
from core.coach import Coach, Kit
from core.commands import COMMANDS, LONE, parse
from core.delivery import Delivery
from core.panel import Panel, TextMatch
from core.ports import Clock, Platform
from core.questions.bank import LEVELS, Bank, load
from scheduler.cadence import cadence_of
from scheduler.jobs import Jobs
from scheduler.ticker import Ticker

CHANNEL = "backend-interviews"
STUCK = 10.0
"""Seconds without a tick after which this process does not call itself alive."""


@dataclass
class State:
    """What health checks ask for."""

    ready: bool = False
    draining: bool = False


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
    state: State = field(default_factory=State)

    async def greet(self) -> None:
        """The page's channel has a daily question from the first start on."""
        await self.coach.accept(opened(SystemClock().now()))
        self.state.ready = True


def opened(now: datetime) -> Message:
    """Says that the practice page is open; the same message at every start."""
    place = Place(platform="web", space="page", channel=CHANNEL)
    house = Person(key="web:", id="page", name="the practice page", zone=local_zone(), may_manage=True)
    return Message(id=f"page/opened/{now.timestamp():.0f}", place=place, author=house, kind=Kind.LIFECYCLE, text="opened", sent_at=now)


def build(settings: Settings, instance: str, *, clock: Clock | None = None) -> Parts:
    """Join everything for these settings. AlreadyOpen where another process has the database. Needs a running loop."""
    clock = clock or SystemClock()
    bank = load()
    for problem in bank.problems:
        log("question_left_out", why=problem)
    engine = open_engine(settings.database_url)
    store = SqlStore(engine, clock)
    panel = Panel(TextMatch(bank))
    page = WebPlatform(PageHistory(engine, Entry, Someone), clock, Rooms(channels=(CHANNEL,)))
    platforms: dict[str, Platform] = {page.name: page}
    delivery = Delivery(store, platforms, clock, log)
    kit = Kit(
        bank=bank,
        panel=panel,
        clock=clock,
        cadence=cadence_of,
        new_id=lambda: uuid.uuid4().hex,
        rng=random.Random(),
        log=log,
        sign=lambda at, sign: _sign(platforms, at, sign),
        erased=lambda person: page.erased(person),
    )
    coach = Coach(store, delivery, kit)
    jobs = Jobs(store=store, bank=bank, clock=clock, cadence=cadence_of, delivery=delivery, take_up=coach.take_up, log=log)
    ticker = Ticker(jobs.tick, store.fade, log)
    state = State()
    web_app = application(
        _page_routes(settings, page, clock, panel),
        alive=lambda: ticker.age < STUCK,
        ready=lambda: state.ready and not state.draining,
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
        state=state,
    )


async def _sign(platforms: dict[str, Platform], at: Place, sign: str) -> None:
    platform = platforms.get(at.platform)
    if platform:
        try:
            async with asyncio.timeout(2):
                await platform.show(at, sign)
        except Exception as error:  # a sign is a courtesy
            log("sign_failed", platform=at.platform, error=error)


def _page_routes(settings: Settings, page: WebPlatform, clock: Clock, panel: Panel) -> list[web.RouteDef]:
    password = settings.web_password.get_secret_value() if settings.web_password else None
    sessions = Sessions(clock, password)
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
    socket = Socket(page, sessions, Inbound(parse), greeting)
    return routes(socket, sessions, charts.draw, settings.loopback)
