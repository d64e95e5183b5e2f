"""The page's memory in the database and the one in a dictionary keep the same promises."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.database.migrate import migrate
from adapters.database.page import PageHistory
from adapters.database.sqlite import SqliteEngine
from adapters.database.store import SqlStore, open_engine
from adapters.web.history import Author, Entry, History, Someone
from core.chat import Card
from tests.contracts.stores import ADA, BOB, IMPLEMENTATIONS, NOW, POSTGRES, StoppedClock
from tests.fakes.page_history import FakeHistory


@pytest.fixture(params=IMPLEMENTATIONS)
async def history(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[History]:
    if request.param == "memory":
        yield FakeHistory()
        return
    url = POSTGRES if request.param == "postgres" else f"sqlite:///{tmp_path}/page.db"
    migrate(url)
    engine = open_engine(url)
    await engine.write(lambda connection: connection.exec_driver_sql("DELETE FROM page_entry"))
    await engine.write(lambda connection: connection.exec_driver_sql("DELETE FROM page_person"))
    yield PageHistory(engine, Entry, Someone)
    await engine.close()


def entry(id: str, text: str = "hello", **more: Any) -> Entry:
    return Entry(id=id, place="web/page/backend", author=Author(key=ADA.key, name="Ada"), text=text, at=NOW, **more)


async def ids(history: History, seq: int = 0, person: str = ADA.key, limit: int = 50) -> list[str]:
    return [found.id for found in await history.since(seq, person, limit)]


async def test_an_entry_is_kept_once(history: History) -> None:
    """A known id changes nothing and gives what is there, number included."""
    first = await history.add(entry("e1"))
    assert await history.add(entry("e1", "other")) == first == await history.get("e1") == entry("e1", seq=first.seq)
    assert await history.get("e2") is None


async def test_every_change_comes_again_with_a_higher_number(history: History) -> None:
    """Catching up after the last number gives changed entries once more, in the order of their changes."""
    first, second = await history.add(entry("e1")), await history.add(entry("e2"))
    assert first.seq < second.seq
    soon = NOW + timedelta(seconds=5)
    edited = await history.edit("e1", "better", soon)
    assert edited is not None
    assert edited == first.reworded("better", soon).model_copy(update={"seq": edited.seq})
    assert edited.seq > second.seq
    assert await ids(history, second.seq) == ["e1"]
    shown = await history.replace("e2", Card(text="new"), soon)
    assert shown and shown.card == Card(text="new")
    assert await ids(history, 0) == ["e1", "e2"]
    gone = await history.withdraw("e1", soon)
    assert gone and gone.gone and gone.text == "" and gone.seq > shown.seq
    assert [found.seq for found in await history.newest(ADA.key, 5)] == [shown.seq, gone.seq]


async def test_what_is_gone_or_unknown_cannot_be_changed(history: History) -> None:
    """Changing a withdrawn or an unknown entry gives None and no new number."""
    await history.add(entry("e1"))
    gone = await history.withdraw("e1", NOW)
    assert gone
    for id in ("e1", "unknown"):
        assert await history.edit(id, "x", NOW) is None
        assert await history.replace(id, Card(), NOW) is None
        assert await history.withdraw(id, NOW) is None
    assert await ids(history, gone.seq) == []


async def test_everybody_sees_only_what_they_may(history: History) -> None:
    """Private entries are for one person, in catching up and in the newest, and limits count what may be seen."""
    await history.add(entry("all"))
    await history.add(entry("ada", only=ADA.key))
    await history.add(entry("bob", only=BOB.key))
    assert await ids(history) == ["all", "ada"]
    assert await ids(history, person=BOB.key) == ["all", "bob"]
    assert await ids(history, limit=1) == ["all"]
    assert [found.id for found in await history.newest(BOB.key, 1)] == ["bob"]
    assert [found.id for found in await history.newest(ADA.key, 2)] == ["all", "ada"]


async def test_people_are_met_once_and_in_order(history: History) -> None:
    """Meeting somebody again changes nothing."""
    for key, name in (("web:zoe", "Zoe"), ("web:ada", "Ada"), ("web:zoe", "Zoë")):
        await history.meet(Someone(key=key, id=key, name=name))
    assert [someone.name for someone in await history.people()] == ["Zoe", "Ada"]


async def test_a_number_never_comes_twice_even_after_erasing(path: Path) -> None:
    """A window that saw the highest number before somebody was erased misses nothing that is said afterwards, also after a restart."""
    engine = SqliteEngine(path)
    last = await PageHistory(engine, Entry, Someone).add(entry("e1"))
    async with SqlStore(engine, StoppedClock()).begin() as unit:
        unit.erase(ADA.key)
    await engine.close()
    engine = SqliteEngine(path)
    history = PageHistory(engine, Entry, Someone)
    await history.add(entry("e2"))
    assert [found.id for found in await history.since(last.seq, ADA.key, 5)] == ["e2"]
    await engine.close()
