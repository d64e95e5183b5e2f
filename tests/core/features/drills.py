"""What the tests of the daily question share. The world starts on Tuesday 24 November 2026 at 10:00 in Berlin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.ports import AnyOf
from core.records import Drill, Occurrence
from tests.fakes.world import CHANNEL, World

BERLIN = ZoneInfo("Europe/Berlin")
GOOD = {
    "days": "0,1,2,3,4",
    "time": "09:00",
    "reveal": "16:30",
    "zone": "Europe/Berlin",
    "level": "any",
    "competencies": "reliability,execution",
    "country": "DE",
    "days_off": "",
    "recap": "4",
}


async def drill(world: World) -> Drill:
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        found = await unit.get(Drill, str(CHANNEL))
    assert found
    return found


async def occurrences(world: World, *statuses: str) -> list[Occurrence]:
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        return list(await unit.find(Occurrence, order="due_at", status=AnyOf(statuses)))


async def asked_on(world: World) -> list[str]:
    """The local dates that had a question."""
    return [f"{item.day:%m-%d}" for item in await occurrences(world, "posted", "revealed")]


def posted(world: World) -> list[str]:
    return [item.card.title for item in world.platform.shown if item.card.eyebrow.startswith("Daily question")]


def berlin(*when: int) -> datetime:
    return datetime(*when, tzinfo=BERLIN).astimezone(UTC)  # type: ignore[arg-type, misc]


async def until(world: World, *when: int) -> None:
    """Let time pass in steps of half an hour, as a running bot would see it."""
    goal = berlin(*when)
    while world.clock.now() < goal:
        await world.wait(seconds=min(timedelta(minutes=30), goal - world.clock.now()).total_seconds())
