"""Processes to be killed. Started by harness.py; nothing of this is part of the product.

Reads one JSON order a line, answers with the process id. The modules are imported once; every process is a fork that puts the real parts
together: store, leases, delivery, coach, timers, ticker. Only the platform is tests/soak/chat.py, and besides the real timers there are
schedules that fall due every second: a `Drill` row each, claimed and moved on as the product does it.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapters.database.store import SqlStore, open_engine, server_time
from bot.clock import ServerClock, SystemClock, steady
from core.chat import Card, Post
from core.coach import Coach, Kit
from core.delivery import Delivery, Limits
from core.errors import Stale
from core.features import COMMANDS
from core.features.handler import Handler, Outcome, read_caller
from core.leases import Keeper
from core.pacing import Pace, Pacer, Rate
from core.panel import Panel, TextMatch
from core.ports import Upto
from core.questions.bank import load
from core.records import Drill
from scheduler.cadence import cadence_of
from scheduler.jobs import Jobs
from scheduler.ticker import Ticker
from tests.soak.chat import Chat

LIMITS = Limits(timeout=0.5, settle=1.0, lease=2.5, again=0.2, attempts=8, idle=0.5)
LASTS = timedelta(seconds=2.5)
BATCH = 500
LEFT = timedelta(seconds=1)


@dataclass(frozen=True)
class EverySecond:
    """Schedules that fall due each second: claimed, owed and moved on in one transaction."""

    store: SqlStore
    once: bool = False
    """Each schedule falls due once."""

    async def __call__(self, now: datetime) -> int:
        async with self.store.claim(Drill, next_due_at=Upto(now), order="next_due_at", limit=BATCH) as (unit, due):
            for drill in due:
                assert drill.next_due_at
                key = f"tick/{drill.place.channel}/{drill.next_due_at.timestamp():.0f}"
                unit.post(Post(key=key, into=drill.place, card=Card(text=key), bulk=True))
                over = self.once or (drill.paused_until and drill.paused_until <= now)
                following = None if over else drill.next_due_at + timedelta(seconds=1)
                unit.save(drill.model_copy(update={"next_due_at": following}))
        return len(due)


@dataclass(frozen=True)
class Unclaimed:
    """The control: several processes that read what is due and act on it, each on its own, as with one job store and several schedulers."""

    store: SqlStore

    async def __call__(self, now: datetime) -> int:
        async with self.store.begin() as unit:
            due = await unit.find(Drill, next_due_at=Upto(now), order="next_due_at", limit=BATCH)
            for drill in due:
                unit.post(Post(key=f"tick/{drill.place.channel}/{uuid.uuid4().hex}", into=drill.place, card=Card(text="?"), bulk=True))
        with suppress(Stale):
            async with self.store.begin() as unit:
                for drill in due:
                    unit.save(drill.model_copy(update={"next_due_at": None}))
        return len(due)


async def thinking(*_: object) -> Outcome:
    """As long as a slow model."""
    await asyncio.sleep(60)
    return Outcome()


def note(event: str, **facts: object) -> None:
    """One line of trouble."""
    told = {name: repr(value)[:300] for name, value in facts.items()}
    print(f"{time.time():.3f} {os.getpid()}", event, told, file=sys.stderr, flush=True)  # noqa: T201


async def live(order: dict[str, Any]) -> None:
    """Until killed; SIGTERM ends it in good order."""
    engine = open_engine(order["database"])
    clock = SystemClock() if engine.alone else ServerClock(lambda: server_time(engine))
    store = SqlStore(engine, clock)
    chat = Chat(order["chat"], naive=order.get("naive", False), impatient=order.get("impatient", False))
    if order.get("think"):
        COMMANDS["help"] = Handler(read=read_caller, decide=thinking)  # type: ignore[arg-type]
    limits = LIMITS if not order.get("naive") else Limits(**{**vars(LIMITS), "settle": 0.0, "again": 0.05})
    keeper = None if engine.alone else Keeper(store, clock, uuid.uuid4().hex, note, lasts=LASTS, renewed=0.5)
    paces = {"chat": Pace(platform=Rate(order["rate"], burst=2))} if order.get("rate") else {}
    pacer = Pacer(paces, steady, share=lambda: keeper.replicas if keeper else 1)
    delivery = Delivery(store, {"chat": chat}, clock, note, limits, pacer=pacer, steady=steady)
    bank = BANK

    async def unseen(*_: object) -> None:
        return

    kit = Kit(
        bank=bank, panel=Panel(TextMatch(bank)), clock=clock, cadence=cadence_of,
        new_id=lambda: uuid.uuid4().hex, rng=random.Random(), log=note, sign=unseen,
    )  # fmt: skip
    coach = Coach(store, delivery, kit, keeper)
    jobs = Jobs(store=store, bank=bank, clock=clock, cadence=cadence_of, delivery=delivery, take_up=coach.take_up, log=note)
    if order.get("unclaimed"):
        jobs.drills = Unclaimed(store)  # type: ignore[assignment]
    elif order.get("schedules", True):
        jobs.drills = EverySecond(store, once=order.get("once", False))  # type: ignore[assignment]
    ticker = Ticker(jobs.tick, store.fade, note, always=lambda: coach.recover(LEFT), every=0.2, wall=clock.now, steady=steady)
    if isinstance(clock, ServerClock):
        await clock.measure()
    if keeper:
        await keeper.beat()
    if not order.get("naive"):
        await delivery.take_over()
    await coach.recover()
    tasks = [asyncio.create_task(delivery.run())]
    if keeper:
        tasks.append(asyncio.create_task(keeper.run()))
    if order.get("tick", True):
        ticker.start()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await ticker.stop()
    await delivery.drain(20)
    await coach.stop()
    for task in tasks:
        task.cancel()
    await chat.http.close()
    await engine.close()


BANK = load()


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            code = 70
            try:
                sys.stdin.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                os.dup2(log, 1)
                os.dup2(log, 2)
                asyncio.run(live(order))
                code = 0
            except BaseException as error:
                note("died", error=error)
            finally:
                os.write(2, f"ended {os.getpid()} {code}\n".encode())
                os._exit(code)
        print(pid, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
