"""Every implementation of `core.ports.Store`, fresh for each test, and small things to put into them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from adapters.database.migrate import migrate
from adapters.database.store import SqlStore, open_engine
from adapters.database.tables import Base
from core.chat import Audience, Card, Kind, Message, Person, Place, Post
from core.ports import Claim, Store
from core.records import Attempt, Conversation
from tests.fakes.memory_store import MemoryStore
from tests.fakes.postgres import POSTGRES

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHANNEL = Place(platform="web", space="page", channel="backend")
ADA = Person(key="web:ada", id="ada", name="Ada")
BOB = Person(key="web:bob", id="bob", name="Bob")


class StoppedClock:
    """Shows what it is set to."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


NEEDS_POSTGRES = [pytest.mark.e2e, pytest.mark.skipif(not POSTGRES, reason="TEST_POSTGRES_URL names no server")]
IMPLEMENTATIONS = ["memory", "sqlite", pytest.param("postgres", marks=NEEDS_POSTGRES)]


@pytest.fixture(params=IMPLEMENTATIONS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    url = POSTGRES if request.param == "postgres" else f"sqlite:///{tmp_path}/store.db"
    migrate(url)
    engine = open_engine(url)
    if request.param == "postgres":
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)
        await engine.write(lambda connection: connection.execute(text(f"TRUNCATE {names}")))
    yield SqlStore(engine, StoppedClock())
    await engine.close()


def message(id: str = "m1", author: Person = ADA, text: str = "hello", **more: Any) -> Message:
    return Message(id=id, place=CHANNEL, author=author, kind=Kind.AMBIENT, text=text, sent_at=NOW, **more)


def post(key: str = "p1", into: Place = CHANNEL, card: Card | None = None, **more: Any) -> Post:
    return Post(key=key, into=into, card=card or Card(text=f"the text of {key}"), **more)


def attempt(key: str = "a1", person: Person = ADA, **more: Any) -> Attempt:
    facts: dict[str, Any] = {"space": "web/page", "question": "q1", "source": "daily", "text": "I would shard it.", "at": NOW}
    return Attempt(key=key, person=person.key, **{**facts, **more})


def conversation(key: str = "c1", person: Person = ADA, **more: Any) -> Conversation:
    return Conversation(key=key, purpose="mock", parent=CHANNEL, person=person.key, **more)


def passing_to(person: Person) -> Audience:
    return Audience(kind="passing", person=person)


async def put(store: Store, *things: Any) -> None:
    """Save records and owe posts, in one unit."""
    async with store.begin() as unit:
        for thing in things:
            if isinstance(thing, Post):
                unit.post(thing)
            else:
                unit.save(thing)


async def claimed(store: Store, now: datetime = NOW, *, limit: int = 50, **more: Any) -> list[Claim]:
    return list(await store.outbox.claim(limit=limit, lease=40, now=now, **{"platforms": ("web",), **more}))


async def keys(store: Store, now: datetime = NOW, **more: Any) -> list[str]:
    """The keys of what may be sent now, claimed."""
    return [claim.post.key for claim in await claimed(store, now, **more)]
