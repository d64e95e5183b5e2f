"""`adapters.web.history.History` in a dict, with a switch for a disk that is full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from adapters.web.history import Entry, Someone
from core.chat import Card
from core.errors import StoreUnavailable


class FakeHistory:
    """Keeps everything until the process ends."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.known: dict[str, Someone] = {}
        self.full = False
        """Whether writing fails."""
        self._seq = 0

    async def add(self, entry: Entry) -> Entry:
        return self.entries.get(entry.id) or self._keep(entry)

    async def get(self, id: str) -> Entry | None:
        return self.entries.get(id)

    async def replace(self, id: str, card: Card, at: datetime) -> Entry | None:
        return self._change(id, lambda entry: entry.replaced(card, at))

    async def edit(self, id: str, text: str, at: datetime) -> Entry | None:
        return self._change(id, lambda entry: entry.reworded(text, at))

    async def withdraw(self, id: str, at: datetime) -> Entry | None:
        return self._change(id, lambda entry: entry.withdrawn(at))

    async def since(self, seq: int, person: str, limit: int) -> Sequence[Entry]:
        return [entry for entry in self._seen(person) if entry.seq > seq][:limit]

    async def newest(self, person: str, limit: int) -> Sequence[Entry]:
        return self._seen(person)[-limit:]

    async def people(self) -> Sequence[Someone]:
        return list(self.known.values())

    async def meet(self, someone: Someone) -> None:
        self.known.setdefault(someone.key, someone)

    def _seen(self, person: str) -> list[Entry]:
        return sorted((entry for entry in self.entries.values() if entry.may_see(person)), key=lambda entry: entry.seq)

    def _change(self, id: str, change: Callable[[Entry], Entry]) -> Entry | None:
        entry = self.entries.get(id)
        return None if entry is None or entry.gone else self._keep(change(entry))

    def _keep(self, entry: Entry) -> Entry:
        if self.full:
            raise StoreUnavailable("database or disk is full")
        self._seq += 1
        kept = entry.model_copy(update={"seq": self._seq})
        self.entries[kept.id] = kept
        return kept
