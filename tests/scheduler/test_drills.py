"""Daily questions that fall due: all of them, each once, and none that cannot be held up by another."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

from adapters.database.migrate import migrate
from adapters.database.sqlite import SqliteEngine
from adapters.database.store import SqlStore
from core.records import Drill, Occurrence
from scheduler.cadence import cadence_of
from scheduler.drills import BATCH, LEAD
from tests.contracts.stores import StoppedClock
from tests.scheduler.drills import DAY, NINE, Desk, keep, kept, order


async def test_each_comes_once_with_its_next_date() -> None:
    desk = Desk()
    await keep(desk.store, *(order(number) for number in range(7)))
    assert await desk.at() == 7
    assert await desk.at() == 0
    assert sorted(desk.channels) == [f"c{number:05}" for number in range(7)]
    assert (await kept(desk.store, order(3))).next_due_at == NINE + DAY


async def test_it_is_laid_out_a_minute_ahead_and_not_to_be_sent_before() -> None:
    desk = Desk()
    await keep(desk.store, order(), order(1, next_due_at=NINE + timedelta(seconds=1)))
    assert await desk.at(NINE - LEAD - timedelta(seconds=1)) == 0
    assert await desk.at(NINE - LEAD) == 1
    assert {post.not_before for post in desk.memory.posts()} == {NINE}
    assert await desk.store.outbox.claim(limit=9, lease=40, now=NINE - timedelta(milliseconds=1), platforms=("web",)) == []
    assert len(await desk.store.outbox.claim(limit=9, lease=40, now=NINE, platforms=("web",))) == 1
    assert await desk.store.outbox.next_at() is not None


async def test_at_its_time_or_later_it_may_go_at_once_whatever_the_clock_does_next() -> None:
    desk = Desk()
    await keep(desk.store, order())
    await desk.at(NINE)
    assert {post.not_before for post in desk.memory.posts()} == {None}


async def test_one_that_cannot_be_worked_out_stops_and_holds_up_nobody() -> None:
    desk = Desk()
    await keep(desk.store, order(), order(1, zone="Mars/Olympus"), order(2, country="ZZ"), order(3))
    assert await desk.at() == 4
    assert sorted(desk.channels) == ["c00000", "c00002", "c00003"]  # only the next date of 2 cannot be worked out
    assert (await kept(desk.store, order(1))).stopped.startswith("When it is due could not be worked out")
    assert (await kept(desk.store, order(2))).stopped.startswith("I have no public holidays for 'ZZ'")


async def test_one_without_further_dates_has_its_last_question_and_says_why_it_stopped() -> None:
    desk = Desk()
    off = tuple(date(2026, 11, 25) + timedelta(weeks=week) for week in range(1, 130))
    await keep(desk.store, order(days=(2,), days_off=off))
    await desk.at()
    assert desk.channels == ["c00000"]
    after = await kept(desk.store, order())
    assert after.next_due_at is None
    assert "No day is left" in after.stopped


async def test_a_day_that_has_its_question_or_its_trace_already_gets_no_second_one() -> None:
    desk = Desk()
    await keep(desk.store, *(order(number) for number in range(3)))
    await desk.at()
    async with desk.store.begin() as unit:  # a clock that went back, a due date that was set back
        unit.save((await kept(desk.store, order(1))).model_copy(update={"next_due_at": NINE}))
    await keep(desk.store, order(9))
    assert await desk.at(NINE + timedelta(minutes=1)) == 2
    assert desk.events == ["drills_raced"]
    assert sorted(desk.channels) == ["c00000", "c00001", "c00002", "c00009"]
    assert (await kept(desk.store, order(1))).next_due_at == NINE + DAY


async def test_a_drill_that_somebody_changes_meanwhile_is_not_overrun() -> None:
    """The owner stops one while it is laid out: nothing of it is posted, and the others are."""
    desk = Desk()
    await keep(desk.store, order(), order(1))
    store, stopping = desk.memory, [True]

    def somebody() -> None:
        if stopping:
            stopping.clear()
            key = (Drill, order(1).key)
            mine = store.memory.records[key]
            store.memory.records[key] = mine.model_copy(update={"next_due_at": None, "version": mine.version + 1})

    store.before_commit = somebody
    await desk.at()
    assert desk.channels == ["c00000"]
    assert (await kept(desk.store, order(1))).next_due_at is None


@pytest.mark.parametrize("days", [1, 5, 13, 40])
async def test_after_downtime_there_is_a_trace_for_each_day_and_one_question_at_most(days: int) -> None:
    desk = Desk()
    await keep(desk.store, order(days=tuple(range(7))))
    await desk.at(NINE + days * DAY + timedelta(hours=2))
    traces = [item for item in desk.memory.all(Occurrence) if item.status == "skipped"]
    assert len(desk.channels) == 1
    assert len(traces) == min(days, 14)
    assert [item.late for item in desk.memory.all(Occurrence) if item.status == "posted"] == [True]
    assert (await kept(desk.store, order())).next_due_at == NINE + (days + 1) * DAY


async def test_a_batch_is_one_transaction_and_is_worked_out_beside_the_loop(tmp_path: Path) -> None:
    """However many are due: a commit for each five hundred, no question about each drill's past, and the loop is free meanwhile."""
    url = f"sqlite:///{tmp_path}/many.db"
    migrate(url)
    engine = SqliteEngine(tmp_path / "many.db")
    threads: set[int] = set()

    def cadences(drill: Drill) -> object:
        threads.add(threading.get_ident())
        return cadence_of(drill)

    desk = Desk(SqlStore(engine, StoppedClock()), cadences)  # type: ignore[arg-type]
    await keep(desk.store, *(order(number) for number in range(BATCH + 100)))
    commits, reads = engine.commits, Reads(engine)
    assert await desk.job(NINE) == BATCH
    assert await desk.job(NINE) == 100
    assert engine.commits - commits == 2
    assert reads.asked == 2
    assert threading.get_ident() not in threads
    assert len(desk.fitted) == 2 * (BATCH + 100)
    await engine.close()


class Reads:
    """Counts how often a database is asked."""

    def __init__(self, engine: SqliteEngine) -> None:
        self.asked = 0
        self._read = engine._read
        engine._read = self._counted  # type: ignore[method-assign]

    def _counted(self, work):  # type: ignore[no-untyped-def]
        self.asked += 1
        return self._read(work)
