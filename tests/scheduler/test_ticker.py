"""The clockwork: it ticks, survives errors and clock jumps, and holds when the clock cannot be trusted."""

import asyncio
from datetime import UTC, datetime, timedelta

from scheduler.ticker import Ticker


class Wall:
    """A wall clock that can be set, and a steady one beside it."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift


def ticker(tick, wall: Wall, events: list[str]) -> Ticker:  # type: ignore[no-untyped-def]
    async def house() -> None:
        return

    return Ticker(tick, house, lambda event, **facts: events.append(event), every=0.05, wall=wall.now)


async def test_it_ticks_and_an_error_does_not_stop_it() -> None:
    ticks: list[int] = []
    events: list[str] = []

    async def tick() -> None:
        ticks.append(1)
        if len(ticks) == 1:
            raise RuntimeError("once")

    clockwork = ticker(tick, Wall(), events)
    clockwork.start()
    await asyncio.sleep(0.5)
    await clockwork.stop()
    assert len(ticks) >= 3
    assert events == ["tick_failed"]
    assert clockwork.age < 1


async def test_two_ticks_never_run_at_once() -> None:
    running = peak = 0

    async def tick() -> None:
        nonlocal running, peak
        running += 1
        peak = max(peak, running)
        await asyncio.sleep(0.12)
        running -= 1

    clockwork = ticker(tick, Wall(), [])
    clockwork.start()
    await asyncio.sleep(0.5)
    await clockwork.stop()
    assert peak == 1
    assert running == 0


async def test_a_clock_that_jumps_back_an_hour_does_not_stop_it() -> None:
    ticks: list[int] = []

    async def tick() -> None:
        ticks.append(1)

    wall = Wall()
    clockwork = ticker(tick, wall, [])
    clockwork.start()
    await asyncio.sleep(0.2)
    wall.shift = timedelta(hours=-1)
    before = len(ticks)
    await asyncio.sleep(0.6)
    await clockwork.stop()
    assert len(ticks) > before


async def test_a_clock_that_jumps_a_day_holds_once_and_says_so() -> None:
    events: list[str] = []

    async def tick() -> None:
        return

    wall = Wall()
    clockwork = ticker(tick, wall, events)
    clockwork.start()
    await asyncio.sleep(0.15)
    wall.shift = timedelta(days=1)
    await asyncio.sleep(0.4)
    await clockwork.stop()
    assert events.count("clock_jumped") == 1
