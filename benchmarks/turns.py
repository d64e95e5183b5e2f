"""Durable turns a second on a SQLite file (WAL, synchronous=FULL), beside a plain ORM session in one thread.

A turn is one commit: the value of an interview (8 turns of 800 characters) saved under its version, its message done, the answer owed.
"Inbox to sent" is all that a fragment goes through: received, read, committed, claimed, sent. The chat platform takes no time here.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sqlmodel import Session, select

from adapters.database import inbox, owed, records
from adapters.database.migrate import migrate
from adapters.database.sqlite import WRITING, SqliteEngine, pool
from adapters.database.store import SqlStore
from adapters.database.tables import InboxRow, InterviewRow, OutboxRow
from bot.clock import SystemClock
from core.chat import Card, Kind, Message, Person, Place, Post, Receipt
from core.interview.stages import Interview, Stage
from core.interview.turns import Part, Turn

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WHO = Person(key="web:ada", id="ada", name="Ada")
TEXT = "I would put a queue in front of it and make every consumer safe to repeat. " * 11
GOAL = 400
"""Turns a second, one at a time."""


def message(task: int, turn: int) -> Message:
    place = Place(platform="web", space="page", channel="backend", thread=f"t{task}")
    return Message(id=f"m{task}-{turn}", place=place, author=WHO, kind=Kind.AMBIENT, text="a fragment " * 8, sent_at=NOW)


def answer(said: Message) -> Post:
    return Post(
        key=f"{said.id}>", into=said.place, card=Card(title="Noted.", text="What happens when the client retries? " * 5), about=WHO.key
    )


def value(task: int) -> Interview:
    place = Place(platform="web", space="page", channel="backend")
    part = Part(question="order-status-api", kind="technical", seconds=900)
    facts = {"key": f"i{task}", "who": WHO, "place": place, "round": "surprise", "level": "sde2", "minutes": 15, "parts": (part,)}
    said = tuple(
        Turn(n=n, who="candidate", kind="answer", text=TEXT, part=0, question="order-status-api", at=NOW, messages=(f"m{n}",))
        for n in range(1, 9)
    )
    return Interview.planned(**facts, now=NOW).model_copy(update={"stage": Stage.TECHNICAL, "turns": said})  # type: ignore[arg-type]


async def timed(tasks: int, turns: int, one: Callable[[int, int], Awaitable[None]]) -> dict[str, float]:
    """Every task does its turns one after the other, all tasks at once."""
    took: list[float] = []

    async def work(task: int) -> None:
        for turn in range(turns):
            began = time.perf_counter()
            await one(task, turn)
            took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(work(task) for task in range(tasks)))
    spent = time.perf_counter() - began
    took.sort()
    return {
        "per_second": round(len(took) / spent),
        "p50_ms": round(median(took) * 1000, 2),
        "p99_ms": round(took[int(len(took) * 0.99)] * 1000, 2),
    }


async def prepared(engine: SqliteEngine, tasks: int, turns: int, messages: bool) -> None:
    def write(connection: object) -> None:
        records.save(connection, Interview, [records.row_of(value(task)) for task in range(tasks)])  # type: ignore[arg-type]
        if messages:
            rows = [inbox.row_of(message(task, turn), NOW) for task in range(tasks) for turn in range(turns)]
            inbox.INSERT.run(connection, rows)  # type: ignore[arg-type]

    await engine.write(write)


async def commits(path: Path, tasks: int, turns: int) -> dict[str, float]:
    """Ours: one commit a turn."""
    engine = SqliteEngine(path)
    store = SqlStore(engine, SystemClock())
    await prepared(engine, tasks, turns, messages=True)
    values = {task: value(task).model_copy(update={"version": 1}) for task in range(tasks)}

    async def one(task: int, turn: int) -> None:
        said = message(task, turn)
        async with store.begin() as unit:
            unit.done(said)
            unit.save(values[task])
            unit.post(answer(said))
        values[task] = values[task].model_copy(update={"version": values[task].version + 1})

    figures = await timed(tasks, turns, one)
    await engine.close()
    return figures


async def inbox_to_sent(path: Path, tasks: int, turns: int) -> dict[str, float]:
    """Ours: five steps, four of them durable."""
    engine = SqliteEngine(path)
    store = SqlStore(engine, SystemClock())
    await prepared(engine, tasks, turns, messages=False)

    async def one(task: int, turn: int) -> None:
        said = message(task, turn)
        await store.inbox.receive(said)
        async with store.begin() as unit:
            known = await unit.get(Interview, f"i{task}")
        assert known
        async with store.begin() as unit:
            unit.done(said)
            unit.save(known)
            unit.post(answer(said))
        queues = [answer(said).queue]
        (claim,) = await store.outbox.claim(limit=50, lease=40, now=SystemClock().now(), platforms=("web",), queues=queues)
        assert await store.outbox.sent(claim, Receipt(place=said.place, id=said.id), SystemClock().now())

    figures = await timed(tasks, turns, one)
    await engine.close()
    return figures


async def orm(path: Path, tasks: int, turns: int) -> dict[str, float]:
    """The control: the same tables through an ORM session, in one thread, a commit a turn."""
    engine = SqliteEngine(path)
    await prepared(engine, tasks, turns, messages=True)
    await engine.close()
    sessions = pool(path, WRITING, begin="BEGIN IMMEDIATE")
    thread = ThreadPoolExecutor(1)
    session = await asyncio.get_running_loop().run_in_executor(thread, lambda: Session(sessions, expire_on_commit=False))

    def commit(said: Message, whole: Interview) -> None:
        row = session.exec(select(InterviewRow).where(InterviewRow.key == whole.key)).one()
        row.version, row.body = row.version + 1, whole.model_dump_json(exclude={"version"})
        arrived = session.exec(select(InboxRow).where(InboxRow.id == said.id)).one()
        arrived.state, arrived.body, arrived.person = "done", None, None
        session.add(OutboxRow(**owed.row_of(answer(said), NOW)))
        session.commit()

    async def one(task: int, turn: int) -> None:
        await asyncio.get_running_loop().run_in_executor(thread, commit, message(task, turn), value(task))

    figures = await timed(tasks, turns, one)
    await asyncio.get_running_loop().run_in_executor(thread, session.close)
    thread.shutdown()
    sessions.dispose()
    return figures


async def bulk(path: Path, posts: int, batch: int) -> dict[str, float]:
    """Ours: everything that fell due in one second, owed and then claimed and marked in batches."""
    engine = SqliteEngine(path)
    store = SqlStore(engine, SystemClock())
    began = time.perf_counter()
    for start in range(0, posts, 500):
        async with store.begin() as unit:
            for n in range(start, min(start + 500, posts)):
                place = Place(platform="web", space="page", channel=f"c{n}")
                unit.post(Post(key=f"daily/{n}", into=place, card=Card(title="Today's question", text=TEXT[:600]), bulk=True))
    owing = time.perf_counter() - began
    slowest, done = 0.0, 0
    began = time.perf_counter()
    while True:
        step = time.perf_counter()
        claims = await store.outbox.claim(limit=batch, lease=40, now=SystemClock().now(), platforms=("web",))
        slowest = max(slowest, time.perf_counter() - step)
        if not claims:
            break
        await asyncio.gather(*(store.outbox.sent(claim, Receipt(place=claim.post.into, id="x"), SystemClock().now()) for claim in claims))
        done += len(claims)
    sending = time.perf_counter() - began
    await engine.close()
    assert done == posts
    return {
        "posts": posts,
        "batch": batch,
        "owed_s": round(owing, 2),
        "claimed_and_sent_s": round(sending, 2),
        "slowest_claim_ms": round(slowest * 1000, 1),
    }


async def measure(seconds: float) -> list[dict[str, object]]:
    table: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, run, expected in (
            ("turn", commits, 1000),
            ("turn, ORM session (control)", orm, 350),
            ("inbox to sent", inbox_to_sent, 300),
        ):
            for tasks in (1, 8, 64):
                path = Path(folder, f"{run.__name__}{tasks}.db")
                migrate(f"sqlite:///{path}")
                turns = max(5, int(seconds * expected * (1 if tasks == 1 else 2) / tasks))
                table.append({"what": name, "tasks": tasks, **await run(path, tasks, turns)})
        for posts, batch in ((20_000, 500), (2_000, 50)):
            path = Path(folder, f"bulk{posts}.db")
            migrate(f"sqlite:///{path}")
            table.append({"what": "bulk", **await bulk(path, posts, batch)})
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--seconds", type=float, default=2.0, help="about how long each row takes")
    asked = parser.parse_args()
    table = asyncio.run(measure(asked.seconds))
    if asked.json:
        print(json.dumps(table, indent=2))
        return
    print(f"{'':30}{'at once':>8}{'per s':>8}{'p50 ms':>9}{'p99 ms':>9}")
    for row in table:
        if row["what"] != "bulk":
            print(f"{row['what']:30}{row['tasks']:>8}{row['per_second']:>8}{row['p50_ms']:>9}{row['p99_ms']:>9}")
    for row in table:
        if row["what"] == "bulk":
            text = "{posts} bulk posts: owed in {owed_s} s, claimed by {batch} and sent in {claimed_and_sent_s} s"
            print(text.format(**row), f"(slowest claim {row['slowest_claim_ms']} ms)")
    first = table[0]["per_second"]
    print(f"Goal: {GOAL} turns a second one at a time. {'Reached' if isinstance(first, int) and first >= GOAL else 'MISSED'}: {first}.")


if __name__ == "__main__":
    main()
