"""Starts a badly behaved platform and processes that are killed, stopped and lost; then says what was doubled and what was lost."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import Connection, text

from adapters.database.engine import Engine
from adapters.database.migrate import migrate, once
from adapters.database.sqlite import SqliteEngine
from adapters.database.store import SqlStore, open_engine
from adapters.database.tables import Base
from bot.clock import SystemClock
from core.chat import Person, Place
from core.records import Drill, Reckoned, Timer
from scheduler.reckoning import KEY, data_version
from tests.soak.chat_server import Faults

ROOT = Path(__file__).parents[2]
SCHEDULES = 40
DRAIN = 90.0
"""Seconds for everything owed to arrive, once nobody is killed any more."""
ADA = Person(key="chat:ada", id="ada", name="Ada")
GOOD = Faults(limited=0, failed_before=0, dropped_after=0, failed_after=0, slow_from=0.001, slow_to=0.005)


def environment() -> dict[str, str]:
    """No proxy, and this repository first."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def place(n: int) -> Place:
    return Place(platform="chat", space="S", channel=f"c{n}")


@dataclass
class Server:
    """The platform."""

    url: str
    http: aiohttp.ClientSession

    async def behave(self, **faults: float) -> None:
        """Other faults from now on."""
        async with self.http.post(f"{self.url}/behave", json=faults) as answer:
            assert answer.status == 200

    async def ledger(self, *, order: bool = False) -> dict[str, Any]:
        """Everything that it took, and how often it said what."""
        async with self.http.get(f"{self.url}/ledger", params={"order": "1"} if order else {}) as answer:
            told: dict[str, Any] = await answer.json()
            return told


@asynccontextmanager
async def platform(faults: Faults) -> AsyncIterator[Server]:
    """A process of its own."""
    program = str(Path(__file__).with_name("chat_server.py"))
    process = await asyncio.create_subprocess_exec(sys.executable, program, json.dumps(asdict(faults)), stdout=-1, env=environment())
    assert process.stdout
    try:
        port = int(await process.stdout.readline())
        async with aiohttp.ClientSession() as http:
            yield Server(f"http://127.0.0.1:{port}", http)
    finally:
        process.kill()
        await process.wait()


@dataclass
class Zygote:
    """living.py, and the processes it forks."""

    process: asyncio.subprocess.Process
    folder: Path
    living: list[int] = field(default_factory=list)
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.folder / "living.log"

    async def start(self, **order: Any) -> int:
        """One more; its process id."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({**order, "log": str(self.log)}).encode() + b"\n")
        pid = int(await self.process.stdout.readline())
        self.living.append(pid)
        return pid

    def codes(self) -> dict[int, int]:
        """How those ended that ended by themselves."""
        lines = [line.split() for line in self.log.read_text().splitlines() if line.startswith("ended ")]
        return {int(pid): int(code) for _, pid, code in lines}

    async def end(self, pid: int, sign: int = signal.SIGKILL, within: float = 30.0) -> bool:
        """Whether it went in time."""
        with suppress(ProcessLookupError):
            os.kill(pid, sign)
        for _ in range(int(within / 0.005)):
            if not alive(pid):
                self.living.remove(pid)
                return True
            await asyncio.sleep(0.005)
        return False


def alive(pid: int) -> bool:
    """Whether anything of that process is there. A corpse counts: its other threads may still hold its files, and the lock on one.

    Nobody has to bury it: living.py ignores the deaths of its children, so the last thread takes the corpse along.
    """
    return Path(f"/proc/{pid}").exists()


@asynccontextmanager
async def zygote(folder: Path) -> AsyncIterator[Zygote]:
    """Ends whatever it started."""
    program = str(Path(__file__).with_name("living.py"))
    process = await asyncio.create_subprocess_exec(sys.executable, program, stdin=-1, stdout=-1, env=environment())
    made = Zygote(process, folder)
    try:
        yield made
    finally:
        for pid in [*made.living]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
            await made.end(pid)
        assert process.stdin
        process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(10):
                await process.wait()


# --- databases -------------------------------------------------------------------------------------------------------


def emptied(url: str) -> str:
    """The database with its tables and nothing in them."""
    migrate(url)
    if url.startswith("postgresql"):
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)
        once(url, lambda connection: connection.execute(text(f"TRUNCATE {names}")))
    return url


def rows(url: str, question: str) -> list[Any]:
    """What stands there."""

    def read(connection: Connection) -> list[Any]:
        return [tuple(row) for row in connection.execute(text(question))]

    return once(url, read, reading=True)


async def filled(url: str, *, schedules: int = SCHEDULES, timers: int = 0, over: float = 10.0, due: datetime | None = None) -> None:
    """Schedules that are due from now on, and timers that are due at any moment of so many seconds."""
    engine: Engine = open_engine(url)
    store, now = SqlStore(engine, SystemClock()), datetime.now(UTC).replace(microsecond=0)
    for start in range(0, schedules, 1000):
        async with store.begin() as unit:
            for n in range(start, min(start + 1000, schedules)):
                unit.save(Drill(key=str(place(n)), place=place(n), owner=ADA, next_due_at=due or now, number=n))
    async with store.begin() as unit:
        unit.save(Reckoned(key=KEY, data=data_version()))  # else due dates are worked out anew, as those of daily questions
        for n in range(timers):
            unit.save(Timer(key=f"t{n}", due_at=now + timedelta(seconds=over * n / timers), line="help", place=place(n % 20), who=ADA))
    if isinstance(engine, SqliteEngine):
        await engine.forget()
    await engine.close()


# --- the verdict -----------------------------------------------------------------------------------------------------


@dataclass
class Verdict:
    """What came of it."""

    what: str
    kills: int
    owed: int
    doubled: int
    lost: int
    gaps: int
    """Seconds that a schedule left out, and timers that nobody acted on."""
    told: dict[str, int]
    undone: int = 0
    """Messages that nobody dealt with."""
    doubles: dict[str, list[float]] = field(default_factory=dict)
    """Which were doubled, and when."""

    @property
    def good(self) -> bool:
        return not (self.doubled or self.lost or self.gaps or self.undone)

    @property
    def outcome(self) -> str:
        return f"{self.owed} posts, {self.doubled} doubled, {self.lost} lost, {self.gaps + self.undone} left out"

    def __str__(self) -> str:
        return f"{self.what:36} {self.kills:4}× {self.outcome}; the platform: {', '.join(f'{n} {what}' for what, n in self.told.items())}"


async def judged(what: str, url: str, server: Server, kills: int, timers: int) -> Verdict:
    """Compare what was owed with what the platform took."""
    ledger = await server.ledger()
    taken = {key: len(times) for key, times in ledger["taken"].items()}
    owed = [key for (key,) in rows(url, "SELECT key FROM outbox")]
    seconds: dict[str, list[int]] = {}
    for key in owed:
        if key.startswith("tick/"):
            seconds.setdefault(key.split("/")[1], []).append(int(key.split("/")[2]))
    gaps = sum(max(at) - min(at) + 1 - len(at) for at in seconds.values())
    answered = {key.split("/")[1] for key in owed if key.startswith("due/t")}
    gaps += timers - len(answered)
    return Verdict(
        what=what,
        kills=kills,
        owed=len(owed),
        doubled=sum(count - 1 for count in taken.values() if count > 1),
        lost=sum(key not in taken for key in owed),
        gaps=gaps,
        told=ledger["told"],
        doubles={key: times for key, times in ledger["taken"].items() if len(times) > 1},
        undone=rows(url, "SELECT count(*) FROM inbox WHERE state <> 'done'")[0][0],
    )


async def drained(url: str, within: float = DRAIN) -> bool:
    """Whether everything that was owed and said was dealt with in time."""
    asked = (
        "SELECT (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')) + (SELECT count(*) FROM inbox WHERE state = 'waiting')"
        " + (SELECT count(*) FROM timer) + (SELECT count(*) FROM drill WHERE next_due_at IS NOT NULL)"
    )
    for _ in range(int(within / 0.25)):
        if rows(url, asked)[0][0] == 0:
            return True
        await asyncio.sleep(0.25)
    return False


# --- kills, stops ----------------------------------------------------------------------------------------------------


async def killed(
    url: str, folder: Path, *, replicas: int, kills: int, naive: bool = False, faults: Faults | None = None, seed: int = 3, what: str = ""
) -> Verdict:
    """`kills` times kill -9 of one of the processes, each replaced at once; then everything is brought to an end, and judged."""
    rng = random.Random(seed)
    timers = kills * 6
    await filled(emptied(url), timers=timers, over=kills * 0.4)
    async with platform(faults or Faults()) as server, zygote(folder) as processes:
        order = {"database": url, "chat": server.url, "naive": naive}
        for _ in range(replicas):
            await processes.start(**order)
        await asyncio.sleep(0.5)
        for _ in range(kills):
            await asyncio.sleep(rng.uniform(0.05, 0.7))
            await processes.end(rng.choice(processes.living))
            await processes.start(**order)
        await finished(url, processes, order)
        return await judged(what or f"{'PostgreSQL x' + str(replicas) if replicas > 1 else 'SQLite'}", url, server, kills, timers)


async def stopped(url: str, folder: Path, *, replicas: int, pauses: int, naive: bool = False, seed: int = 4) -> Verdict:
    """`pauses` times SIGSTOP of one of the processes, most of them past its lease; it goes on afterwards as if nothing had been."""
    rng = random.Random(seed)
    timers = pauses * 20
    await filled(emptied(url), timers=timers, over=pauses * 1.5)
    async with platform(Faults()) as server, zygote(folder) as processes:
        order = {"database": url, "chat": server.url, "naive": naive}
        for _ in range(replicas):
            await processes.start(**order)
        await asyncio.sleep(0.5)

        async def pause(pid: int, seconds: float) -> None:
            os.kill(pid, signal.SIGSTOP)
            await asyncio.sleep(seconds)
            os.kill(pid, signal.SIGCONT)
            await asyncio.sleep(0.2)

        done = 0
        while done < pauses:
            await asyncio.gather(*(pause(pid, rng.uniform(0.5, 4.0)) for pid in rng.sample(processes.living, k=replicas - 1)))
            done += replicas - 1
        await finished(url, processes, order, kill=False)
        return await judged(f"PostgreSQL x{replicas}, SIGSTOP 0.5-4 s", url, server, done, timers)


async def finished(url: str, processes: Zygote, order: dict[str, Any], *, kill: bool = True) -> None:
    """No more schedules; whatever is owed arrives. `kill`: also those that live now die first, and one is left to clean up."""
    if kill:
        for pid in [*processes.living]:
            await processes.end(pid)
    await _halt(url)
    if kill:
        await processes.start(**order)
    assert await drained(url), f"not everything came to an end:\n{processes.log.read_text()[-3000:]}"
    for pid in [*processes.living]:
        assert await processes.end(pid, signal.SIGTERM), "it did not stop"


async def _halt(url: str) -> None:
    """Schedules end with their next second."""
    ended = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    if url.startswith("postgresql"):
        sql = f"UPDATE drill SET body = jsonb_set(body::jsonb, '{{paused_until}}', '\"{ended}\"')::text, version = version + 1"
        once(url, lambda connection: connection.execute(text(sql)))
    else:
        sql = f"UPDATE drill SET body = json_set(body, '$.paused_until', '{ended}'), version = version + 1"
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)) as file, file:  # a process may be alive on it
            file.execute(sql)
