"""When a missed point comes back: FSRS, fed with verdicts."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from fsrs import Card, Rating, Scheduler

from core.review.feedback import Status

_scheduler = Scheduler(desired_retention=0.9, learning_steps=(), relearning_steps=(), maximum_interval=60, enable_fuzzing=False)

RATINGS: Mapping[Status, Rating] = {
    Status.COVERED: Rating.Good,
    Status.CLAIMED: Rating.Hard,
    Status.MAYBE: Rating.Hard,
    Status.MISSING: Rating.Again,
}
"""How well the point was remembered. What was not asked is not rated."""


def rated(card: Mapping[str, object] | None, name: str, status: Status, now: datetime) -> tuple[dict[str, object], datetime]:
    """The card after this verdict, and when it is due. `name` identifies a new card; `now` is aware UTC."""
    before = Card.from_dict(cast(Any, dict(card))) if card else Card(card_id=zlib.crc32(name.encode()))
    after, _ = _scheduler.review_card(before, RATINGS[status], now)
    return cast("dict[str, object]", dict(after.to_dict())), after.due
