"""Whether the clock can be trusted: the wall clock and the steady one must agree on how much time has passed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

MOST = timedelta(minutes=15)
SETTLED = timedelta(hours=1)
"""A clock that kept its new time for so long is believed."""
STILL = timedelta(minutes=1)
"""Two measures that differ by less show the same jump."""


class Drift:
    """Compares both since it was made. A laptop's sleep is no drift, as long as the steady clock counts it too."""

    def __init__(self, wall: Callable[[], datetime], steady: Callable[[], float]) -> None:
        self._wall, self._steady = wall, steady
        self._began = (wall(), steady())
        self._seen = timedelta()
        self._since: float | None = None

    def by(self) -> timedelta:
        """How far the wall clock is from where it should be; positive: ahead."""
        wall, steady = self._began
        return (self._wall() - wall) - timedelta(seconds=self._steady() - steady)

    def trusted(self) -> bool:
        """Whether it may be acted on: it is near where it should be, or has stayed at its new time for an hour."""
        by = self.by()
        if abs(by) <= MOST:
            self._since = None
            return True
        if self._since is None or abs(by - self._seen) > STILL:
            self._seen, self._since = by, self._steady()
        if self._steady() - self._since < SETTLED.total_seconds():
            return False
        self.accept()
        return True

    def accept(self) -> None:
        """Somebody looked: what the wall clock says now is right."""
        self._began = (self._wall(), self._steady())
        self._since = None
