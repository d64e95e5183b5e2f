"""kill -9 at every await of a mock's turn: nothing acknowledged is lost, nothing is said twice, the clock is right."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import sqlite3
import sys
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.e2e.process import OWED, Loopcoach, free_port
from tests.e2e.window import Window, text_of, window
from tests.e2e.words import POOR, SENTENCES

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

AT_ONCE = 3
"""Lives that are lived side by side."""
ANSWER, MEANWHILE = POOR, SENTENCES[2]


@dataclass
class Mock:
    """A mock that has begun: the file that every life starts from."""

    database: Path
    thread: str


@dataclass
class Zygote:
    """killing.py, and the lives it starts."""

    process: asyncio.subprocess.Process
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    living: set[int] = field(default_factory=set)

    async def start(self, database: Path, *, dies: str = "", naive: str = "") -> tuple[int, str, Path]:
        """Process id, address and log of a new life, once it is ready."""
        port, log = free_port(), database.with_suffix(f".{uuid.uuid4().hex[:6]}.log")
        order = {"database": str(database), "port": port, "log": str(log), "dies": dies, "naive": naive}
        assert self.process.stdin
        assert self.process.stdout
        async with self.lock:
            self.process.stdin.write(json.dumps(order).encode() + b"\n")
            pid = int(await self.process.stdout.readline())
        self.living.add(pid)
        async with aiohttp.ClientSession() as http:
            for _ in range(1000):
                with suppress(aiohttp.ClientError):
                    async with http.get(f"http://127.0.0.1:{port}/readyz") as answer:
                        if answer.status == 200:
                            return pid, f"http://127.0.0.1:{port}", log
                assert alive(pid), f"it died too early:\n{log.read_text()}"
                await asyncio.sleep(0.02)
        raise AssertionError(f"not ready:\n{log.read_text()}")

    async def end(self, pid: int) -> None:
        """kill -9, if it lives; then wait until it is gone."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        while alive(pid):  # noqa: ASYNC110  nobody tells us
            await asyncio.sleep(0.005)
        self.living.discard(pid)


def alive(pid: int) -> bool:
    """Whether anything of that process is there: the other threads of a corpse may still hold its files, and the lock on one."""
    return Path(f"/proc/{pid}").exists()


@pytest_asyncio.fixture(loop_scope="session")
async def zygote() -> AsyncIterator[Zygote]:
    """Ends every life it started."""
    surroundings = Loopcoach(Path("/nowhere")).surroundings
    program = str(Path(__file__).with_name("killing.py"))
    process = await asyncio.create_subprocess_exec(sys.executable, program, stdin=-1, stdout=-1, env=surroundings)
    made = Zygote(process)
    yield made
    for pid in [*made.living]:
        await made.end(pid)
    assert process.stdin
    process.stdin.close()
    await process.wait()


@pytest_asyncio.fixture(loop_scope="session")
async def mock(coach: Loopcoach) -> Mock:
    """Begun with the real process, which then stops in an orderly way and leaves one file."""
    async with window(coach.url) as you:
        await you.press("mock minutes:5 question:order-status-api")
        opening = await you.find("Ready when you are")
        await you.push("Start", opening, opening["thread"])
        await you.find("couriers&#x27; phones", after=opening["seq"])
    assert await coach.stop() == 0
    assert [file.name for file in coach.folder.glob("loop.db*") if file.stat().st_size] == ["loop.db"]
    return Mock(coach.database, opening["thread"])


# --- somebody at the page --------------------------------------------------------------------------------------------


@dataclass
class Person:
    """Types, keeps what was not acknowledged, and sends it again under its id, as the page does."""

    thread: str
    unsent: list[tuple[str, str]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    last: int = 0

    def types(self, *texts: str) -> None:
        self.unsent += [(uuid.uuid4().hex, text) for text in texts]

    async def sends(self, you: Window, then: Callable[[], Awaitable[None]]) -> None:
        """One after the other, until all is acknowledged or the connection is gone; after each waits for `then`."""
        while self.unsent and not you.closed:
            id, text = self.unsent[0]
            with suppress(AssertionError, ConnectionError):
                answer = await you.say(text, self.thread, id)
                if answer["type"] == "heard":
                    self.acknowledged.append(id)
                    self.unsent.pop(0)
                    await then()
        self.last = max(self.last, you.newest)


@dataclass(frozen=True)
class Life:
    """What came of one death."""

    moments: tuple[str, ...]
    """What it lived through; where it died, the last is the one."""
    died: bool
    wrong: tuple[str, ...]
    seconds: float
    """From the new start until all was answered."""

    @property
    def end(self) -> str:
        """Where it died."""
        return self.moments[-1] if self.died else "lived"


async def live(zygote: Zygote, mock: Mock, folder: Path, dies: str, naive: str = "") -> Life:
    """Answer in the mock, die at that moment, write on, come back, and look at what is there."""
    database = copied(mock.database, folder)
    since = begin_now(database)
    person = Person(mock.thread)
    person.types(ANSWER, "done")
    pid, url, log = await zygote.start(database, dies=dies, naive=naive)
    async with window(url) as you:
        os.kill(pid, signal.SIGUSR2)
        await person.sends(you, lambda: settled(database, lambda: you.closed))
        await settled(database, lambda: you.closed)
        died = you.closed
        if died:
            await zygote.end(pid)
        else:
            os.kill(pid, signal.SIGUSR2)
        moments = tuple(re.findall(r"^moment: (.+)$", log.read_text(), re.MULTILINE))
    person.types(MEANWHILE, "done")
    began = time.monotonic()
    if died:
        pid, url, log = await zygote.start(database, naive=naive)
    async with window(url, last=person.last) as you:
        await person.sends(you, nothing)
        await settled(database, lambda: you.closed)
        took = time.monotonic() - began
        await asyncio.sleep(0.1)
        shown = [text_of(entry) for entry in you.entries.values()]
    await zygote.end(pid)
    return Life(moments, died, tuple(problems(database, since, person, shown)), took)


async def nothing() -> None:
    """The second time people just type."""


async def settled(database: Path, gone: Callable[[], bool]) -> None:
    """Until nothing waits to be handled or sent, or the process is gone."""
    calm = 0
    for _ in range(1500):
        if gone():
            return
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as file:
            (waiting,) = file.execute(OWED).fetchone()
        calm = 0 if waiting else calm + 1
        if calm == 4:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came to rest")


def copied(database: Path, folder: Path) -> Path:
    """The same file in a folder of its own."""
    folder.mkdir(parents=True)
    return Path(shutil.copy(database, folder / database.name))


def begin_now(database: Path) -> str:
    """Start the mock's clock at this moment, lest the later lives run into its marks."""
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    with closing(sqlite3.connect(database)) as file:
        file.execute("UPDATE interview SET body = json_set(body, '$.clock.since', ?, '$.last_heard_at', ?)", (now, now))
        file.commit()
    return now


def problems(database: Path, since: str, person: Person, shown: list[str]) -> list[str]:
    """Everything that is not as it must be."""
    with closing(sqlite3.connect(database)) as file:
        interview: dict[str, Any] = json.loads(file.execute("SELECT body FROM interview").fetchone()[0])
        entries = [json.loads(body) for (body,) in file.execute("SELECT body FROM page_entry ORDER BY seq")]
        states = dict(file.execute("SELECT id, state FROM inbox").fetchall())
    in_thread = [entry for entry in entries if entry["place"] == person.thread]
    coach_said = [json.dumps(entry["card"], sort_keys=True) for entry in in_thread if entry["author"]["bot"]]
    said = Counter(entry["text"] for entry in in_thread if not entry["author"]["bot"])
    answers = [turn["text"] for turn in interview["turns"] if turn["who"] == "candidate"]
    asked = [turn["ask"] for turn in interview["turns"] if turn["who"] == "interviewer"]
    wrong = []
    if lost := [id for id in person.acknowledged if states.get(id) != "done"]:
        wrong.append(f"{len(lost)} acknowledged and not dealt with")
    if person.unsent:
        wrong.append("never acknowledged")
    if answers != [ANSWER, MEANWHILE] or interview["draft"]:
        wrong.append(f"the turns are {answers} and a draft of {len(interview['draft'])}")
    if said != {ANSWER: 1, MEANWHILE: 1, "done": 2}:
        wrong.append(f"the person's words stand there {dict(said)}")
    if len(asked) != 3 or len(coach_said) != 3:
        wrong.append(f"the interviewer spoke {len(asked)} times, the page shows {len(coach_said)}")
    if len(set(coach_said)) != len(coach_said):
        wrong.append("the interviewer's words stand there twice")
    if missing := [ask for ask in asked if not any(json.dumps(ask)[1:-1] in card for card in coach_said)]:
        wrong.append(f"never shown: {missing}")
    if interview["clock"] != {"spent": 0.0, "since": since} or interview["paused_at"]:
        wrong.append(f"the clock says {interview['clock']}")
    if not any(ask.split("?")[0][:30] in text.replace("&#x27;", "'").replace("&quot;", '"') for ask in asked[-1:] for text in shown):
        wrong.append("the open window was not told")
    return wrong


async def sweep(zygote: Zygote, mock: Mock, folder: Path, naive: str, moments: Sequence[str]) -> list[Life]:
    """A death at each of these moments."""
    waiting = list(enumerate(moments))[::-1]
    lives: list[Life] = []

    async def worker() -> None:
        while waiting:
            number, moment = waiting.pop()
            lives.append(await live(zygote, mock, folder / str(number), moment, naive))

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(worker())
    return lives


# --- the promises ----------------------------------------------------------------------------------------------------


async def test_a_turn_survives_death_at_every_await(zygote: Zygote, mock: Mock, tmp_path: Path, report: Callable[[str], None]) -> None:
    """Both answers become one turn each, each is answered once, nothing stands there twice, and the clock was not set back."""
    whole = await live(zygote, mock, tmp_path / "whole", "never")
    assert (whole.died, whole.wrong) == (False, ())
    lives = await sweep(zygote, mock, tmp_path / "lives", "", whole.moments)
    deaths = [life.end for life in lives if life.died]
    kinds = {end.rsplit(" ", 1)[0] for end in deaths}
    slowest = max(life.seconds for life in lives)
    report(f"kill: {len(deaths)} deaths in one turn, at {len(kinds)} kinds of moment; slowest recovery {slowest:.1f} s")
    assert {life.end: life.wrong for life in lives if life.wrong} == {}
    assert slowest < 10, "somebody waited for the leases of the dead"
    assert len(deaths) >= 0.9 * len(whole.moments), "most did not die where they were to"
    for name in ("SqlInbox.receive", "SqliteEngine.read", "SqliteEngine.write", "WebPlatform.deliver", "SqlOutbox.claim", "SqlOutbox.sent"):
        assert {f"before {name}", f"after {name}"} <= kinds


@pytest.mark.parametrize(
    ("naive", "moment", "complaint"),
    [
        ("without_inbox", "before SqliteEngine.write", "the turns are"),
        ("without_keys", "after WebPlatform.deliver", "the interviewer's words stand there twice"),
    ],
)
async def test_the_same_deaths_find_out_whoever_does_it_wrong(
    zygote: Zygote, mock: Mock, tmp_path: Path, naive: str, moment: str, complaint: str
) -> None:
    """The control: without the inbox a turn is lost, without keys one is said twice, and the same look at it says so."""
    lives = await sweep(zygote, mock, tmp_path / "lives", naive, [f"{moment} {number}" for number in range(1, 7)])
    assert any(complaint in wrong for life in lives if life.died for wrong in life.wrong)
