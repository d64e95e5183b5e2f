"""Promise: a hundred thousand daily questions cost nothing while none is due, and twenty thousand at once are on time.

Goals: lateness p99 2 s, the event loop never held for 50 ms, 20 MB above the same process without schedules, an idle tick that does not
depend on how many there are. Control: one APScheduler job for each channel, which only notes that it ran; ours stores the question,
its thread, its reveal and the drill's next date, and owes two posts.

Lateness: from the due second until the post is committed and may be sent. How fast a platform takes it: benchmarks/fanout.py.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import re
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import at, report

if TYPE_CHECKING:
    from adapters.database.store import SqlStore

ROWS = ((1_000, 1_000), (10_000, 10_000), (100_000, 20_000))
"""Schedules, and how many of them are due in one second."""
LATER = datetime(2100, 1, 1, tzinfo=UTC)
MARK = datetime(2099, 1, 1, tzinfo=UTC)
"""Stands in for the second in which they are due, until it is known."""
IDLE = 300
"""Ticks without work, for the cost of one."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--quick", action="store_true", help="only the thousand")
    parser.add_argument("--url", default="", help="a database other than a fresh SQLite file, such as postgresql+asyncpg://…")
    parser.add_argument("--one", nargs=5, metavar=("WHAT", "ON", "DUE", "LEAD", "AT"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        what, on, due, lead, moment = asked.one
        work = ours(on, int(due), float(lead), datetime.fromisoformat(moment)) if what == "ours" else control(int(on), int(due))
        print(json.dumps(asyncio.run(work)))
        return
    rows = measured(ROWS[:1] if asked.quick else ROWS, asked.url)
    report("Schedules: lateness, stalls, memory", rows, notes(rows))


def measured(wanted: tuple[tuple[int, int], ...], url: str) -> dict[str, dict[str, float]]:
    """Every row in a process of its own, on a database that another one filled."""
    rows: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:

        def fresh(name: str, schedules: int, due: int) -> str:
            made = url or f"sqlite:///{folder}/{name}.db"
            asyncio.run(fill(made, schedules, due))
            return made

        rows["ours, none"] = run("ours", fresh("none", 0, 0), 0, 60)
        for schedules, due in wanted:
            rows[f"ours, {schedules:,}, {due:,} due"] = run("ours", fresh(f"n{schedules}", schedules, due), due, 60)
        schedules, due = wanted[-1]
        rows[f"ours without the lead, {due:,} due"] = run("ours", fresh("late", schedules, due), due, 0)
        rows["control, none"] = run("control", "0", 0, 0)
        for schedules, due in wanted:
            rows[f"control, {schedules:,}, {due:,} due"] = run("control", str(schedules), due, 0)
    for row in rows.values():
        row["above MB"] = row["peak MB"] - rows["control, none" if row.pop("control") else "ours, none"]["peak MB"]
    return rows


def run(what: str, on: str, due: int, lead: float) -> dict[str, float]:
    """One row in its own process, so that its memory is its own. The second in which they are due is set beforehand, by this one."""
    moment = (datetime.now(UTC) + timedelta(seconds=lead + 12 + due / 1000)).replace(microsecond=0)
    if what == "ours":
        asyncio.run(set_due(on, moment))
    return asyncio.run(watched([sys.executable, __file__, "--one", what, on, str(due), str(lead), moment.isoformat()]))


async def watched(command: list[str]) -> dict[str, float]:
    """What the row measured, and beside it the longest stall of this process, which does nothing at the same time: the machine's own."""
    env = {"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": "/usr/bin:/bin"}
    pipe = asyncio.subprocess.PIPE
    row = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe, env=env)
    beat = Stall()
    out, err = await row.communicate()
    idle = beat.stop()
    if row.returncode:
        raise SystemExit(err.decode())
    return {**json.loads(out.decode().splitlines()[-1]), "idle stall ms": idle * 1000}


def notes(rows: dict[str, dict[str, float]]) -> list[str]:
    """Whether the goals are reached. A stall counts as far as it is longer than that of an idle process beside it."""
    full = [row for name, row in rows.items() if name.startswith("ours, ") and "due" in name]
    idle = [row["idle tick ms"] for row in full]
    held = {
        "lateness p99 at most 2 s": max(row["late p99 s"] for row in full) <= 2,
        "no stall above 50 ms": max(row["stall ms"] - row["idle stall ms"] for row in full) <= 50,
        "at most 20 MB more than without schedules": max(row["above MB"] for row in full) <= 20,
        "an idle tick costs the same however many there are": max(idle) <= 2 * min(idle) + 0.2,
    }
    return [f"{goal}: {'reached' if good else 'MISSED'}" for goal, good in held.items()]


# --- ours ------------------------------------------------------------------------------------------------------------


async def fill(url: str, schedules: int, due: int) -> None:
    """A database with so many drills, each with two months behind it."""
    from sqlalchemy import text

    from adapters.database.migrate import migrate
    from adapters.database.store import SqlStore, open_engine
    from bot.clock import SystemClock
    from core.chat import Person, Place
    from core.questions.bank import load
    from core.records import Drill, Reckoned
    from scheduler.reckoning import KEY, data_version

    migrate(url)
    engine = open_engine(url)
    store = SqlStore(engine, SystemClock())
    await engine.write(lambda connection: [connection.execute(text(f"DELETE FROM {name}")) for name in TABLES])
    ids = [question.id for question in load().questions]
    today = datetime.now(UTC).date()
    who = Person(key="web:lead", id="lead", name="Lead")

    def drill(number: int) -> Drill:
        place = Place(platform="web", space=f"s{number % 500}", channel=f"c{number}")
        asked = {ids[(number + back) % len(ids)]: today - timedelta(days=back) for back in range(len(ids) - 2, 0, -1)}
        country = "DE" if number % 4 == 0 else ""
        return Drill(
            key=str(place),
            place=place,
            owner=who,
            days=tuple(range(7)),
            at=hour(0),
            reveal=hour(23, 59),
            country=country,
            next_due_at=MARK if number < due else LATER,
            number=40,
            seed=number,
            asked=asked,
        )

    for start in range(0, schedules, 2000):
        async with store.begin() as unit:
            for number in range(start, min(start + 2000, schedules)):
                unit.save(drill(number))
    async with store.begin() as unit:
        unit.save(Reckoned(key=KEY, data=data_version()))
    await engine.close()


TABLES = ("profile", "drill", "occurrence", "conversation", "timer", "outbox", "inbox", "reckoned")


async def set_due(url: str, moment: datetime) -> None:
    """They are due at this second."""
    from sqlalchemy import text

    from adapters.database.store import open_engine

    engine = open_engine(url)
    on_postgres = "jsonb_set(body::jsonb, '{next_due_at}', to_jsonb(CAST(:said AS text)))::text"
    change = "json_set(body, '$.next_due_at', :said)" if url.startswith("sqlite") else on_postgres
    sql = text(f"UPDATE drill SET next_due_at = :moment, body = {change} WHERE body LIKE :marked")
    said = moment.isoformat()
    value: object = moment if not url.startswith("sqlite") else moment.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    await engine.write(lambda connection: connection.execute(sql, {"moment": value, "said": said, "marked": '%"next_due_at":"2099-01-01%'}))
    await engine.close()


async def ours(url: str, due: int, lead: float, moment: datetime) -> dict[str, float]:
    """The real store, jobs and ticker; posts stay in the outbox."""
    from adapters.database.store import SqlStore, open_engine
    from bot.clock import SystemClock
    from core.delivery import Delivery
    from core.questions.bank import load
    from core.records import Conversation
    from scheduler.cadence import cadence_of
    from scheduler.drills import DueDrills
    from scheduler.jobs import Jobs
    from scheduler.ticker import Ticker

    bank, clock = load(), SystemClock()
    began = time.perf_counter()
    engine = open_engine(url)
    store = SqlStore(engine, clock)
    delivery = Delivery(store, {}, clock, quiet)
    jobs = Jobs(store=store, bank=bank, clock=clock, cadence=cadence_of, delivery=delivery, take_up=lambda message: None, log=quiet)
    jobs.drills = DueDrills(store, bank, cadence_of, delivery.fit, quiet, lead=timedelta(seconds=lead))
    await jobs.tick()
    startup = time.perf_counter() - began
    await something_else(store)
    idle = await cpu_of(jobs.tick, IDLE)
    stamps: list[tuple[datetime, int]] = []
    job = jobs.drills

    async def noted(now: datetime) -> int:
        count = await job(now)
        stamps.append((clock.now(), count))
        return count

    jobs.drills = noted  # type: ignore[assignment]
    if clock.now() > moment - timedelta(seconds=lead):
        raise SystemExit("the start took too long for this measurement")
    gc.collect()
    gc.freeze()  # as the service does once it is up
    ticker = Ticker(jobs.tick, store.fade, quiet)
    stall = Stall()
    ticker.start()
    while sum(count for _, count in stamps) < due or clock.now() < moment + timedelta(seconds=2):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    longest = stall.stop()
    await ticker.stop()
    async with store.begin() as unit:
        assert await unit.count(Conversation) == due, "each is laid out once"
    await engine.close()
    late = [max((stamp - moment).total_seconds(), 0.0) for stamp, count in stamps for _ in range(count)]
    return figures(late, longest, startup, idle, control=False)


async def something_else(store: SqlStore) -> None:
    """What every process does that has no schedules: somebody is met and answered."""
    from core.chat import Card, Person, Place, Post
    from core.records import Profile

    who, home = Person(key="web:ada", id="ada", name="Ada"), Place.dm("web", "page", "ada")
    for number in range(20):
        async with store.begin() as unit:
            mine = await unit.get(Profile, who.key)
            unit.save(mine or Profile(key=who.key, who=who, home=home, met_at=datetime.now(UTC)))
            unit.post(Post(key=f"hello{number}", into=home, card=Card(text="Hello. " * 200)))


def quiet(event: str, **facts: object) -> None:
    """Notes nothing."""


async def cpu_of(tick: Callable[[], Awaitable[object]], times: int) -> float:
    """Milliseconds of processor time, all threads together."""
    began = time.process_time()
    for _ in range(times):
        await tick()
    return (time.process_time() - began) / times * 1000


# --- control ---------------------------------------------------------------------------------------------------------


async def control(schedules: int, due: int) -> dict[str, float]:
    """One job a channel, in memory."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler
    from apscheduler.triggers.cron import CronTrigger

    late: list[float] = []
    moment = (datetime.now(UTC) + timedelta(seconds=8 + schedules / 1500)).replace(microsecond=0)
    other = moment + timedelta(hours=12)

    async def one(number: int) -> None:
        late.append((datetime.now(UTC) - moment).total_seconds())

    began = time.perf_counter()
    scheduler = AsyncIOScheduler(timezone=UTC)
    for number in range(schedules):
        when = moment if number < due else other
        trigger = CronTrigger(hour=when.hour, minute=when.minute, second=when.second, timezone=UTC)
        scheduler.add_job(one, trigger, args=(number,), misfire_grace_time=None, coalesce=True)
    scheduler.start()
    startup = time.perf_counter() - began
    gc.collect()
    gc.freeze()
    stall = Stall()
    while len(late) < due or datetime.now(UTC) < moment:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    longest = stall.stop()
    scheduler.shutdown(wait=False)
    return figures(late, longest, startup, 0.0, control=True)


# --- measuring -------------------------------------------------------------------------------------------------------


class Stall:
    """How long the loop kept somebody waiting who wanted a millisecond's rest."""

    def __init__(self) -> None:
        self._longest = 0.0
        self._task = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self._longest, last = max(self._longest, now - last - 0.001), now

    def stop(self) -> float:
        """Seconds."""
        self._task.cancel()
        return self._longest


def figures(late: list[float], stall: float, startup: float, idle: float, *, control: bool) -> dict[str, float]:
    status = Path("/proc/self/status").read_text()
    peak = int(found[1]) / 1024 if (found := re.search(r"VmHWM:\s+(\d+)", status)) else 0.0
    lateness = {"late p50 s": at(late, 0.5), "late p99 s": at(late, 0.99)} if late else {}
    return {**lateness, "stall ms": stall * 1000, "start-up s": startup, "idle tick ms": idle, "peak MB": peak, "control": control}


if __name__ == "__main__":
    main()
