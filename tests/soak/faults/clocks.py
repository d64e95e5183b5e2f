"""8, 9 and 14: clocks that jump, clocks that are changed by law, and hours in which nothing ran."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from adapters.database.store import SqlStore, open_engine
from core.records import Drill, Occurrence
from scheduler.cadence import DailyCadence
from scheduler.ticker import Ticker
from tests.fakes.wall import Wall, wall_clock
from tests.fakes.world import World
from tests.scheduler.test_cadence import END, EVERY_DAY, START, TIMES, rules
from tests.soak.faults.figure import Figure, Stage
from tests.soak.harness import emptied, filled, rows
from tests.soak.living import EverySecond

# --- 8 ---------------------------------------------------------------------------------------------------------------


async def jumping_clock(stage: Stage) -> Figure:
    """8: the wall clock is set back an hour, then forward a day."""
    revived, early, late = await _jumps(stage.folder / "a.db", watched=True, careful=True)
    dead, eager, _ = await _jumps(stage.folder / "b.db", watched=False, careful=False)
    return Figure(
        8,
        "clock −1 h, then +1 d",
        f"ticks again after {revived:.1f} s; {early} questions of tomorrow posted; {late} of today's posted once it is right again",
        "alive within 5 s, 0 doubled, nothing posted at +1 d",
        revived < 5.0 and early == 0 and late == 5,
        f"without the watchdog {'no tick' if dead >= 5.0 else 'a tick'} within 5 s; without the look at the drift {eager} of tomorrow's"
        " posted",
        dead >= 5.0 and eager > 0,
    )


async def _jumps(path: Path, *, watched: bool, careful: bool) -> tuple[float, int, int]:
    """Seconds until a tick after the jump back; how many of tomorrow's were posted a day too early; how many of today's afterwards."""
    url = f"sqlite:///{path}"
    await filled(emptied(url), schedules=40, due=datetime.now(UTC) + timedelta(hours=20))
    beats: list[float] = []
    with wall_clock() as wall:
        engine = open_engine(url)
        store = SqlStore(engine, wall)
        job = EverySecond(store, once=True)

        async def always() -> None:
            beats.append(time.monotonic())

        ticker = Ticker(lambda: job(wall.now()), always, lambda *_, **__: None, always=always, every=0.1, wall=wall.now)
        if not careful:
            ticker.drift.trusted = lambda: True  # type: ignore[method-assign]
        ticker.start()
        if not watched:
            assert ticker._watch
            ticker._watch.cancel()
        await asyncio.sleep(0.5)
        revived = await _set(wall, timedelta(hours=-1), beats)
        wall.shift = timedelta()
        ticker._scheduler.modify_job("tick", next_run_time=datetime.now(UTC))
        await asyncio.sleep(0.5)
        await _set(wall, timedelta(days=1), beats)
        await asyncio.sleep(1.0)
        early = rows(url, "SELECT count(*) FROM outbox")[0][0]
        wall.shift = timedelta()
        await asyncio.sleep(0.3)
        async with store.begin() as unit:
            for drill in (await unit.find(Drill, limit=5)) if careful else ():
                unit.save(drill.model_copy(update={"next_due_at": wall.now()}))
        ticker._scheduler.modify_job("tick", next_run_time=datetime.now(UTC))
        await asyncio.sleep(1.0)
        late = rows(url, "SELECT count(*) FROM outbox")[0][0] - early
        await ticker.stop()
        await engine.close()
    return revived, early, late


async def _set(wall: Wall, shift: timedelta, beats: list[float]) -> float:
    """Set the clock; seconds until the third tick after that, 5 where it does not come."""
    wall.shift = shift
    await asyncio.sleep(0.15)  # what was under way
    count, began = len(beats), time.monotonic()
    while len(beats) < count + 3:
        if time.monotonic() - began > 5.0:
            return 5.0
        await asyncio.sleep(0.01)
    return time.monotonic() - began


# --- 9 ---------------------------------------------------------------------------------------------------------------


async def clock_changes(stage: Stage) -> Figure:
    """9: every rule of daylight saving, at every half hour, over 13 months. The exact times: tests/scheduler/test_cadence.py."""
    zones = rules()[:: stage.scaled(6, 1)]
    skipped, doubled = await asyncio.to_thread(_dates, zones, _ours)
    lost, twice = await asyncio.to_thread(_dates, zones[:: 1 if not stage.short else 2], _apscheduler)
    return Figure(
        9,
        f"{len(zones)} rules × {len(TIMES)} times, 13 months",
        f"{len(zones) * len(TIMES)} schedules: {skipped} skipped a date, {doubled} had one twice",
        "1,392 schedules or more, 0 skipped, 0 doubled",
        skipped == doubled == 0 and (stage.short or len(zones) * len(TIMES) >= 1392),
        f"APScheduler's CronTrigger: {lost} skipped a date, {twice} had one twice",
        lost + twice > 0,
    )


def _dates(zones: list[str], nexts: Callable[[ZoneInfo, int, int], Callable[[datetime], datetime]]) -> tuple[int, int]:
    """How many schedules leave out a local date, and how many fire twice on one."""
    skipped = doubled = 0
    for name in zones:
        zone = ZoneInfo(name)
        for at in TIMES:
            following, due = nexts(zone, at.hour, at.minute), START
            days = []
            while (due := following(due)) < END:
                days.append(due.astimezone(zone).date())
            steps = {(later - day).days for day, later in itertools.pairwise(days)}
            skipped += any(step > 1 for step in steps)
            doubled += 0 in steps
    return skipped, doubled


def _ours(zone: ZoneInfo, hour: int, minute: int) -> Callable[[datetime], datetime]:
    return DailyCadence(days=EVERY_DAY, at=datetime(2000, 1, 1, hour, minute).time(), zone=zone).next_due  # noqa: DTZ001


def _apscheduler(zone: ZoneInfo, hour: int, minute: int) -> Callable[[datetime], datetime]:
    trigger = CronTrigger(hour=hour, minute=minute, timezone=zone)

    def following(after: datetime) -> datetime:
        due = trigger.get_next_fire_time(after, after + timedelta(microseconds=1))
        assert due
        return due.astimezone(UTC)

    return following


# --- 14 --------------------------------------------------------------------------------------------------------------


async def outage(stage: Stage) -> Figure:
    """14: nothing ran for six hours over the due time, and then for more than a day."""
    world = World()
    await world.install()
    world.clock.set(datetime(2026, 11, 25, 7, 50, tzinfo=UTC))  # Wednesday, 08:50 in Berlin; due at 09:00, reveal at 16:30
    await world.wait()
    before = _daily(world)
    world.restart()
    await world.wait(hours=6)
    same_day = _daily(world) - before
    world.restart()
    await world.wait(days=1, hours=20)  # Friday 10:50: Thursday was missed altogether
    await world.wait(seconds=5)
    later = _daily(world) - before - same_day
    assert world.store
    async with world.store.begin() as unit:
        found = await unit.find(Occurrence, order="due_at")
    traces = [item.status for item in found if item.day.day == 26]
    late = [item.late for item in found if item.day.day in (25, 27)]
    burst, grace = _by_apscheduler()
    return Figure(
        14,
        "6 h outage over the due time",
        f"{same_day} late post on the same date; after a day more {later} post, and a row {traces} for the missed one",
        "one late post, else `skipped`, never a burst",
        same_day == 1 and later == 1 and traces == ["skipped"] and late == [True, True],
        f"APScheduler after the day: {grace} posts with its defaults (silence), {burst} without coalescing (a burst)",
        burst > 1 and grace == 0,
    )


def _daily(world: World) -> int:
    return sum(item.post.key.startswith("daily/") and item.post.opens for item in world.platform.shown)


def _by_apscheduler() -> tuple[int, int]:
    """How often a job store would fire on coming back: all that were missed, and those within the default grace."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    zone = ZoneInfo("Europe/Berlin")
    job = scheduler.add_job(
        print, CronTrigger(day_of_week="mon-fri", hour=9, timezone=zone), next_run_time=datetime(2026, 11, 25, 9, tzinfo=zone)
    )
    now = datetime(2026, 11, 27, 10, 50, tzinfo=zone)
    job._modify(next_run_time=datetime(2026, 11, 25, 9, tzinfo=zone))
    missed = job._get_run_times(now)
    return len(missed), sum((now - at).total_seconds() <= 1 for at in missed)


FAULTS: dict[int, Callable[[Stage], Awaitable[Figure]]] = {8: jumping_clock, 9: clock_changes, 14: outage}
