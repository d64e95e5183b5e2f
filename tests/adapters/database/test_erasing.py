"""Erased means gone from the file, and old things fade."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from adapters.database.page import PageHistory
from adapters.database.sqlite import SqliteEngine
from adapters.database.store import SqlStore
from adapters.web.history import Author, Entry, Someone
from core.chat import Audience, Card, Receipt
from core.records import Attempt, Story
from tests.contracts.stores import ADA, BOB, CHANNEL, NOW, StoppedClock, attempt, claimed, message, post, put

SECRET = "the fridge at Initech ran on Fortran"


def copies(path: Path, sentence: str) -> int:
    """How often a sentence stands in the files of the database."""
    return sum(file.read_bytes().count(sentence.encode()) for file in path.parent.glob(f"{path.name}*"))


def story(n: int, person: str, text: str, version: int = 0) -> Story:
    return Story(key=f"{person}/{n}", person=person, title="t", text=text, at=NOW, version=version)


async def told(sql: SqlStore, page: PageHistory[Entry, Someone], rng: random.Random) -> None:
    """Ada says her secret everywhere, among many others and with many changes."""
    versions: dict[str, int] = {}
    for n in range(150):
        key, text = (ADA.key, f"{SECRET} {n} ") if n % 3 == 0 else (BOB.key, "somebody else's words ")
        which = rng.randrange(12)
        version = versions.get(f"{key}/{which}", 0)
        await put(sql, story(which, key, text * rng.randrange(1, 150), version), post(f"p{n}", card=Card(text=text * 3), about=key))
        versions[f"{key}/{which}"] = version + 1
        said = message(f"m{n}", ADA if key == ADA.key else BOB, text=text * 5)
        await sql.inbox.receive(said)
        if n % 2:
            async with sql.begin() as unit:
                unit.done(said)
    await page.meet(Someone(key=ADA.key, id="ada", name=SECRET))
    for n, who in enumerate((ADA, BOB)):
        mine = Author(key=who.key, name=who.name)
        await page.add(Entry(id=f"by{n}", place=str(CHANNEL), author=mine, text=f"{SECRET if n == 0 else 'bob was here'}", at=NOW))
    coach = Author(key="web:", name="Loopcoach", bot=True)
    await page.add(Entry(id="about", place=str(CHANNEL), author=coach, card=Card(quote=SECRET), about=ADA.key, at=NOW))
    await page.add(Entry(id="only", place=str(CHANNEL), author=coach, card=Card(quote=SECRET), only=ADA.key, at=NOW))


async def test_nothing_of_an_erased_person_is_left_in_the_files(engine: SqliteEngine, sql: SqlStore, path: Path) -> None:
    """Hundreds of rewritten copies of a sentence are in the files before, and not one byte of it afterwards."""
    page = PageHistory(engine, Entry, Someone)
    await told(sql, page, random.Random(7))
    assert copies(path, SECRET) > 500
    async with sql.begin() as unit:
        unit.erase(ADA.key)
        unit.post(post("goodbye"))
    assert copies(path, SECRET) == 0
    assert copies(path, "Fortran") == 0
    assert copies(path, "somebody else's words") > 100
    assert [entry.id for entry in await page.newest(BOB.key, 10)] == ["by1"]
    assert await page.people() == []
    assert await sql.inbox.receive(message("m0")) is False


@pytest.fixture
def held(path: Path) -> Iterator[threading.Event]:
    """Somebody reads for as long as the event is not set."""
    yield threading.Event()


async def test_a_reader_in_the_way_only_delays_it(engine: SqliteEngine, sql: SqlStore, path: Path, held: threading.Event) -> None:
    """While somebody still reads the old state the erasing succeeds at once, and soon after they left the log is cleared."""
    await put(sql, attempt(text=SECRET))
    reading = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SELECT count(*) FROM attempt").scalar_one()
        loop.call_soon_threadsafe(reading.set)
        held.wait(10)
        connection.exec_driver_sql("ROLLBACK")

    reader = asyncio.create_task(engine.read(slow))
    await reading.wait()
    async with sql.begin() as unit:
        unit.erase(ADA.key)
    assert copies(path, SECRET) > 0
    held.set()
    await reader
    async with asyncio.timeout(3):
        while copies(path, SECRET):  # noqa: ASYNC110 - bytes on a disk send no event
            await asyncio.sleep(0.02)


async def test_a_rewritten_answer_leaves_no_old_words_in_the_file(sql: SqlStore, path: Path) -> None:
    """Overwritten text is zeros in the file itself, not only unreachable, once the log is emptied."""
    await put(sql, attempt(text=SECRET * 50))
    async with sql.begin() as unit:
        known = await unit.get(Attempt, "a1")
    assert known
    await put(sql, known.model_copy(update={"text": "short"}))
    async with sql.begin() as unit:
        unit.erase("nobody")
    assert copies(path, SECRET) == 0


async def test_a_passing_post_leaves_nothing_once_it_is_sent(engine: SqliteEngine, sql: SqlStore, path: Path) -> None:
    """An ephemeral text is forgotten when it arrived; a kept one stays for 30 days, and their receipts stay."""
    passing = Audience(kind="passing", person=ADA)
    await put(sql, post("p1", card=Card(text=SECRET), audience=passing), post("k1", CHANNEL.at("t"), card=Card(text="kept words")))
    for claim in await claimed(sql):
        assert await sql.outbox.sent(claim, Receipt(place=CHANNEL, id=claim.post.key), NOW)
    await engine.forget()
    assert copies(path, SECRET) == 0
    assert copies(path, "kept words") > 0
    assert await sql.outbox.receipt("p1") == Receipt(place=CHANNEL, id="p1")


async def test_old_things_fade(engine: SqliteEngine, sql: SqlStore, clock: StoppedClock, path: Path) -> None:
    """Texts of dead messages go after a day, texts of sent posts and bare ids after 30; what still waits never does."""
    for id in ("done", "dead", "waits"):
        await sql.inbox.receive(message(id, text=f"text of {id}"))
    async with sql.begin() as unit:
        unit.done(message("done"))
        unit.post(post("sent"))
        unit.post(post("owed", CHANNEL.at("t")))
    await sql.inbox.bury(message("dead"))
    (claim,) = await claimed(sql, queues=[str(CHANNEL)])
    assert await sql.outbox.sent(claim, Receipt(place=CHANNEL, id="x"), NOW)

    async def left(days: float) -> list[bool]:
        clock.at = NOW + timedelta(days=days)
        await sql.fade()
        await engine.forget()
        return [copies(path, text) > 0 for text in ("text of dead", "the text of sent", "text of waits", "the text of owed")]

    assert await left(0.9) == [True, True, True, True]
    assert await left(1.1) == [False, True, True, True]
    assert await sql.inbox.receive(message("done")) is await sql.inbox.receive(message("dead")) is False
    assert await left(30.1) == [False, False, True, True]
    assert [item.id for item in await sql.inbox.waiting(5)] == ["waits"]
    assert await sql.outbox.receipt("sent") == Receipt(place=CHANNEL, id="x")
    assert await sql.inbox.receive(message("done")) is True
