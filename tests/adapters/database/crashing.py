"""A process that is killed again and again in the middle of its turns. Run by test_crash.py: `python crashing.py DATABASE KILLS SEED`.

Prints the turns that were acknowledged before each kill, as JSON. The modules are imported once; every victim is a fork.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import select
import signal
import sys
import time
from pathlib import Path

from adapters.database.sqlite import SqliteEngine
from adapters.database.store import SqlStore
from core.records import Story
from tests.contracts.stores import ADA, CHANNEL, NOW, StoppedClock, message, post

LANES = 4


async def turns(path: Path, acknowledged: int) -> None:
    """Every lane for ever: receive, commit the next value with its post, then acknowledge."""
    engine = SqliteEngine(path)
    store = SqlStore(engine, StoppedClock())

    async def lane(number: int) -> None:
        while True:
            async with store.begin() as unit:
                known = await unit.get(Story, f"lane{number}")
            value = known or Story(key=f"lane{number}", person=ADA.key, title="0", text="x" * 2000, at=NOW)
            turn = f"{number}.{int(value.title) + 1}"
            await store.inbox.receive(message(turn))
            async with store.begin() as unit:
                unit.done(message(turn))
                unit.save(value.model_copy(update={"title": str(int(value.title) + 1)}))
                unit.post(post(turn, CHANNEL.at(str(number))))
            os.write(acknowledged, f"{turn}\n".encode())

    await asyncio.gather(*(lane(number) for number in range(LANES)))


STARTING = 10.0
"""Seconds that a busy machine may take to a first turn."""


def victim(path: Path, seconds: float, working: bool) -> list[str]:
    """What a process acknowledged before it was killed, so long after its first turn; or after its start, if it need not be `working`."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            asyncio.run(turns(path, writing))
        finally:
            os._exit(1)
    os.close(writing)
    if working:
        select.select([reading], [], [], STARTING)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    with os.fdopen(reading) as pipe:
        said = pipe.read().split()
    if not os.WIFSIGNALED(status):
        raise SystemExit("the victim died of something else")
    return said


def main(path: Path, kills: int, rng: random.Random) -> None:
    moments = [(rng.uniform(0.0, 0.12), n % 8 != 7) for n in range(kills)]
    print(json.dumps([victim(path, seconds, working) for seconds, working in moments]))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3])))
