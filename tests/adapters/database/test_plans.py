"""PostgreSQL, whose statistics say that nothing is owed just when much fell due: no question compares each post with each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Connection, Executable, event, text

from adapters.database import claims, outbox
from adapters.database.engine import Engine
from adapters.database.migrate import migrate
from adapters.database.store import SqlStore, open_engine
from core.chat import Place
from tests.contracts.stores import NEEDS_POSTGRES, NOW, StoppedClock, post
from tests.fakes.postgres import POSTGRES

pytestmark = pytest.mark.skipif(not POSTGRES, reason="TEST_POSTGRES_URL names no server")

pytestmark = NEEDS_POSTGRES
DUE = 300
ENDED = {"its_seq": 1, "its_attempt": 0, "now": NOW}


@pytest.fixture
async def surprised() -> AsyncIterator[Engine]:
    """Looked at when all was sent; then everything falls due."""
    migrate(POSTGRES)
    engine = open_engine(POSTGRES)
    store = SqlStore(engine, StoppedClock())
    await engine.write(lambda connection: connection.execute(text("TRUNCATE outbox")))
    for batch, then in (("old", "UPDATE outbox SET state = 'sent', ended_at = owed_at; ANALYZE outbox"), ("new", "SELECT 1")):
        async with store.begin() as unit:
            for n in range(DUE):
                unit.post(post(f"{batch}/{n}", Place(platform="web", space="page", channel=f"c{n}"), bulk=True))
        for line in then.split("; "):
            await engine.write(lambda connection, line=line: connection.execute(text(line)))
    yield engine
    await engine.write(lambda connection: connection.execute(text("TRUNCATE outbox")))
    await engine.close()


def touched(connection: Connection, statement: Executable, values: dict[str, Any]) -> int:
    """How many rows it looked at, counting each as often as it was looked at."""

    def explained(_: Any, __: Any, sql: str, given: Any, *___: Any) -> tuple[str, Any]:
        return f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", given

    event.listen(connection, "before_cursor_execute", explained, retval=True)
    (told,) = connection.execute(statement, values).cursor.fetchone()  # type: ignore[union-attr]
    event.remove(connection, "before_cursor_execute", explained)
    return sum(step["Actual Loops"] * (step["Actual Rows"] + removed(step)) for step in steps(told[0]["Plan"]))


def steps(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The plan and all that is in it."""
    return [plan, *(step for part in plan.get("Plans", ()) for step in steps(part))]


def removed(step: dict[str, Any]) -> int:
    """Rows that were looked at in vain."""
    return sum(int(value) for name, value in step.items() if name.startswith("Rows Removed by"))


@pytest.mark.parametrize(
    ("statement", "values", "most"),
    [
        (claims._candidates(False, False), {"now": NOW, "platforms": ("web",), "most": DUE}, 10 * DUE),
        (outbox.NEXT, {}, 10),
        (outbox.SENT, {**ENDED, "place": "p", "id": "i"}, 10),
        (outbox.GIVE_UP, {**ENDED, "end": "dead", "reason": ""}, 10),
        (outbox.PUT_BACK, {"its_seq": 1, "its_attempt": 0, "then": NOW, "unsure": False, "reason": "", "more": 0}, 10),
    ],
    ids=["claim", "next", "sent", "given up", "put back"],
)
async def test_what_falls_due_at_once_is_looked_at_a_few_times(
    surprised: Engine, statement: Executable, values: dict[str, Any], most: int
) -> None:
    """However wrong the statistics are."""
    assert await surprised.write(lambda connection: touched(connection, statement, values)) <= most
