"""Due dates are worked out ahead. Where the time zone or holiday data changed since, they are worked out anew, a batch a tick."""

from __future__ import annotations

import asyncio
import importlib.metadata
import zoneinfo
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from core.delivery import Log
from core.errors import CoachError, Stale
from core.features.calendar import Cadences
from core.ports import From, Store
from core.records import Drill, Reckoned

BATCH = 500
KEY = "calendar"


class Reckoning:
    """Compares the data with what the due dates were worked out from, once a process."""

    def __init__(self, store: Store, cadences: Cadences, log: Log, data: str) -> None:
        self._store, self._cadences, self._log, self._data = store, cadences, log, data
        self._from = ""
        self.done = False
        """Whether every due date is of this data."""

    async def step(self, now: datetime) -> None:
        """One batch, in one transaction."""
        if self.done:
            return
        try:
            await self._step(now)
        except Stale:  # somebody changed one of them, or another process is doing the same; again with the next tick
            self._log("reckoning_raced")

    async def _step(self, now: datetime) -> None:
        async with self._store.begin() as unit:
            known = await unit.get(Reckoned, KEY)
            if known and known.data == self._data:
                self.done = True
                return
            drills = await unit.find(Drill, key=From(self._from), order="key", limit=BATCH)
            for drill in await asyncio.to_thread(self._moved, drills, now):
                self._log("due_date_moved", drill=drill.key)
                unit.save(drill)
            last = len(drills) < BATCH
            if last:
                unit.save((known or Reckoned(key=KEY, data="")).model_copy(update={"data": self._data}))
        self.done = last
        self._from = drills[-1].key + "\x01" if drills else ""  # PostgreSQL keeps no \0 in a text

    def _moved(self, drills: Sequence[Drill], now: datetime) -> list[Drill]:
        moved = []
        for drill in drills:
            if drill.next_due_at is None or drill.next_due_at <= now:
                continue
            try:
                due = self._cadences(drill).next_due(now)
            except (CoachError, KeyError, ValueError, OSError):
                continue  # it says so when it is due
            if due != drill.next_due_at:
                moved.append(drill.model_copy(update={"next_due_at": due}))
        return moved


def data_version() -> str:
    """Which time zone and holiday data this process uses."""
    return f"zones {_zones()}, holidays {importlib.metadata.version('holidays')}"


def _zones() -> str:
    for folder in map(Path, zoneinfo.TZPATH):  # in the order in which zoneinfo looks
        for name in ("tzdata.zi", "+VERSION"):
            if (folder / name).is_file():
                with (folder / name).open(encoding="utf-8") as file:
                    return file.readline().removeprefix("# version").strip()
        if (folder / "Europe" / "Berlin").is_file():
            return f"of {int((folder / 'Europe' / 'Berlin').stat().st_mtime)}"
    return importlib.metadata.version("tzdata")
