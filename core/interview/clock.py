"""The clock of a mock: it runs while somebody may speak, and stands while the mock is paused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from pydantic import AwareDatetime

from core.chat import Frozen


class Clock(Frozen):
    """Seconds used so far, and since when it runs. Moments are aware UTC; one that lies before the start counts as the start."""

    spent: float = 0.0
    """Seconds, up to the moment it last stopped."""
    since: AwareDatetime | None = None
    """When it was started; None while it stands."""

    def used(self, now: datetime) -> float:
        """Seconds used until now."""
        if self.since is None:
            return self.spent
        return self.spent + max(0.0, (now - self.since).total_seconds())

    def start(self, now: datetime) -> Self:
        """The running clock; the same where it runs already."""
        return self if self.since else self.model_copy(update={"since": now})

    def stop(self, now: datetime) -> Self:
        """The standing clock."""
        return self.model_copy(update={"spent": self.used(now), "since": None})

    def reaches(self, seconds: float) -> datetime | None:
        """When it will show, or has shown, so many seconds; None while it stands."""
        return self.since + timedelta(seconds=seconds - self.spent) if self.since else None


def face(seconds: float) -> str:
    """`6:40`, as a clock shows it; never less than nothing."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
