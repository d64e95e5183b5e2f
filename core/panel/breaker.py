"""Leaves a model alone for a while that fails again and again, so that nobody waits for it each time."""

from __future__ import annotations

from collections.abc import Callable

from core.errors import Trouble

HOLD: dict[Trouble, float] = {"quota": 600.0, "key": 600.0, "name": 600.0, "slow": 60.0, "away": 30.0, "busy": 20.0, "garbled": 30.0}
"""Seconds that it is left alone; a new key or credit needs a human, the rest may pass by itself."""
AT_ONCE: frozenset[Trouble] = frozenset(("quota", "key", "name"))
"""These will not mend themselves by trying again."""
LONGEST = 600.0
PATIENCE = 2
"""Other failures in a row before it is left alone."""


class Breaker:
    """Open: nobody is sent to the model. `steady` is a clock in seconds that never jumps."""

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._in_a_row = 0
        self._until = 0.0
        self._why: Trouble | None = None

    @property
    def why(self) -> Trouble | None:
        """Why it is open; None while it is closed."""
        return self._why if self._steady() < self._until else None

    def failed(self, kind: Trouble) -> None:
        """A call failed. Each time that it fails again right after it was let alone, that lasts twice as long."""
        self._in_a_row += 1
        again = 2 ** max(self._in_a_row - PATIENCE, 0) if kind not in AT_ONCE else 1
        hold = min(HOLD[kind] * again, LONGEST) if kind in HOLD else None
        if hold and (kind in AT_ONCE or self._in_a_row >= PATIENCE):
            until = self._steady() + hold
            if until > self._until:  # a call that was on its way already does not bring it back sooner
                self._until, self._why = until, kind

    def worked(self) -> None:
        """A call worked."""
        self._in_a_row, self._until, self._why = 0, 0.0, None
