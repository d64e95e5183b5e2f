"""Due dates that were worked out from older time zone or holiday data are worked out anew, once."""

from __future__ import annotations

import zoneinfo
from datetime import timedelta

import pytest

from core.records import Drill, Reckoned
from scheduler import reckoning
from scheduler.cadence import cadence_of
from scheduler.reckoning import KEY, Reckoning, data_version
from tests.fakes.memory_store import MemoryStore
from tests.scheduler.drills import DAY, NINE, keep, kept, order

BEFORE = NINE - timedelta(hours=5)


async def settled(store: MemoryStore, data: str, limit: int = 50) -> int:
    """Step until it is done, as a fresh process would; how many steps that took."""
    work = Reckoning(store, cadence_of, lambda event, **facts: None, data)
    for step in range(1, limit):
        await work.step(BEFORE)
        if work.done:
            return step
    raise AssertionError("it never ends")


async def test_new_data_moves_what_is_still_to_come_and_nothing_else() -> None:
    store = MemoryStore()
    wrong = NINE + timedelta(hours=1)  # as if the zone had lost its summer time since
    overdue = BEFORE - timedelta(hours=1)
    await keep(store, order(0), order(1, next_due_at=wrong), order(2, next_due_at=None), order(3, next_due_at=overdue))
    await settled(store, "2026b")
    assert [(await kept(store, order(number))).next_due_at for number in range(4)] == [NINE, NINE, None, overdue]
    assert [(await kept(store, order(number))).version for number in range(4)] == [1, 2, 1, 1]


async def test_it_happens_once_for_each_version_of_the_data() -> None:
    store = MemoryStore()
    await settled(store, "2026b")
    await keep(store, order(1, next_due_at=NINE + timedelta(hours=1)))
    await settled(store, "2026b")
    assert (await kept(store, order(1))).next_due_at == NINE + timedelta(hours=1)
    await settled(store, "2026c")
    assert (await kept(store, order(1))).next_due_at == NINE
    assert [item.data for item in store.all(Reckoned)] == ["2026c"]


async def test_many_are_done_a_batch_at_a_time_and_none_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reckoning, "BATCH", 4)
    store = MemoryStore()
    await keep(store, *(order(number, next_due_at=NINE + timedelta(hours=1)) for number in range(11)))
    assert await settled(store, "2026b") == 3
    assert {drill.next_due_at for drill in store.all(Drill)} == {NINE}


async def test_a_race_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody changes a drill while its batch is written: the batch is done again, from what they made of it."""
    store = MemoryStore()
    await keep(store, order(0, next_due_at=NINE + timedelta(hours=1)), order(1, next_due_at=NINE + timedelta(hours=1)))
    times = iter([True])

    def somebody() -> None:
        if next(times, False):
            key = (Drill, order(1).key)
            store.memory.records[key] = store.memory.records[key].model_copy(update={"next_due_at": None, "version": 2})

    store.before_commit = somebody
    assert await settled(store, "2026b") == 2
    assert [(await kept(store, order(number))).next_due_at for number in (0, 1)] == [NINE, None]


async def test_a_drill_that_cannot_be_worked_out_is_left_for_its_due_time() -> None:
    store = MemoryStore()
    await keep(store, order(0, zone="Mars/Olympus", next_due_at=NINE + DAY), order(1, next_due_at=NINE + timedelta(hours=1)))
    await settled(store, "2026b")
    assert [(await kept(store, order(number))).next_due_at for number in (0, 1)] == [NINE + DAY, NINE]


def test_the_version_names_the_data_that_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """The system's own where zoneinfo finds it there, else the package's."""
    (tmp_path / "tzdata.zi").write_text("# version 1999z\n# more\n")
    monkeypatch.setattr(zoneinfo, "TZPATH", (str(tmp_path),))
    assert data_version().startswith("zones 1999z, holidays ")
    monkeypatch.setattr(zoneinfo, "TZPATH", ())
    assert data_version().startswith("zones 20")
    assert KEY == "calendar"
