"""A question may be laid out a moment before it is due. Whoever changes the drill in that moment takes it back first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core.features.drill.announcing import reveal_timer
from core.features.drill.order import Ordered
from core.features.handler import NOTHING, Outcome


def undone(outcome: Outcome, undo: Outcome) -> Outcome:
    """Both at once: what is stored anew takes the place of what is taken back."""
    gone = {(type(record), record.key): record for record in undo.removes}
    saves = tuple(
        record.model_copy(update={"version": gone.pop((type(record), record.key)).version})
        if (type(record), record.key) in gone
        else record
        for record in outcome.saves
    )
    return replace(outcome, saves=saves, removes=(*outcome.removes, *gone.values()), recalls=undo.recalls)


def taken_back(known: Ordered, now: datetime) -> tuple[Ordered, Outcome]:
    """The order as it was before the question that is still to come was laid out, and what undoes that; mostly nothing."""
    last = known.past[-1] if known.past else None
    drill = known.drill
    if drill is None or last is None or last.status != "posted" or last.due_at <= now:
        return known, NOTHING
    asked = {id: day for id, day in drill.asked.items() if id != last.question}
    before = drill.model_copy(update={"next_due_at": last.due_at, "stopped": "", "number": drill.number - 1, "asked": asked})
    thread = (known.thread,) if known.thread else ()
    undo = Outcome(removes=(last, *thread, reveal_timer(last, drill)), recalls=(last.key,))
    return replace(known, drill=before, past=known.past[:-1], thread=None), undo
