"""The clockwork: it ticks, survives errors and clock jumps, and holds when the clock cannot be trusted."""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.drift import Drift
from scheduler.ticker import Ticker
from tests.fakes.wall import Wall, wall_clock

EVERY = 0.02
SLEEP = asyncio.sleep
HOUR = timedelta(hours=1)
"""As good as a day, of whose every missed tick APScheduler would make a list. What a day is to the drift is asked of the drift."""


@pytest.fixture
def wall() -> Iterator[Wall]:
    with wall_clock() as made:
        yield made


class Steady:
    """A steady clock by hand: how long the loop is held up by others does not matter."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def ticker(tick, wall: Wall, events: list[str], steady: Callable[[], float] = time.monotonic) -> Ticker:  # type: ignore[no-untyped-def]
    async def house() -> None:
        return

    return Ticker(tick, house, lambda event, **facts: events.append(event), every=EVERY, wall=wall.now, steady=steady)


async def until(true, seconds: float = 5.0) -> bool:  # type: ignore[no-untyped-def]
    """Whether it comes true in time."""
    for _ in range(int(seconds / 0.01)):
        if true():
            return True
        await SLEEP(0.01)
    return False


async def test_it_ticks_and_an_error_does_not_stop_it(wall: Wall) -> None:
    ticks: list[int] = []
    events: list[str] = []

    async def tick() -> None:
        ticks.append(1)
        if len(ticks) == 1:
            raise RuntimeError("once")

    steady = Steady()
    clockwork = ticker(tick, wall, events, steady)
    clockwork.start()
    assert await until(lambda: len(ticks) >= 3)
    steady.at = 2 * EVERY
    count = len(ticks)
    assert await until(lambda: len(ticks) >= count + 2)
    await clockwork.stop()
    assert events == ["tick_failed"]
    assert clockwork.age == 0


async def test_two_ticks_never_run_at_once(wall: Wall) -> None:
    running = peak = done = 0

    async def tick() -> None:
        nonlocal running, peak, done
        running += 1
        peak = max(peak, running)
        await SLEEP(3 * EVERY)
        running -= 1
        done += 1

    clockwork = ticker(tick, wall, [])
    clockwork.start()
    assert await until(lambda: done >= 3)
    await clockwork.stop()
    assert peak == 1
    assert running == 0


@pytest.mark.parametrize("watched", [True, False], ids=["watched", "control"])
async def test_a_clock_that_is_set_back_an_hour_does_not_stop_it(wall: Wall, watched: bool) -> None:
    """APScheduler alone would wait for an hour: the control, whose watchdog is dead, shows that."""
    calls: list[int] = []
    events: list[str] = []

    async def tick() -> None:
        return

    steady = Steady()
    clockwork = ticker(tick, wall, events, steady)
    clockwork._always = lambda: SLEEP(0, calls.append(1))  # type: ignore[assignment, func-returns-value]
    clockwork.start()
    if not watched:
        assert clockwork._watch
        clockwork._watch.cancel()
    assert await until(lambda: len(calls) >= 2)
    wall.shift = -HOUR
    await SLEEP(5 * EVERY)
    before = len(calls)
    steady.at = 60.0
    went_on = await until(lambda: len(calls) > before, seconds=5 if watched else 20 * EVERY)
    revived = events.count("tick_revived")
    assert await until(lambda: len(calls) >= before + 5) if watched else len(calls) == before
    await clockwork.stop()
    assert went_on is watched
    assert bool(revived) is watched
    assert events.count("tick_revived") == revived, "once is enough"


@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["ahead", "back"])
async def test_a_clock_that_jumps_holds_what_falls_due_says_so_once_and_goes_on_when_it_is_right_again(wall: Wall, jump: timedelta) -> None:
    acted: list[int] = []
    always: list[int] = []
    events: list[str] = []

    async def tick() -> None:
        acted.append(1)

    clockwork = ticker(tick, wall, events)
    clockwork._always = lambda: SLEEP(0, always.append(1))  # type: ignore[assignment, func-returns-value]
    clockwork.start()
    assert await until(lambda: len(acted) >= 2)
    wall.shift = jump
    assert await until(lambda: clockwork.holding)
    count, kept = len(acted), len(always)
    assert await until(lambda: len(always) >= kept + 5), "what does not depend on the hour goes on"
    assert len(acted) == count
    assert events.count("clock_jumped") == 1
    wall.shift = timedelta()
    assert await until(lambda: len(acted) > count)
    assert events.count("clock_trusted_again") == 1
    await clockwork.stop()


async def test_somebody_who_looked_can_say_that_the_new_time_is_right(wall: Wall) -> None:
    acted: list[int] = []

    async def tick() -> None:
        acted.append(1)

    clockwork = ticker(tick, wall, [])
    clockwork.start()
    assert await until(lambda: bool(acted))
    wall.shift = HOUR
    assert await until(lambda: clockwork.holding)
    count = len(acted)
    clockwork.trust()
    assert await until(lambda: len(acted) > count)
    await clockwork.stop()


class Clocks:
    """A wall clock and a steady one, both by hand."""

    def __init__(self) -> None:
        self.wall, self.steady = datetime(2026, 11, 24, 9, tzinfo=UTC), 0.0

    def pass_(self, seconds: float) -> None:
        """Both go on: also what a laptop's sleep looks like where the steady clock counts it."""
        self.wall += timedelta(seconds=seconds)
        self.steady += seconds

    def jump(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def drift(clocks: Clocks) -> Drift:
    return Drift(lambda: clocks.wall, lambda: clocks.steady)


def test_a_night_of_sleep_is_no_drift(clocks: Clocks, drift: Drift) -> None:
    clocks.pass_(9 * 3600)
    assert drift.by() == timedelta()
    assert drift.trusted()


@pytest.mark.parametrize(("seconds", "trusted"), [(900, True), (901, False), (-900, True), (-901, False)])
def test_a_quarter_of_an_hour_is_the_limit(clocks: Clocks, drift: Drift, seconds: float, trusted: bool) -> None:
    clocks.jump(seconds)
    assert drift.trusted() is trusted


def test_time_settles_it(clocks: Clocks, drift: Drift) -> None:
    """An hour at the new time, not moving any more, and it is believed; a further jump begins a new hour."""
    clocks.jump(86_400)
    assert not drift.trusted()
    clocks.pass_(3500)
    assert not drift.trusted()
    clocks.jump(3600)
    clocks.pass_(200)
    assert not drift.trusted()
    clocks.pass_(3599)
    assert not drift.trusted()
    clocks.pass_(2)
    assert drift.trusted()
    assert drift.by() == timedelta()
