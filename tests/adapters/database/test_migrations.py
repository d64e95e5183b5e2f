"""The migrations build what the models say."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from pydantic import BaseModel
from sqlalchemy import create_engine

from adapters.database.migrate import at_head, config, migrate
from adapters.database.records import KINDS, Kind
from adapters.database.sqlite import SqliteEngine
from adapters.database.store import SqlStore
from adapters.database.tables import Base
from core.ports import From
from core.records import Drill, Occurrence, Weakness
from tests.contracts.stores import ADA, CHANNEL, NOW, POSTGRES, StoppedClock

ROOT = Path(__file__).parents[3]


def schema(path: Path) -> dict[str, object]:
    """Every table as its columns, every index and counter as SQLite keeps its text; without Alembic's own."""
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'").fetchall()
        asked = 'SELECT name, type, "notnull", pk FROM pragma_table_info(?)'
        tables = {name: set(database.execute(asked, (name,))) for _, name, _ in rows}
    counted = {name: "AUTOINCREMENT" in sql for _, name, sql in rows}
    return {name: (tables[name], counted[name]) if kind == "table" else " ".join(sql.split()) for kind, name, sql in rows}


def test_migrations_and_models_agree(path: Path, tmp_path: Path) -> None:
    """A migrated database has the very columns and partial indexes that the models would make; autogenerate finds nothing to do."""
    fresh = create_engine(f"sqlite:///{tmp_path}/fresh.db")
    Base.metadata.create_all(fresh)
    assert schema(path) == schema(tmp_path / "fresh.db")
    with create_engine(f"sqlite:///{path}").connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata) == []


async def test_a_database_of_the_first_version_is_brought_along(tmp_path: Path) -> None:
    """What was stored before drills had a space can be asked for by it afterwards, and the value is the same."""
    file = tmp_path / "old.db"
    upgrade(file, "0001")
    drill = Drill(key="d1", place=CHANNEL, owner=ADA)
    weakness = Weakness(key="w1", person=ADA.key, question="q", point="p", card={}, due_at=NOW, asked_at=NOW)
    with closing(sqlite3.connect(file)) as database, database:
        bodies = [record.model_dump_json(exclude={"version"}) for record in (drill, weakness)]
        database.execute("INSERT INTO drill (key, version, body, owner_key) VALUES ('d1', 1, ?, 'web:ada')", bodies[:1])
        columns = "key, version, body, person, question, status, due_at"
        database.execute(f"INSERT INTO weakness ({columns}) VALUES ('w1', 1, ?, 'web:ada', 'q', 'open', '2026-03-02')", bodies[1:])
    assert at_head(f"sqlite:///{file}") is False
    migrate(f"sqlite:///{file}")
    engine = SqliteEngine(file)
    async with SqlStore(engine, StoppedClock()).begin() as unit:
        assert await unit.find(Drill, space=CHANNEL.space_key) == [drill.model_copy(update={"version": 1})]
        assert await unit.find(Weakness, person=ADA.key, asked_at=From(NOW)) == [weakness.model_copy(update={"version": 1})]
    await engine.close()


async def test_a_drill_of_an_older_version_still_knows_what_it_asked(tmp_path: Path) -> None:
    """What stood in its occurrences alone stands in the drill afterwards, so that nothing is asked twice; a skipped day asked nothing."""
    file = tmp_path / "old.db"
    upgrade(file, "0004")
    drill = Drill(key="d1", place=CHANNEL, owner=ADA)
    days = [
        Occurrence(key=f"o{n}", drill="d1", day=date(2026, 3, n), number=n, question=f"q{n}", due_at=NOW, reveal_at=NOW, status=status)
        for n, status in ((1, "revealed"), (2, "skipped"), (3, "posted"))
    ]
    with closing(sqlite3.connect(file)) as database, database:
        old = drill.model_dump_json(exclude={"version", "asked", "sooner", "spread", "weak", "stopped", "paused_at"})
        database.execute("INSERT INTO drill (key, version, body, owner_key, space) VALUES ('d1', 1, ?, 'web:ada', 'web/page')", [old])
        for day in days:
            row = [day.key, day.model_dump_json(exclude={"version"}), f"2026-03-0{day.number}", day.status]
            database.execute("INSERT INTO occurrence (key, version, body, drill, due_at, status) VALUES (?, 1, ?, 'd1', ?, ?)", row)
    migrate(f"sqlite:///{file}")
    engine = SqliteEngine(file)
    async with SqlStore(engine, StoppedClock()).begin() as unit:
        found = await unit.get(Drill, "d1")
    await engine.close()
    assert found == drill.model_copy(update={"version": 1, "asked": {"q1": date(2026, 3, 1), "q3": date(2026, 3, 3)}})


def upgrade(file: Path, revision: str) -> None:
    with create_engine(f"sqlite:///{file}").begin() as connection:
        command.upgrade(config(connection), revision)


def test_a_fresh_database_is_ready_in_half_a_second(tmp_path: Path) -> None:
    """Migrating costs a start nearly nothing, and a second time changes nothing."""
    url = f"sqlite:///{tmp_path}/deep/in/new.db"
    assert at_head(url) is False
    began = time.perf_counter()
    migrate(url)
    assert time.perf_counter() - began < 0.5
    before = schema(tmp_path / "deep/in/new.db")
    migrate(url)
    assert at_head(url) is True
    assert schema(tmp_path / "deep/in/new.db") == before


def test_a_temporary_database_needs_none() -> None:
    """A start on `sqlite://` finds nothing to do."""
    assert at_head("sqlite://") is True
    migrate("sqlite://")


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    """Where a table is in the way nothing of the new schema is created, and the database is not at head."""
    with closing(sqlite3.connect(tmp_path / "old.db")) as database:
        database.execute("CREATE TABLE outbox (mine TEXT)")
    with pytest.raises(Exception, match="outbox already exists"):
        migrate(f"sqlite:///{tmp_path}/old.db")
    assert list(schema(tmp_path / "old.db")) == ["outbox"]
    assert at_head(f"sqlite:///{tmp_path}/old.db") is False


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.record.__name__)
def test_every_column_is_filled_from_its_record(kind: Kind) -> None:
    """A typed column is a field or a property of the record, and its owner is one of them."""
    for name in (*kind.columns, *([kind.owner] if kind.owner else [])):
        record: type[BaseModel] = kind.record
        assert name in record.model_fields or isinstance(getattr(record, name, None), property), name


@pytest.mark.e2e
@pytest.mark.skipif(not POSTGRES, reason="TEST_POSTGRES_URL names no server")
def test_processes_that_start_at_once_migrate_once() -> None:
    """Four processes that migrate the same empty server all succeed."""
    drop = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    program = (
        "import sys; from adapters.database import migrate as m; url, drop = sys.argv[1:]\n"
        "if drop: [m.once(url, lambda c: c.exec_driver_sql(sql)) for sql in drop.split(';')]\n"
        "else: m.migrate(url); assert m.at_head(url)\n"
    )
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}

    def start(what: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", program, POSTGRES, what], env=surroundings)

    assert start(drop).wait() == 0
    assert [process.wait() for process in [start("") for _ in range(4)]] == [0, 0, 0, 0]
