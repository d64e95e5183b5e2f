"""A fresh SQLite file for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.database.migrate import migrate
from adapters.database.sqlite import SqliteEngine
from adapters.database.store import SqlStore
from tests.contracts.stores import StoppedClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "loopcoach.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
async def engine(path: Path) -> AsyncIterator[SqliteEngine]:
    made = SqliteEngine(path)
    yield made
    await made.close()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def sql(engine: SqliteEngine, clock: StoppedClock) -> SqlStore:
    return SqlStore(engine, clock)
