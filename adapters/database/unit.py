"""One unit of work: reads happen at once, writes are gathered and done together, in the order of the calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from adapters.database import erasing, fates, inbox, leases, owed, records
from adapters.database.engine import Engine
from core.chat import Message, Post
from core.ports import Clock, Fate, R
from core.records import Record

TABLES = {"receive": "inbox", "done": "inbox", "post": "outbox", "recall": "outbox"}
Step = tuple[str, type[Record] | None]
"""What is done, and to which kind of record."""


class SqlUnit:
    """Implements `core.ports.Unit`."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._writes: list[tuple[Step, Any]] = []
        self.erases = False
        """Whether somebody is erased in it."""

    # --- reads ---

    async def get(self, kind: type[R], key: str) -> R | None:
        """The record with this key."""
        return await self._engine.read(lambda connection: records.get(connection, kind, key))

    async def find(self, kind: type[R], *, order: str = "", limit: int = 1000, **where: object) -> Sequence[R]:
        """Records that meet the conditions; ValueError where a name is no column."""
        return await self._engine.read(lambda connection: records.find(connection, kind, order, limit, where))

    async def count(self, kind: type[R], *, distinct: str = "", **where: object) -> int:
        """How many meet the conditions."""
        return await self._engine.read(lambda connection: records.count(connection, kind, distinct, where))

    async def posts(self, person: str, limit: int) -> Sequence[Post]:
        """What was said to or about them."""
        return await self._engine.read(lambda connection: owed.about(connection, person, limit))

    async def fates(self, posts: Sequence[str]) -> Mapping[str, Fate]:
        """What became of the posts with these keys."""
        return await self._engine.read(lambda connection: fates.fates(connection, posts))

    # --- writes ---

    def save(self, record: Record) -> None:
        """Insert or update; of two saves of one record the later counts."""
        self._writes.append((("save", type(record)), records.row_of(record)))

    def remove(self, record: Record) -> None:
        """Delete it."""
        self._writes.append((("remove", type(record)), record))

    def post(self, post: Post) -> None:
        """Owe it; a known key is ignored."""
        self._writes.append((("post", None), owed.row_of(post, self._clock.now())))

    def recall(self, conversation: str) -> None:
        """What it is owed is not owed any more, where none of it was tried."""
        self._writes.append((("recall", None), conversation))

    def receive(self, message: Message) -> None:
        """Put it into the inbox; a known id is ignored."""
        self._writes.append((("receive", None), inbox.row_of(message, self._clock.now())))

    def done(self, message: Message) -> None:
        """It is dealt with."""
        self._writes.append((("done", None), message.id))

    def pends(self, message: Message) -> None:
        """Only if it still waits."""
        self._writes.insert(0, (("pends", None), message.id))

    def holds(self, lane: str, owner: str) -> None:
        """Only if the lane is still this owner's."""
        self._writes.insert(0, (("holds", None), (lane, owner)))

    def erase(self, person: str) -> None:
        """Everything about them that was there before goes."""
        self._writes.append((("erase", None), person))
        self.erases = True

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self._writes

    def write(self, connection: Connection) -> None:
        """Do all of it, what is alike in one statement."""
        for step, things in alike(self._writes):
            perform(connection, step, things)


def alike(writes: Iterable[tuple[Step, Any]]) -> list[tuple[Step, list[Any]]]:
    """The writes, those of one sort gathered as far as no other write to the same table, or an erasure, stands between them."""
    groups: list[tuple[Step, list[Any]]] = []
    open_: dict[object, tuple[Step, list[Any]]] = {}
    for step, thing in writes:
        target = TABLES.get(step[0]) or step[1] or step[0]
        if step[0] == "erase":
            open_.clear()
        group = open_.get(target)
        if group is None or group[0] != step:
            group = open_[target] = (step, [])
            groups.append(group)
        group[1].append(thing)
    return groups


def perform(connection: Connection, step: Step, things: list[Any]) -> None:
    """One sort of write."""
    match step:
        case ("save", kind) if kind:
            records.save(connection, kind, list({row["key"]: row for row in things}.values()))
        case ("remove", kind) if kind:
            records.remove(connection, kind, things)
        case ("post", _):
            owed.INSERT.run(connection, things)
        case ("recall", _):
            for conversation in things:
                fates.recall(connection, conversation)
        case ("receive", _):
            inbox.INSERT.run(connection, things)
        case ("holds", _):
            for lane, owner in things:
                leases.held(connection, lane, owner)
        case ("pends", _):
            for id in things:
                inbox.pends(connection, id)
        case ("done", _):
            inbox.done(connection, things)
        case ("erase", _):
            for person in things:
                erasing.erase(connection, person)
