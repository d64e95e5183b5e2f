"""2, 10 and 11: a mock whose process dies, events that come twice or thrice, and events that come in any order."""

from __future__ import annotations

import asyncio
import copy
import itertools
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta

from adapters.database.store import SqlStore, open_engine
from bot.clock import SystemClock
from core.chat import Kind, Message, Place
from core.interview.stages import Interview
from tests.fakes.clock import FakeClock
from tests.fakes.memory_store import MemoryStore
from tests.fakes.world import CHANNEL, YOU, World
from tests.soak.faults.figure import Figure, Stage
from tests.soak.harness import ROOT, emptied, environment

# --- 2 ---------------------------------------------------------------------------------------------------------------


async def killed_interview(stage: Stage) -> Figure:
    """2: kill -9 at every await of a mock's turn. The test is tests/e2e/test_kill.py, on the real process and the real page."""
    said = await _pytest("tests/e2e/test_kill.py", "-k", "every_await")
    control = await _pytest("tests/e2e/test_kill.py", "-k", "find_out")
    measured = next((line for line in said.splitlines() if line.startswith("kill:")), "no figure")
    return Figure(
        2,
        "kill -9 in the middle of a mock",
        measured.removeprefix("kill: "),
        "0 acknowledged turns lost, 0 replies doubled, at most 5 s",
        " passed" in said and "failed" not in said,
        f"without the inbox a turn is lost, without keys a reply is doubled: {control.splitlines()[-1]}",
        " passed" in control and "failed" not in control,
    )


async def _pytest(*arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments, cwd=ROOT, env=environment(), stdout=-1, stderr=-2
    )
    out, _ = await process.communicate()
    return out.decode().strip()


# --- 10 --------------------------------------------------------------------------------------------------------------


async def thrice(stage: Stage) -> Figure:
    """10: every event is delivered three times: twice at once, and again after a restart."""
    count = stage.scaled(200, 2_000)
    effects = await _told_thrice(f"sqlite:///{stage.folder}/a.db", count, lambda id, time: id)
    naive = await _told_thrice(f"sqlite:///{stage.folder}/b.db", count // 10, lambda id, time: f"{id}/{time}")
    return Figure(
        10,
        f"{count} events, each three times",
        f"{effects} effects",
        f"{count} effects",
        effects == count,
        f"under an id for each delivery instead of each event: {naive} effects of {count // 10} events",
        naive == 3 * (count // 10),
    )


async def _told_thrice(url: str, count: int, named: Callable[[str, int], str]) -> int:
    engine = open_engine(emptied(url))
    world = World(store=SqlStore(engine, SystemClock()))
    events = [("/help", Place(platform="web", space="page", channel=f"c{n % 40}"), f"m{n}") for n in range(count)]

    async def tell(time: int) -> None:
        await asyncio.gather(*(world.coach.accept(_message(named(id, time), text, place)) for text, place, id in events))

    await asyncio.gather(tell(0), tell(1))
    await world.settle()
    world.restart()
    await tell(2)
    await world.settle()
    await engine.close()
    return len(world.platform.shown)


def _message(id: str, text: str, place: Place) -> Message:
    return Message(id=id, place=place, author=YOU, kind=Kind.COMMAND, text=text, command="help", sent_at=FakeClock().now())


# --- 11 --------------------------------------------------------------------------------------------------------------


async def any_order(stage: Stage) -> Figure:
    """11: the six events of one answer, in all 720 orders in which they can come in."""
    orders = list(itertools.permutations(range(6)))[:: stage.scaled(12, 1)]
    states = await _states(orders, apart=1.0)
    naive = await _states(orders, apart=0.0)
    return Figure(
        11,
        f"6 events in {len(orders)} orders",
        f"{len(states)} final state: {next(iter(states))}" if len(states) == 1 else f"{len(states)} final states",
        "the same final state",
        len(states) == 1,
        f"without the platform's own order: {len(naive)} final states",
        len(naive) > 1,
    )


async def _states(orders: list[tuple[int, ...]], apart: float) -> set[tuple[str, ...]]:
    """The drafts that come of it. `apart`: how many seconds lie between two events, by the platform's clock."""
    begun = World()
    await begun.say("/mock 5 open question:order-status-api", CHANNEL)
    await begun.press("Start")
    thread = next(item for item in begun.platform.shown if item.post.key.startswith("mock/")).receipt.place
    said, now = thread, begun.clock.now()

    def event(n: int, kind: Kind = Kind.AMBIENT, text: str = "", about: str | None = None) -> Message:
        at = now + timedelta(seconds=n * apart)
        return Message(id=f"e{n}", place=said, author=YOU, kind=kind, text=text, about=about, sent_at=at)

    events = [
        event(1, text="A queue takes the updates."),
        event(2, text="Each has an id."),
        event(3, text="Never mind."),
        event(4, Kind.EDITED, "Each has an id that the courier's phone makes.", about="e2"),
        event(5, Kind.DELETED, about="e3"),
        event(6, text="A repeat returns the stored result."),
    ]
    states = set()
    for order in orders:
        world = World(clock=FakeClock(now), store=_copied(begun))
        for n in order:
            await world.coach.accept(events[n])
        await world.coach.settle()
        assert isinstance(world.store, MemoryStore)
        (interview,) = world.store.all(Interview)
        states.add(tuple(fragment.text for fragment in interview.draft))
    return states


def _copied(world: World) -> MemoryStore:
    assert isinstance(world.store, MemoryStore)
    made = MemoryStore()
    made.memory = copy.deepcopy(world.store.memory)
    return made


FAULTS: dict[int, Callable[[Stage], Awaitable[Figure]]] = {2: killed_interview, 10: thrice, 11: any_order}
