"""What every ledger promises about money that was spent."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.database.engine import Engine
from adapters.database.ledger import SqlLedger
from adapters.database.migrate import migrate
from adapters.database.store import SqlStore, open_engine
from adapters.database.tables import Base
from core.ports import Ledger, Payer, Spent, Usage
from tests.contracts.stores import ADA, BOB, IMPLEMENTATIONS, NOW, StoppedClock
from tests.fakes.ledger import MemoryLedger
from tests.fakes.postgres import POSTGRES

DAY = NOW.date()
ADAS = Payer(person=ADA.key, space="web/page", agreed=True)
BOBS = Payer(person=BOB.key, space="web/page", agreed=True)
ELSEWHERE = Payer(person=ADA.key, space="web/other", agreed=True)
CALL = Usage(input_tokens=100, cached_tokens=40, output_tokens=20, dollars=0.25, calls=1)
ONE = Spent(calls=1, tokens=120, dollars=0.25)
SQL = IMPLEMENTATIONS[1:]


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database, to be copied."""
    path = tmp_path_factory.mktemp("blank") / "store.db"
    migrate(f"sqlite:///{path}")
    return path


async def opened(kind: object, blank: Path, path: Path) -> Engine:
    """An empty database of this kind."""
    url = POSTGRES if kind == "postgres" else f"sqlite:///{path}/store.db"
    if kind == "postgres":
        migrate(url)
    else:
        shutil.copy(blank, path / "store.db")
    engine = open_engine(url)
    if kind == "postgres":
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)
        await engine.write(lambda connection: connection.execute(text(f"TRUNCATE {names}")))
    return engine


@pytest.fixture(params=IMPLEMENTATIONS)
async def ledger(request: pytest.FixtureRequest, blank: Path, tmp_path: Path) -> AsyncIterator[Ledger]:
    if request.param == "memory":
        yield MemoryLedger()
        return
    engine = await opened(request.param, blank, tmp_path)
    yield SqlLedger(engine)
    await engine.close()


@pytest.fixture(params=SQL)
async def engine(request: pytest.FixtureRequest, blank: Path, tmp_path: Path) -> AsyncIterator[Engine]:
    engine = await opened(request.param, blank, tmp_path)
    yield engine
    await engine.close()


async def test_at_first_nothing_was_spent(ledger: Ledger) -> None:
    assert await ledger.spent(DAY, ADAS) == (Spent(), Spent(), Spent())


async def test_a_call_counts_for_its_person_their_space_and_everybody(ledger: Ledger) -> None:
    await ledger.add(DAY, ADAS, CALL)
    assert await ledger.spent(DAY, ADAS) == (ONE, ONE, ONE)
    assert await ledger.spent(DAY, BOBS) == (Spent(), ONE, ONE)
    assert await ledger.spent(DAY, ELSEWHERE) == (ONE, Spent(), ONE)
    await ledger.add(DAY, ELSEWHERE, CALL)
    two = Spent(calls=2, tokens=240, dollars=0.5)
    assert await ledger.spent(DAY, ADAS) == (two, ONE, two)


async def test_each_day_is_counted_by_itself(ledger: Ledger) -> None:
    await ledger.add(DAY, ADAS, CALL)
    await ledger.add(DAY + timedelta(days=1), ADAS, CALL)
    assert await ledger.spent(DAY, ADAS) == (ONE, ONE, ONE)
    assert await ledger.spent(DAY - timedelta(days=1), ADAS) == (Spent(), Spent(), Spent())


async def test_one_estimate_marks_the_day_and_only_those_it_concerns(ledger: Ledger) -> None:
    await ledger.add(DAY, ADAS, Usage(calls=1, estimated=True))
    await ledger.add(DAY, ADAS, CALL)
    await ledger.add(DAY, BOBS, CALL)
    assert [item.estimated for item in await ledger.spent(DAY, ADAS)] == [True, True, True]
    assert [item.estimated for item in await ledger.spent(DAY, BOBS)] == [False, True, True]


async def test_dollars_that_nobody_knows_count_as_nothing(ledger: Ledger) -> None:
    await ledger.add(DAY, ADAS, CALL)
    await ledger.add(DAY, ADAS, Usage(input_tokens=5, dollars=None, calls=1))
    assert await ledger.spent(DAY, ADAS) == (Spent(calls=2, tokens=125, dollars=0.25),) * 3


async def test_of_twenty_calls_at_once_every_one_counts(ledger: Ledger) -> None:
    await asyncio.gather(*(ledger.add(DAY, (ADAS, BOBS)[n % 2], CALL) for n in range(20)))
    assert await ledger.spent(DAY, ADAS) == tuple(Spent(calls=n, tokens=120 * n, dollars=0.25 * n) for n in (10, 20, 20))


async def test_erasing_a_person_takes_their_own_spending_and_leaves_the_sums(engine: Engine) -> None:
    store, ledger = SqlStore(engine, StoppedClock()), SqlLedger(engine)
    await ledger.add(DAY, ADAS, CALL)
    await ledger.add(DAY - timedelta(days=1), ADAS, CALL)
    await ledger.add(DAY, BOBS, CALL)
    async with store.begin() as unit:
        unit.erase(ADA.key)
    two = Spent(calls=2, tokens=240, dollars=0.5)
    assert await ledger.spent(DAY, ADAS) == (Spent(), two, two)
    assert await ledger.spent(DAY - timedelta(days=1), ADAS) == (Spent(), ONE, ONE)
    assert await ledger.spent(DAY, BOBS) == (ONE, two, two)


async def test_days_fade_after_forty(engine: Engine) -> None:
    store, ledger = SqlStore(engine, StoppedClock()), SqlLedger(engine)
    days: list[date] = [DAY - timedelta(days=ago) for ago in (0, 40, 41)]
    for day in days:
        await ledger.add(day, ADAS, CALL)
    assert await store.fade() == 3
    assert [(await ledger.spent(day, ADAS))[2] for day in days] == [ONE, ONE, Spent()]
