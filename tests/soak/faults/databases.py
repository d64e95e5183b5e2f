"""5, 6, 7 and 17: a database that crashes, is locked, is full, or is migrated by several at once."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from pathlib import Path
from uuid import uuid4

import aiohttp

from adapters.database.engine import Engine
from adapters.database.migrate import once
from adapters.database.sqlite import WRITING, SqliteEngine, pool
from adapters.database.store import SqlStore, open_engine
from adapters.database.writer import Writer
from bot.clock import SystemClock
from core.chat import Kind, Message
from core.errors import StoreUnavailable
from tests.e2e.postgres.server import Server
from tests.e2e.process import Loopcoach
from tests.soak.chat_server import Faults
from tests.soak.faults.figure import Figure, Stage
from tests.soak.harness import ADA, ROOT, Verdict, alive, emptied, environment, filled, finished, judged, place, platform, rows, zygote


def said(id: str) -> Message:
    return Message(id=id, place=place(0), author=ADA, kind=Kind.AMBIENT, text="words " * 50, sent_at=SystemClock().now())


# --- 5 ---------------------------------------------------------------------------------------------------------------


async def crashed_server(stage: Stage) -> Figure:
    """5: PostgreSQL is restarted in `immediate` mode under load."""
    server = Server(stage.folder / "server")
    url = await asyncio.to_thread(server.start)
    try:
        times = stage.scaled(2, 6)
        acked, there, errors, recovery = await _under_writers(emptied(url), server, times, careful=True)
        running, verdict = await _replicas(url, server, stage)
        bad_acked, bad_there, _, _ = await _under_writers(emptied(url), server, 2, careful=False)
    finally:
        await asyncio.to_thread(server.stop)
    return Figure(
        5,
        f"PostgreSQL crashes, {times}×",
        f"{len(acked)} acknowledged, {len(acked - there)} lost, {errors} told to come again; writing {recovery:.1f} s after its return;"
        f" {running} of 3 processes live, {verdict.owed} posts: {verdict.doubled} doubled, {verdict.lost} lost",
        "0 lost, no process ends, at most 2 s",
        acked <= there and running == 3 and verdict.good and (stage.short or recovery <= 2.0),
        f"acknowledged before the commit: {len(bad_acked - bad_there)} of {len(bad_acked)} lost",
        bool(bad_acked - bad_there),
    )


async def _under_writers(url: str, server: Server, times: int, *, careful: bool) -> tuple[set[str], set[str], int, float]:
    """What was acknowledged, what is there, how many errors, and the longest wait for a write after the server came back."""
    engine = open_engine(url)
    store, acked, errors, over = SqlStore(engine, SystemClock()), set[str](), 0, False
    wrote_at = time.monotonic()

    async def writer() -> None:
        nonlocal errors, wrote_at
        while not over:
            message = said(uuid4().hex)
            if not careful:
                acked.add(message.id)
            try:
                await store.inbox.receive(message)
            except StoreUnavailable:
                errors += 1
                await asyncio.sleep(0.05)
            else:
                acked.add(message.id)
                wrote_at = time.monotonic()

    writers = [asyncio.create_task(writer()) for _ in range(8)]
    worst = 0.0
    for _ in range(times):
        await asyncio.sleep(0.7)
        await asyncio.to_thread(server.restart_at_once)
        back = time.monotonic()
        while wrote_at < back:
            assert time.monotonic() - back < 30
            await asyncio.sleep(0.01)
        worst = max(worst, wrote_at - back)
    over = True
    await asyncio.gather(*writers)
    await engine.close()
    return acked, {id for (id,) in rows(url, "SELECT id FROM inbox")}, errors, worst


async def _replicas(url: str, server: Server, stage: Stage) -> tuple[int, Verdict]:
    """How many of three processes outlive it, and what came of their work."""
    await filled(emptied(url), timers=60, over=4)
    async with platform(Faults()) as chat, zygote(stage.folder) as processes:
        order = {"database": url, "chat": chat.url}
        for _ in range(3):
            await processes.start(**order)
        for _ in range(2):
            await asyncio.sleep(1.5)
            await asyncio.to_thread(server.restart_at_once)
        await asyncio.sleep(1.0)
        running = sum(alive(pid) for pid in processes.living)
        await finished(url, processes, order, kill=False)
        return running, await judged("crash", url, chat, 2, 60)


# --- 6 ---------------------------------------------------------------------------------------------------------------


async def locked_file(stage: Stage) -> Figure:
    """6: another program holds SQLite's write lock."""
    seconds = stage.scaled(4, 30)
    slowest, refused, acked, there = await _under_lock(stage.folder / "a.db", seconds, SqliteEngine)
    patient, _, _, _ = await _under_lock(stage.folder / "b.db", 6, _patient)
    return Figure(
        6,
        f"SQLite locked for {seconds} s",
        f"told within {slowest:.1f} s each time ({refused}× to come again), {len(acked)} acknowledged later, {len(acked - there)} lost",
        "an answer within 3 s, 0 lost",
        slowest < 3.0 and acked == there and refused > 0,
        f"a writer with the usual patience answers after {patient:.1f} s, when Slack has given up",
        patient >= 3.0,
    )


def _patient(path: Path) -> SqliteEngine:
    """Waits for a lock as long as many programs do."""
    engine = SqliteEngine(path)
    engine._writer.close()
    pragmas = [pragma for pragma in WRITING if "busy_timeout" not in pragma]
    engine._writer = Writer(pool(path, (*pragmas, "PRAGMA busy_timeout=10000"), begin="BEGIN IMMEDIATE"))
    return engine


async def _under_lock(path: Path, seconds: float, opened: Callable[[Path], Engine]) -> tuple[float, int, set[str], set[str]]:
    emptied(f"sqlite:///{path}")
    engine = opened(path)
    store = SqlStore(engine, SystemClock())
    slowest, refused, unsent = 0.0, 0, [said(f"m{n}") for n in range(20)]
    acked: set[str] = set()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        until = time.monotonic() + seconds
        while unsent:
            if other.in_transaction and time.monotonic() >= until:
                other.execute("ROLLBACK")
            message = unsent.pop(0)
            began = time.monotonic()
            waiting = asyncio.create_task(store.inbox.receive(message))
            while not waiting.done():
                await asyncio.wait({waiting}, timeout=0.05)
                if other.in_transaction and time.monotonic() >= until:
                    other.execute("ROLLBACK")
            slowest = max(slowest, time.monotonic() - began)
            if waiting.exception():
                refused += 1
                unsent.append(message)  # the platform delivers it again
            else:
                acked.add(message.id)
    await engine.close()
    return slowest, refused, acked, {id for (id,) in rows(f"sqlite:///{path}", "SELECT id FROM inbox")}


# --- 7 ---------------------------------------------------------------------------------------------------------------


async def full_disk(stage: Stage) -> Figure:
    """7: the disk that the database lies on fills up, and is freed again."""
    with _small_disk(stage.folder / "disk") as disk:
        coach = Loopcoach(stage.folder, database=disk / "loop.db")
        await coach.start()
        try:
            async with aiohttp.ClientSession() as http:
                pid = coach.pid
                before, _ = await _ready(http, coach)
                _fill(disk)
                full = await _until(http, coach, 503)
                with closing(sqlite3.connect(f"file:{coach.database}?mode=ro", uri=True)) as file:
                    reads = file.execute("SELECT 1").fetchone() == (1,)
                    check = file.execute("PRAGMA quick_check").fetchone()[0]
                why = (await _ready(http, coach))[1]
                (disk / "ballast").unlink()
                freed = await _until(http, coach, 200)
                same = coach.pid == pid
        finally:
            await coach.quit()
    return Figure(
        7,
        "disk full, then freed",
        f"/readyz {before} → {503 if full else '200'} ({why}) → {200 if freed else '503'}, quick_check {check}, "
        f"{'no restart' if same else 'restarted'}",
        "503, no corruption, goes on without a restart",
        before == 200 and full and freed and check == "ok" and same,
        f"a check that only reads says the full disk is {'fine' if reads else 'full'}",
        reads,
    )


class _small_disk:
    """A tmpfs of six megabytes."""

    def __init__(self, at: Path) -> None:
        self._at = at

    def __enter__(self) -> Path:
        self._at.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(self._at)], check=True)
        return self._at

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", "-l", str(self._at)], check=True)


def _fill(disk: Path) -> None:
    with suppress(OSError), (disk / "ballast").open("wb", buffering=0) as ballast:
        while True:
            ballast.write(b"x" * 4096)


async def _ready(http: aiohttp.ClientSession, coach: Loopcoach) -> tuple[int, str]:
    async with http.get(f"{coach.url}/readyz") as answer:
        return answer.status, (await answer.text()).strip()


async def _until(http: aiohttp.ClientSession, coach: Loopcoach, status: int) -> bool:
    """Whether it says so within a while; asking is what writes."""
    for _ in range(1500):
        if (await _ready(http, coach))[0] == status:
            return True
        await asyncio.sleep(0.01)
    return False


# --- 17 --------------------------------------------------------------------------------------------------------------

PROGRAM = """
import sys
from adapters.database import migrate as m
url, folder, gate = sys.argv[1:]
if folder:
    usual = m.config
    def config(connection=None):
        made = usual(connection)
        made.set_main_option("script_location", folder)
        return made
    m.config = config
import pathlib, time
pathlib.Path(gate + "." + str(id(m)) + str(time.time_ns())).touch()
while not pathlib.Path(gate).exists():
    time.sleep(0.001)
m.migrate(url)
"""


async def migration_race(stage: Stage) -> Figure:
    """17: four processes bring the same empty server to the newest form at once."""
    server = Server(stage.folder / "server")
    url = await asyncio.to_thread(server.start)
    unlocked = stage.folder / "unlocked"
    shutil.copytree(ROOT / "adapters/database/migrations", unlocked, ignore=shutil.ignore_patterns("__pycache__"))
    env = unlocked / "env.py"
    env.write_text(env.read_text().replace("SELECT pg_advisory_xact_lock(:key)", "SELECT CAST(:key AS bigint)"))
    try:
        rounds = stage.scaled(2, 5)
        failed = sum([await _race(url, "") for _ in range(rounds)])
        assert await _race(url, str(unlocked), together=1) == 0, "it fails alone too: no control"
        control = sum([await _race(url, str(unlocked)) for _ in range(3)])
    finally:
        await asyncio.to_thread(server.stop)
    return Figure(
        17,
        f"4 migrate at once, {rounds} rounds",
        f"{failed} of {4 * rounds} failed",
        "0 failures",
        failed == 0,
        f"without the advisory lock {control} of 12 failed",
        control > 0,
    )


async def _race(url: str, folder: str, together: int = 4) -> int:
    """How many of them failed."""
    for sql in ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public"):
        once(url, lambda connection, sql=sql: connection.exec_driver_sql(sql))  # type: ignore[misc]
    with tempfile.TemporaryDirectory() as waiting:
        arguments = ("-c", PROGRAM, url, folder, str(Path(waiting, "gate")))
        started = [await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment(), stderr=-3) for _ in range(together)]
        await asyncio.to_thread(_open_when_all_wait, Path(waiting), together)
        return sum(code != 0 for code in await asyncio.gather(*(process.wait() for process in started)))


def _open_when_all_wait(folder: Path, count: int) -> None:
    while len(list(folder.iterdir())) < count:
        time.sleep(0.005)
    (folder / "gate").touch()


FAULTS: dict[int, Callable[[Stage], Awaitable[Figure]]] = {5: crashed_server, 6: locked_file, 7: full_disk, 17: migration_race}
