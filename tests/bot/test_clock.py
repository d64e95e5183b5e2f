"""The database's clock counts for all, as far as it can be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import ServerClock, steady

SERVER = datetime(2026, 11, 24, 9, tzinfo=UTC)


class Line:
    """A server whose clock goes with ours, and a line to it."""

    def __init__(self) -> None:
        self.at = 100.0
        self.there = self.back = 0.01
        self.ahead = 0.0

    def steady(self) -> float:
        return self.at

    async def ask(self) -> datetime:
        self.at += self.there
        told = self.true
        self.at += self.back
        return told

    @property
    def true(self) -> datetime:
        return SERVER + timedelta(seconds=self.at + self.ahead)


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def clock(line: Line) -> ServerClock:
    return ServerClock(line.ask, line.steady)


def off(clock: ServerClock, line: Line) -> float:
    return abs((clock.now() - line.true).total_seconds())


async def test_it_shows_the_servers_time_and_goes_on(clock: ServerClock, line: Line) -> None:
    await clock.measure()
    line.at += 3600
    assert off(clock, line) < 0.01


async def test_a_process_that_was_stopped_in_the_middle_of_asking_does_not_believe_the_answer(clock: ServerClock, line: Line) -> None:
    """SIGSTOP between question and answer would put the clock two seconds off, and leases with it."""
    await clock.measure()
    line.back = 4.0
    await clock.measure()
    assert off(clock, line) < 0.01
    line.back = 0.01
    line.ahead = 0.5  # somebody set the server's clock
    await clock.measure()
    assert off(clock, line) < 0.01


async def test_a_slow_line_is_better_than_none(clock: ServerClock, line: Line) -> None:
    """The first answer counts however slow; later ones where they are no worse, or where the first is too old to be better."""
    line.there = line.back = 0.4
    await clock.measure()
    assert off(clock, line) < 0.01
    line.there = line.back = 0.5
    line.ahead = 60
    await clock.measure()
    assert off(clock, line) > 59
    line.at += 3600
    await clock.measure()
    assert off(clock, line) < 0.01


def test_the_steady_clock_goes_on() -> None:
    before = steady()
    assert steady() >= before
