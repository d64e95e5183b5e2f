"""Many drills, the jobs that lay them out, and a store to look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from core.chat import Place, Post
from core.features.calendar import Cadences
from core.ports import Store
from core.records import Drill
from scheduler.cadence import cadence_of
from scheduler.drills import DueDrills
from tests.fakes.memory_store import MemoryStore
from tests.fakes.world import BANK, YOU

NINE = datetime(2026, 11, 25, 9, tzinfo=UTC)


def order(number: int = 0, **more: Any) -> Drill:
    """A drill due on Wednesday 25 November 2026 at nine."""
    place = Place(platform="web", space="page", channel=f"c{number:05}")
    values = {"key": str(place), "place": place, "owner": YOU, "at": time(9), "zone": "UTC", "next_due_at": NINE, "seed": number}
    return Drill.model_validate({**values, **more})


async def keep(store: Store, *drills: Drill) -> None:
    async with store.begin() as unit:
        for drill in drills:
            unit.save(drill)


async def kept(store: Store, drill: Drill) -> Drill:
    async with store.begin() as unit:
        found = await unit.get(Drill, drill.key)
    assert found
    return found


class Desk:
    """The job, and what it said."""

    def __init__(self, store: Store | None = None, cadences: Cadences = cadence_of) -> None:
        self.store = store or MemoryStore()
        self.events: list[str] = []
        self.fitted: list[Post] = []
        self.job = DueDrills(self.store, BANK, cadences, self._fit, lambda event, **facts: self.events.append(event))

    def _fit(self, post: Post) -> Sequence[Post]:
        self.fitted.append(post)
        return (post,)

    async def at(self, moment: datetime = NINE) -> int:
        """Work until nothing is due at this moment; how much it was."""
        done = 0
        while count := await self.job(moment):
            done += count
        return done

    @property
    def memory(self) -> MemoryStore:
        assert isinstance(self.store, MemoryStore)
        return self.store

    @property
    def channels(self) -> list[str]:
        """Where questions are owed, in the order of their commits."""
        return [post.into.channel for post in self.memory.posts() if post.opens]


DAY = timedelta(days=1)
