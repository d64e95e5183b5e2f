"""A store in dictionaries that keeps the same contract as the real one (`tests/contracts/test_store.py`), until the process ends."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.chat import Message, Post
from core.errors import LeaseLost, Stale, StoreUnavailable
from core.lanes import lane_of
from core.ports import AnyOf, Fate, From, Inbox, Leases, Outbox, R, Upto
from core.records import Record, Timer
from tests.fakes.memory_outbox import AT_ONCE, MemoryOutbox, Owed

Key = tuple[type[Record], str]


@dataclass
class Arrived:
    """A message in the inbox; without one, only its id."""

    message: Message | None
    state: str = "waiting"
    attempts: int = 0
    why: str = ""


@dataclass
class Memory:
    """Everything that is kept."""

    records: dict[Key, Record] = field(default_factory=dict)
    inbox: dict[str, Arrived] = field(default_factory=dict)
    outbox: dict[str, Owed] = field(default_factory=dict)
    leases: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    """Lane → owner, and when it runs out."""
    seq: int = 0


class MemoryStore:
    """Implements `core.ports.Store`."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.inbox: Inbox = MemoryInbox(self)
        self.outbox: Outbox = MemoryOutbox(self)
        self.leases: Leases = MemoryLeases(self)
        self.alone = True
        self.full = False
        """Whether writing fails."""
        self.before_commit: Callable[[], None] = lambda: None
        """Called before a unit's writes happen: the place for somebody else to be faster."""

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryUnit]:
        unit = MemoryUnit(self.memory)
        yield unit
        if not unit.writes:
            return
        self.before_commit()
        self.writable()
        kept = copy.deepcopy(self.memory)
        try:
            unit.commit()
        except BaseException:
            vars(self.memory).update(vars(kept))
            raise

    @asynccontextmanager
    async def claim(
        self, kind: type[R], *, order: str = "", limit: int = 1000, **where: object
    ) -> AsyncIterator[tuple[MemoryUnit, Sequence[R]]]:
        async with self.begin() as unit:
            yield unit, await unit.find(kind, order=order, limit=limit, **where)

    def writable(self) -> None:
        if self.full:
            raise StoreUnavailable("the disk is full")

    def all(self, kind: type[R]) -> list[R]:
        """Every record of a kind, for tests to look at."""
        return [record for record in self.memory.records.values() if isinstance(record, kind)]

    def posts(self, *states: str) -> list[Post]:
        """The posts in these states, or all, in the order of their commits."""
        return [row.post for row in self.memory.outbox.values() if not states or row.state in states]


class MemoryUnit:
    """Implements `core.ports.Unit`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._saved: dict[Key, int] = {}
        self.writes: list[Callable[[], None]] = []

    def commit(self) -> None:
        for write in self.writes:
            write()

    async def get(self, kind: type[R], key: str) -> R | None:
        found = self._memory.records.get((kind, key))
        return found if isinstance(found, kind) else None

    async def find(self, kind: type[R], *, order: str = "", limit: int = 1000, **where: object) -> Sequence[R]:
        found = self._matching(kind, where)
        if order:
            name = order.removeprefix("-")
            found.sort(key=lambda record: (asked(record, name), record.key), reverse=order.startswith("-"))
        return found[:limit]

    async def count(self, kind: type[R], *, distinct: str = "", **where: object) -> int:
        found = self._matching(kind, where)
        return len({asked(record, distinct) for record in found}) if distinct else len(found)

    async def posts(self, person: str, limit: int) -> Sequence[Post]:
        about = [row.post for row in self._memory.outbox.values() if row.post.about == person]
        return about[::-1][:limit]

    def _matching(self, kind: type[R], where: Mapping[str, object]) -> list[R]:
        return [record for record in self._memory.records.values() if isinstance(record, kind) and met(record, where)]

    def save(self, record: Record) -> None:
        self.writes.append(lambda: self._save(record))

    def remove(self, record: Record) -> None:
        self.writes.append(lambda: self._remove(record))

    def post(self, post: Post) -> None:
        self.writes.append(lambda: self._post(post))

    def receive(self, message: Message) -> None:
        self.writes.append(lambda: self._receive(message))

    def done(self, message: Message) -> None:
        self.writes.append(lambda: self._done(message))

    async def fates(self, posts: Sequence[str]) -> Mapping[str, Fate]:
        known = self._memory.outbox
        return {key: Fate(known[key].state, known[key].why) for key in posts if key in known}

    def recall(self, conversation: str) -> None:
        self.writes.append(lambda: self._recall(conversation))

    def pends(self, message: Message) -> None:
        self.writes.insert(0, lambda: self._pends(message))

    def holds(self, lane: str, owner: str) -> None:
        self.writes.insert(0, lambda: self._holds(lane, owner))

    def erase(self, person: str) -> None:
        self.writes.append(lambda: self._erase(person))

    def _save(self, record: Record) -> None:
        key = (type(record), record.key)
        there = self._memory.records.get(key)
        version = there.version if there else 0
        again = self._saved.get(key) == record.version
        if not again and not isinstance(record, Timer) and record.version != version:
            raise Stale(f"{type(record).__name__}: somebody else saved it meanwhile")
        self._saved[key] = record.version
        self._memory.records[key] = record.model_copy(update={"version": version if again else version + 1})

    def _remove(self, record: Record) -> None:
        key = (type(record), record.key)
        there = self._memory.records.get(key)
        if record.version and (there is None or there.version != record.version):
            raise Stale(f"{type(record).__name__}: somebody else changed it meanwhile")
        self._memory.records.pop(key, None)
        self._saved.pop(key, None)

    def _post(self, post: Post) -> None:
        if post.key not in self._memory.outbox:
            self._memory.seq += 1
            self._memory.outbox[post.key] = Owed(self._memory.seq, post, not_before=post.not_before or AT_ONCE)

    def _recall(self, conversation: str) -> None:
        waiting = {key: owed for key, owed in self._memory.outbox.items() if owed.post.queue == conversation and owed.waits}
        if any(owed.attempts for owed in waiting.values()):
            raise Stale("some of it is being sent already")
        for key in waiting:
            del self._memory.outbox[key]

    def _receive(self, message: Message) -> None:
        receive(self._memory, message)

    def _done(self, message: Message) -> None:
        row = self._memory.inbox.get(message.id)
        if row is None or row.state != "waiting":
            raise Stale("the message was dealt with already, or erased")
        row.message, row.state = None, "done"

    def _pends(self, message: Message) -> None:
        row = self._memory.inbox.get(message.id)
        if row is None or row.state != "waiting":
            raise Stale("the message was dealt with already, or erased")

    def _holds(self, lane: str, owner: str) -> None:
        if self._memory.leases.get(lane, ("", None))[0] != owner:
            raise LeaseLost("another process works on this lane by now")

    def _erase(self, person: str) -> None:
        memory = self._memory
        gone = [key for key, record in memory.records.items() if owner(record) == person]
        for key in gone:
            del memory.records[key]
            self._saved.pop(key, None)
        for row in memory.inbox.values():
            if row.message and row.message.author.key == person:
                row.message, row.state = None, "done"
        memory.outbox = {key: owed for key, owed in memory.outbox.items() if owed.post.about != person}


def owner(record: Record) -> object:
    """The key of whoever the record is about."""
    return getattr(record, "person", None)


def asked(record: Record, name: str) -> Any:
    """What a column of this name would hold."""
    try:
        value = getattr(record, name)
    except AttributeError:
        raise ValueError(f"{type(record).__name__} cannot be asked for {name!r}") from None
    return plain(value)


def plain(value: object) -> Any:
    return value if value is None or isinstance(value, bool | int | datetime) else str(value)


def met(record: Record, where: Mapping[str, object]) -> bool:
    """Whether the record meets the conditions."""
    for name, wanted in where.items():
        value = asked(record, name)
        match wanted:
            case Upto(most):
                good = value is not None and value <= most
            case From(least):
                good = value is not None and value >= least
            case AnyOf(several):
                good = value in [plain(one) for one in several]
            case _:
                good = value == plain(wanted)
        if not good:
            return False
    return True


def receive(memory: Memory, message: Message) -> bool:
    """Whether it was new."""
    if message.id in memory.inbox:
        return False
    memory.inbox[message.id] = Arrived(message)
    return True


class MemoryLeases:
    """Implements `core.ports.Leases`."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def take(self, lane: str, owner: str, *, now: datetime, until: datetime) -> bool:
        self._store.writable()
        holder, theirs = self._store.memory.leases.get(lane, (owner, until))
        if holder != owner and theirs > now:
            return False
        self._store.memory.leases[lane] = (owner, until)
        return True

    async def renew(self, lanes: Sequence[str], owner: str, *, until: datetime) -> Sequence[str]:
        self._store.writable()
        mine = [lane for lane in lanes if self._store.memory.leases.get(lane, ("",))[0] == owner]
        self._store.memory.leases.update(dict.fromkeys(mine, (owner, until)))
        return mine

    async def release(self, lanes: Sequence[str], owner: str) -> None:
        self._store.writable()
        for lane in lanes:
            if self._store.memory.leases.get(lane, ("",))[0] == owner:
                del self._store.memory.leases[lane]

    async def held(self, prefix: str, *, now: datetime) -> int:
        return sum(lane.startswith(prefix) and until > now for lane, (_, until) in self._store.memory.leases.items())


class MemoryInbox:
    """Implements `core.ports.Inbox`."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def receive(self, message: Message) -> bool:
        self._store.writable()
        return receive(self._store.memory, message)

    async def waiting(self, limit: int, *, lane: str | None = None) -> Sequence[Message]:
        rows = self._store.memory.inbox.values()
        found = [row.message for row in rows if row.message and row.state == "waiting"]
        return [message for message in found if lane is None or lane_of(message) == lane][:limit]

    async def left(self, limit: int, *, now: datetime, since: datetime) -> Sequence[Message]:
        leased = {lane for lane, (_, until) in self._store.memory.leases.items() if until > now}
        return [message for message in await self.waiting(10**9) if lane_of(message) not in leased][:limit]

    async def waits(self, message: Message) -> bool:
        row = self._store.memory.inbox.get(message.id)
        return row is not None and row.state == "waiting"

    async def failed(self, message: Message, why: str) -> int:
        self._store.writable()
        row = self._store.memory.inbox.get(message.id)
        if row is None or row.state != "waiting":
            return 0
        row.attempts, row.why = row.attempts + 1, why
        return row.attempts

    async def bury(self, message: Message) -> None:
        self._store.writable()
        if await self.waits(message):
            self._store.memory.inbox[message.id].state = "dead"
