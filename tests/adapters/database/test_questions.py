"""Every question that is asked often is answered from an index, and a large backlog is claimed in good time."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Executable, event, select

from adapters.database import claims, fates, inbox, outbox, owed, records
from adapters.database.sqlite import SqliteEngine
from adapters.database.store import SqlStore
from core.chat import Place
from core.ports import AnyOf, From, Upto
from core.records import Attempt, Conversation, Drill, Occurrence, Record, Story, Timer, Weakness
from tests.contracts.stores import NOW, claimed, post


def plan(connection: Connection, statement: Executable, values: dict[str, Any]) -> list[str]:
    """How SQLite goes about it."""
    said: list[tuple[str, Any]] = []

    def listen(_: Any, __: Any, sql: str, given: Any, *___: Any) -> None:
        said.append((sql, given))

    event.listen(connection, "before_cursor_execute", listen)
    connection.execute(statement, values)
    event.remove(connection, "before_cursor_execute", listen)
    sql, given = said[-1]
    return [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)]


SOON = Upto(NOW + timedelta(hours=12))
ASKED: list[tuple[type[Record], str, dict[str, object]]] = [
    (Drill, "next_due_at", {"next_due_at": Upto(NOW)}),
    (Drill, "", {"owner_key": "p"}),
    (Drill, "next_due_at", {"space": "s"}),
    (Drill, "key", {"key": From("web/page/general")}),
    (Timer, "due_at", {"due_at": Upto(NOW)}),
    (Timer, "", {"person": "p"}),
    (Occurrence, "due_at", {"drill": "d", "due_at": From(NOW)}),
    (Occurrence, "-due_at", {"drill": "d", "status": "posted"}),
    (Attempt, "-at", {"person": "p"}),
    (Attempt, "-at", {"person": "p", "at": From(NOW)}),
    (Attempt, "-at", {"person": "p", "question": "q"}),
    (Attempt, "", {"occurrence": "o", "source": "daily"}),
    (Attempt, "", {"occurrence": AnyOf(("o", "p")), "source": "daily"}),
    (Attempt, "-at", {"occurrence": "o", "source": "daily", "person": "p"}),
    (Weakness, "due_at", {"person": "p", "status": "open", "due_at": SOON}),
    (Weakness, "", {"person": "p", "question": "q"}),
    (Weakness, "-asked_at", {"person": "p", "asked_at": From(NOW)}),
    (Story, "-at", {"person": "p"}),
    (Conversation, "", {"live": True}),
    (Conversation, "", {"place": "p", "live": True}),
    (Conversation, "", {"person": "p"}),
]


@pytest.mark.parametrize(("kind", "order", "where"), ASKED, ids=lambda value: getattr(value, "__name__", str(value)))
async def test_records_are_found_by_an_index(engine: SqliteEngine, kind: type[Record], order: str, where: dict[str, object]) -> None:
    """No question about records reads a whole table."""
    shape, values = records.conditions(where)
    steps = await engine.read(lambda connection: plan(connection, records._finding(kind, shape, order, False), {**values, "most": 10}))
    assert all("USING INDEX" in step or "USING COVERING INDEX" in step for step in steps if "SCAN" in step or "SEARCH" in step), steps


QUEUES: list[tuple[str, Executable, dict[str, Any], list[str]]] = [
    ("waiting", inbox.OLDEST, {"most": 10}, ["ix_inbox_waiting"]),
    ("waiting in a lane", inbox.OLDEST_OF_LANE, {"most": 10, "its_lane": "a"}, ["ix_inbox_lane"]),
    ("left behind", inbox.LEFT, {"most": 10, "now": NOW, "since": NOW}, ["ix_inbox_waiting", "sqlite_autoindex_lease_1"]),
    ("claim", claims._candidates(False, False), {"now": NOW, "platforms": ("web",), "most": 50}, ["ix_outbox_turn", "ix_outbox_queue"]),
    (
        "claim beside what is full",
        claims._candidates(False, True),
        {"now": NOW, "platforms": ("web",), "most": 50, "avoid": ("slack/T1",)},
        ["ix_outbox_turn", "ix_outbox_queue"],
    ),
    (
        "claim of queues",
        claims._candidates(True, False),
        {"now": NOW, "platforms": ("web",), "most": 50, "queues": ("a",)},
        ["ix_outbox_queue"],
    ),
    ("next", outbox.NEXT, {}, ["ix_outbox_due", "ix_outbox_queue"]),
    ("fates", fates.FATES, {"keys": ["a"]}, ["sqlite_autoindex_outbox_1"]),
    ("recall", select(owed.rows.c.seq).where(*fates.UNTRIED), {"its_conversation": "a"}, ["ix_outbox_queue"]),
    ("tried", fates.TRIED, {"its_conversation": "a"}, ["ix_outbox_queue"]),
    ("edits", claims.NEWEST, {"keys": ["a"]}, ["ix_outbox_replaces"]),
    ("receipt", outbox.RECEIPT, {"its_key": "a"}, ["sqlite_autoindex_outbox_1"]),
]


@pytest.mark.parametrize(("name", "statement", "values", "indexes"), QUEUES, ids=[row[0] for row in QUEUES])
async def test_queues_are_walked_along_their_index(
    engine: SqliteEngine, name: str, statement: Executable, values: dict[str, Any], indexes: list[str]
) -> None:
    """What waits is found among what waits, however much was sent before; only a claim of a few queues sorts what it found."""
    steps = await engine.read(lambda connection: plan(connection, statement, values))
    assert all(any(index in step for step in steps) for index in indexes), steps
    assert all("INDEX" in step or "PRIMARY KEY (" in step for step in steps if "SCAN" in step or "SEARCH" in step), steps
    assert name == "claim of queues" or not any("TEMP B-TREE FOR ORDER BY" in step for step in steps), steps


async def test_five_thousand_posts_are_claimed_in_good_time(engine: SqliteEngine, sql: SqlStore) -> None:
    """A burst of daily questions in as many channels is owed and claimed in batches, within two seconds altogether."""
    began = time.perf_counter()
    for start in range(0, 5000, 500):
        async with sql.begin() as unit:
            for n in range(start, start + 500):
                unit.post(post(f"daily/{n}", Place(platform="web", space="page", channel=f"c{n}"), bulk=True))
    commits = engine.commits
    batches = []
    while batch := await claimed(sql, limit=500):
        batches.append([claim.post.key for claim in batch])
    assert time.perf_counter() - began < 2
    assert [key for batch in batches for key in batch] == [f"daily/{n}" for n in range(5000)]
    assert engine.commits - commits == 11
