"""1, 3 and 4: processes that are killed, stopped, and lost in a burst."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from tests.soak.faults.figure import Figure, Stage
from tests.soak.harness import GOOD, emptied, filled, killed, place, platform, rows, stopped, zygote

DISCORD = 47.0
"""Posts a second, as Discord permits: while they are owed in a burst, they are sent at that pace."""


async def killed_senders(stage: Stage) -> Figure:
    """1: kill -9, SQLite alone and three replicas on PostgreSQL."""
    kills = stage.scaled(30, 200)
    one = await killed(stage.sqlite, stage.folder, replicas=1, kills=kills)
    three = await killed(stage.postgres, stage.folder, replicas=3, kills=kills)
    naive = await killed(f"sqlite:///{stage.folder}/naive.db", stage.folder, replicas=1, kills=stage.scaled(15, 60), naive=True)
    runs = (one, three)
    return Figure(
        1,
        f"kill -9, {kills} times each",
        "; ".join(
            f"{run.what}: {run.owed} posts, {run.doubled} doubled, {run.lost} lost, {run.gaps + run.undone} left out" for run in runs
        ),
        "0 doubled, 0 lost",
        all(run.good and run.told["looks"] for run in runs),
        f"sends again without looking: {naive.doubled} of {naive.owed} doubled",
        naive.doubled > 0,
    )


async def stopped_senders(stage: Stage) -> Figure:
    """3: SIGSTOP, mostly past the lease of 2.5 s."""
    pauses = stage.scaled(10, 60)
    three = await stopped(stage.postgres, stage.folder, replicas=3, pauses=pauses)
    naive = await stopped(stage.postgres, stage.folder, replicas=3, pauses=stage.scaled(6, 12), naive=True)
    return Figure(
        3,
        f"SIGSTOP past the lease, {pauses}×",
        three.outcome,
        "0 doubled",
        three.good,
        f"sends again without looking: {naive.doubled} of {naive.owed} doubled",
        naive.doubled > 0,
    )


async def lost_in_a_burst(stage: Stage) -> Figure:
    """4: four replicas, everything due at once, two of them die in the middle."""
    due = stage.scaled(4_000, 20_000)
    owed, doubled, latest, split = await _burst(stage, due, "tick/%", die=True)
    _, twice, _, _ = await _burst(stage, stage.scaled(400, 1_000), "tick/%", die=False, unclaimed=True)
    return Figure(
        4,
        f"2 of 4 replicas lost, {due} due",
        f"{owed} of {due} owed, {doubled} doubled, the last {latest:.1f} s after its time (two died when {split} were owed)",
        "all of them, at most 5 s late",
        owed == due and not doubled and (stage.short or latest <= 5.0),
        f"replicas that read and act, each on its own: {twice} doubled",
        twice > 0,
    )


async def _burst(stage: Stage, due: int, keys: str, *, die: bool, unclaimed: bool = False) -> tuple[int, int, float, int]:
    """How many different ones were owed, how many twice, how late the last was, and how many were owed when two died."""
    url = emptied(stage.postgres)
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=5 + due / 2500)
    await filled(url, schedules=due, due=at)
    async with platform(GOOD) as server, zygote(stage.folder) as processes:
        for _ in range(4):
            await processes.start(database=url, chat=server.url, unclaimed=unclaimed, once=True, rate=DISCORD)
        split = 0
        counted = f"SELECT count(*) FROM outbox WHERE key LIKE '{keys}'"
        deadline = at.timestamp() + 60
        while time.time() < deadline:
            count = rows(url, counted)[0][0]
            if die and not split and count >= due // 3:
                split = count
                for pid in processes.living[:2]:
                    await processes.end(pid)
            if count >= due and not rows(url, "SELECT 1 FROM drill WHERE next_due_at IS NOT NULL LIMIT 1"):
                break
            await asyncio.sleep(0.1)
        found = rows(url, f"SELECT channel, count(*), max(owed_at) FROM outbox WHERE key LIKE '{keys}' GROUP BY channel")
    latest = max((owed for _, _, owed in found), default=at)
    assert {str(place(0))} <= {channel for channel, _, _ in found}
    return len(found), sum(count - 1 for _, count, _ in found), (latest - at).total_seconds(), split


FAULTS: dict[int, Callable[[Stage], Awaitable[Figure]]] = {1: killed_senders, 3: stopped_senders, 4: lost_in_a_burst}
