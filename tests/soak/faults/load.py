"""13, 15 and 16: a platform that refuses half of everything, a stop under load, and everything due at once."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections.abc import Awaitable, Callable

from tests.soak.chat_server import Faults
from tests.soak.faults.figure import Figure, Stage
from tests.soak.harness import ROOT, emptied, environment, filled, finished, judged, platform, rows, zygote

QUIET = Faults(limited=0, failed_before=0, dropped_after=0, failed_after=0, slow_from=0.15, slow_to=0.35)
"""Slow enough that something is always in flight."""


# --- 13 --------------------------------------------------------------------------------------------------------------


async def refusing_platform(stage: Stage) -> Figure:
    """13: half of all posts are answered with 429 for minutes."""
    seconds = stage.scaled(6, 300)
    owed, lost, early, refused, backlog, drained = await _storm(stage, seconds, impatient=False)
    _, _, pushing, _, _, _ = await _storm(stage, 4, impatient=True)
    return Figure(
        13,
        f"429 for half of all, {seconds} s",
        f"{refused} refusals, {early} calls before Retry-After, backlog {backlog} at the end, gone {drained:.1f} s later;"
        f" {owed} posts, {lost} lost",
        "0 lost, none too early, the backlog drains",
        lost == 0 and early == 0 and refused > 0,  # the backlog drained, or the harness would have said so
        f"a client that comes back when it likes: {pushing} calls too early",
        pushing > 0,
    )


Storm = tuple[int, int, int, int, int, float]
"""Owed; lost, doubled or left out; too early; refused; backlog; seconds until it was gone."""


async def _storm(stage: Stage, seconds: float, *, impatient: bool) -> Storm:
    url = emptied(f"sqlite:///{stage.folder}/storm{impatient}.db")
    await filled(url)
    storm = Faults(limited=0.5, failed_before=0, dropped_after=0, failed_after=0, slow_to=0.03)
    async with platform(storm) as server, zygote(stage.folder) as processes:
        order = {"database": url, "chat": server.url, "impatient": impatient}
        await processes.start(**order)
        await asyncio.sleep(seconds)
        await server.behave(limited=0.0)
        backlog = rows(url, "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')")[0][0]
        began = time.monotonic()
        await finished(url, processes, order, kill=False)
        drained = time.monotonic() - began
        verdict = await judged("storm", url, server, 0, 0)
    told = verdict.told
    return verdict.owed, verdict.lost + verdict.gaps + verdict.doubled, told.get("too early", 0), told.get("429", 0), backlog, drained


# --- 15 --------------------------------------------------------------------------------------------------------------


async def stopped_in_good_order(stage: Stage) -> Figure:
    """15: SIGTERM while posts are in flight and messages are being thought about."""
    times = stage.scaled(3, 20)
    runs = [await _stop(stage, n, signal.SIGTERM) for n in range(times)]
    killed = [await _stop(stage, n + 100, signal.SIGKILL) for n in range(3)]
    unsure, thought = sum(run[1] for run in runs), sum(run[2] for run in runs)
    return Figure(
        15,
        f"SIGTERM under load, {times}×",
        f"exit {sorted({run[0] for run in runs})} within {max(run[3] for run in runs):.1f} s; {unsure} posts left half sent,"
        f" {thought} thoughts broken off and handled again, {sum(run[4] for run in runs)} doubled, lost or left out",
        "sends in flight end within 20 s, exit 0, messages handled again",
        {run[0] for run in runs} == {0}
        and unsure == 0
        and thought > 0
        and not any(run[4] for run in runs)
        and max(run[3] for run in runs) < 20,
        f"kill -9 instead leaves {sum(run[1] for run in killed)} posts half sent",
        all(run[1] > 0 for run in killed),
    )


async def _stop(stage: Stage, n: int, sign: int) -> tuple[int, int, int, float, int]:
    """Exit code, posts left in sending, messages left waiting, seconds, and what was wrong after a new start."""
    url = emptied(f"sqlite:///{stage.folder}/stop{n}.db")
    await filled(url, timers=20, over=0.5)
    async with platform(QUIET) as server, zygote(stage.folder) as processes:
        order = {"database": url, "chat": server.url}
        pid = await processes.start(**order, think=True)
        for _ in range(400):
            await asyncio.sleep(0.02)
            if (
                rows(url, "SELECT count(*) FROM outbox WHERE state = 'sending'")[0][0] > 3
                and rows(url, "SELECT count(*) FROM inbox")[0][0] > 5
            ):
                break
        began = time.monotonic()
        ended = await processes.end(pid, sign)
        took = time.monotonic() - began
        code = processes.codes().get(pid, -1) if ended else -1
        half = rows(url, "SELECT count(*) FROM outbox WHERE state = 'sending' OR uncertain")[0][0]
        waiting = rows(url, "SELECT count(*) FROM inbox WHERE state = 'waiting'")[0][0]
        await processes.start(**order)
        await finished(url, processes, order, kill=False)
        verdict = await judged("stop", url, server, 1, 20)
    return code, half, waiting, took, verdict.doubled + verdict.lost + verdict.gaps + verdict.undone


# --- 16 --------------------------------------------------------------------------------------------------------------


async def all_at_once(stage: Stage) -> Figure:
    """16: twenty thousand daily questions in one second: benchmarks/schedules.py, beside one APScheduler job each."""
    arguments = ("--quick",) if stage.short else ()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "benchmarks/schedules.py", "--json", *arguments, cwd=ROOT, env=environment(), stdout=-1
    )
    out, _ = await process.communicate()
    table = json.loads(out)["rows"]
    ours = next(table[name] for name in reversed(table) if name.startswith("ours,") and "due" in name)
    control = next(table[name] for name in reversed(table) if name.startswith("control,") and "due" in name)
    late, stall = (next(name for name in ours if word in name) for word in ("p99", "stall"))
    return Figure(
        16,
        "1,000 due at once" if stage.short else "20,000 due at once",
        f"{late} {ours[late]:g}, {stall} {ours[stall]:g}",
        "p99 at most 2 s, stall at most 50 ms",
        stage.short or ours[late] <= 2.0,
        f"one APScheduler job each: {late} {control[late]:g}, {stall} {control[stall]:g}",
        control[stall] > ours[stall],
    )


FAULTS: dict[int, Callable[[Stage], Awaitable[Figure]]] = {13: refusing_platform, 15: stopped_in_good_order, 16: all_at_once}
