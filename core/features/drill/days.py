"""Which local date an occurrence belongs to, and when its answer is shown."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.errors import CoachError
from core.features.calendar import Cadences, at_local
from core.records import Drill


def day_of(drill: Drill, due_at: datetime) -> date:
    """The local date whose question is due then. An hour the clocks skip, or the channel's offset, may have moved it past midnight."""
    zone = ZoneInfo(drill.zone)
    day = due_at.astimezone(zone).date()
    before = day - timedelta(days=1)
    return before if at_local(before, drill.at, zone) + drill.offset == due_at else day


def reveal_time(drill: Drill, day: date) -> datetime:
    """When the suggested answer is shown: the same local date, or the next one where the reveal stands before the question."""
    shown = day if drill.reveal > drill.at else day + timedelta(days=1)
    return at_local(shown, drill.reveal, ZoneInfo(drill.zone)) + drill.offset


def first_after(drill: Drill, cadences: Cadences, now: datetime, taken: Collection[date]) -> datetime:
    """The first occurrence after now, on a local date that has not had its own; CoachError where none comes."""
    cadence = cadences(drill)
    due = cadence.next_due(now)
    while day_of(drill, due) in taken:
        due = cadence.next_due(due)
    return due


def following(drill: Drill, cadences: Cadences, after: datetime) -> Drill:
    """The drill with its next date; stopped, and with the reason, where there is none any more."""
    try:
        return drill.model_copy(update={"next_due_at": cadences(drill).next_due(after)})
    except CoachError as error:
        return drill.model_copy(update={"next_due_at": None, "stopped": str(error)})
    except (KeyError, ValueError, OSError):
        return drill.model_copy(update={"next_due_at": None, "stopped": f"The time zone {drill.zone} is not known any more."})
