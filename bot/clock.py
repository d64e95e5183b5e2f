"""The one place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Implements `core.ports.Clock`."""

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.now(UTC)
