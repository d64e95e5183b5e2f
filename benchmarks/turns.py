"""Durable turns a second: on a SQLite file (WAL, synchronous=FULL), and on the PostgreSQL of TEST_POSTGRES_URL or --postgres.

A turn is one commit: the value of an interview (8 turns of 800 characters) saved under its version, its message done, the answer owed.
"Inbox to sent" is all that a fragment goes through: received, read, committed, claimed, sent. The chat platform takes no time here.
Control: the same tables through plain ORM sessions; on SQLite one in one thread, on PostgreSQL one a turn with a pool of connections.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from statistics import median

from sqlalchemy import Connection

from adapters.database import inbox, records
from adapters.database.engine import Engine
from adapters.database.migrate import migrate
from adapters.database.store import SqlStore, open_engine
from adapters.database.tables import Base
from benchmarks.controls.orm import plain
from bot.clock import SystemClock
from core.chat import Card, Kind, Message, Person, Place, Post, Receipt
from core.interview.stages import Interview, Stage
from core.interview.turns import Part, Turn

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WHO = Person(key="web:ada", id="ada", name="Ada")
TEXT = "I would put a queue in front of it and make every consumer safe to repeat. " * 11
GOALS = {"SQLite": 400, "PostgreSQL": 800}
"""Turns a second: on SQLite one at a time, on PostgreSQL at the best of 1, 8 and 64 at once."""
Figures = dict[str, float]


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


async def timed(tasks: int, turns: int, one: Callable[[int, int], Awaitable[None]]) -> Figures:
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


async def opened(url: str, tasks: int, turns: int, messages: bool) -> Engine:
    """A database with the interviews in it, and, where asked for, the messages."""
    migrate(url)
    engine = open_engine(url)

    def write(connection: Connection) -> None:
        for table in Base.metadata.sorted_tables:
            connection.execute(table.delete())
        records.save(connection, Interview, [records.row_of(value(task)) for task in range(tasks)])
        if messages:
            rows = [inbox.row_of(message(task, turn), NOW) for task in range(tasks) for turn in range(turns)]
            inbox.INSERT.run(connection, rows)

    await engine.write(write)
    return engine


async def commits(url: str, tasks: int, turns: int) -> Figures:
    """Ours: one commit a turn."""
    engine = await opened(url, tasks, turns, messages=True)
    store = SqlStore(engine, SystemClock())
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


async def inbox_to_sent(url: str, tasks: int, turns: int) -> Figures:
    """Ours: five steps, four of them durable."""
    engine = await opened(url, tasks, turns, messages=False)
    store = SqlStore(engine, SystemClock())

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


async def orm(url: str, tasks: int, turns: int) -> Figures:
    """The control: the same tables through ORM sessions, a commit a turn."""
    await (await opened(url, tasks, turns, messages=True)).close()
    sessions = plain(url)

    async def one(task: int, turn: int) -> None:
        said = message(task, turn)
        await sessions.turn(said, value(task), answer(said))

    figures = await timed(tasks, turns, one)
    await sessions.close()
    return figures


async def bulk(url: str, posts: int, batch: int) -> Figures:
    """Ours: everything that fell due in one second, owed and then claimed and marked in batches."""
    engine = await opened(url, 0, 0, messages=False)
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


KINDS: tuple[tuple[str, Callable[[str, int, int], Awaitable[Figures]], int], ...] = (
    ("turn", commits, 1000),
    ("turn, ORM sessions (control)", orm, 350),
    ("inbox to sent", inbox_to_sent, 300),
)
"""What is done, how, and about how often a second."""


async def measure(seconds: float, postgres: str) -> list[dict[str, object]]:
    """Every row on a fresh SQLite file, then on the server, where there is one, emptied each time."""
    table: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for on, url in (("SQLite", ""), ("PostgreSQL", postgres)):
            if on == "PostgreSQL" and not postgres:
                continue
            for name, run, expected in KINDS:
                for tasks in (1, 8, 64):
                    turns = max(5, int(seconds * expected * (1 if tasks == 1 else 2) / tasks))
                    figures = await run(url or f"sqlite:///{folder}/{run.__name__}{tasks}.db", tasks, turns)
                    table.append({"on": on, "what": name, "tasks": tasks, **figures})
            for posts, batch in ((20_000, 500), (2_000, 50)):
                figures = await bulk(url or f"sqlite:///{folder}/bulk{posts}.db", posts, batch)
                table.append({"on": on, "what": "bulk", **figures})
    return table


def verdicts(table: list[dict[str, object]]) -> list[str]:
    """Whether the goals are reached."""
    said = []
    turns = [row for row in table if row["what"] == "turn"]
    for on, goal in GOALS.items():
        reached = [int(str(row["per_second"])) for row in turns if row["on"] == on]
        if not reached:
            said.append(f"{on}: left out, because neither TEST_POSTGRES_URL nor --postgres names a server")
            continue
        best, how = (reached[0], "one at a time") if on == "SQLite" else (max(reached), "at its best of 1, 8 and 64 at once")
        said.append(f"{on}, goal {goal} turns a second {how}: {'reached' if best >= goal else 'MISSED'}, {best}")
    return said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--seconds", type=float, default=2.0, help="about how long each row takes")
    parser.add_argument("--postgres", metavar="URL", default=os.environ.get("TEST_POSTGRES_URL", ""), help="a server's database; emptied!")
    asked = parser.parse_args()
    table = asyncio.run(measure(asked.seconds, asked.postgres))
    if asked.json:
        print(json.dumps(table, indent=2))
        return
    print(f"{'':12}{'':30}{'at once':>8}{'per s':>8}{'p50 ms':>9}{'p99 ms':>9}")
    for row in table:
        if row["what"] != "bulk":
            print(f"{row['on']:12}{row['what']:30}{row['tasks']:>8}{row['per_second']:>8}{row['p50_ms']:>9}{row['p99_ms']:>9}")
    for row in table:
        if row["what"] == "bulk":
            text = "{on}: {posts} bulk posts: owed in {owed_s} s, claimed by {batch} and sent in {claimed_and_sent_s} s"
            print(text.format(**row), f"(slowest claim {row['slowest_claim_ms']} ms)")
    print("\n".join(verdicts(table)))


if __name__ == "__main__":
    main()
