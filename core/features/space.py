"""A space's life: installed, left, home opened. The practice page gets its first daily question at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from core.chat import Message
from core.features.drill.announcing import choose, posted, reveal_time
from core.features.handler import NOTHING, Handler, Outcome, Tools
from core.ports import Reads
from core.records import Drill, SpaceRecord


@dataclass(frozen=True)
class Settled:
    """What is known of the space, and of the channel the message names."""

    space: SpaceRecord | None
    drill: Drill | None
    drills: Sequence[Drill] = ()
    """All of the space's."""


async def read_settled(reads: Reads, message: Message) -> Settled:
    """The space and the channel's standing order."""
    return Settled(
        space=await reads.get(SpaceRecord, message.place.space_key),
        drill=await reads.get(Drill, str(message.place.outside)),
        drills=await reads.find(Drill, space=message.place.space_key, limit=10_000) if message.text == "removed" else (),
    )


async def lifecycle(known: Settled, message: Message, tools: Tools) -> Outcome:
    """`installed`, `removed`, and on the page `opened`: its channel has a daily question from the first start."""
    if message.text == "removed":
        if known.space is None:
            return NOTHING
        stopped = tuple(drill.model_copy(update={"next_due_at": None}) for drill in known.drills if drill.next_due_at)
        return Outcome(saves=(known.space.model_copy(update={"left_at": tools.now}), *stopped))
    if known.space and known.space.left_at is None:
        return NOTHING
    zone = message.author.zone or "UTC"
    installed = SpaceRecord(key=message.place.space_key, zone=zone, installed_at=tools.now)
    if known.space:
        installed = known.space.model_copy(update={"left_at": None})
    if message.text != "opened" or known.drill:
        return Outcome(saves=(installed,))
    return Outcome(saves=(installed,)) + _first_question(message, tools, zone)


def _first_question(message: Message, tools: Tools, zone: str) -> Outcome:
    place = message.place.outside
    drill = Drill(key=str(place), place=place, owner=message.author, zone=zone, seed=tools.rng.randrange(2**31), number=1)
    due = tools.cadence(drill).next_due(tools.now)
    local = ZoneInfo(zone)
    day = tools.now.astimezone(local).date()
    if due.astimezone(local).date() == day:  # today's own question is the one that stands here now
        due = tools.cadence(drill).next_due(due)
    drill = drill.model_copy(update={"next_due_at": due})
    question = tools.bank.find("order-status-api") or choose(drill, (), tools.bank)
    if question is None:
        return Outcome(saves=(drill.model_copy(update={"number": 0}),))
    reveal_at = max(reveal_time(drill, day, local), tools.now + timedelta(hours=2))
    made = posted(drill, question, day, tools.now, reveal_at)
    return Outcome(saves=made.saves, posts=made.posts)


HANDLER = Handler(read=read_settled, decide=lifecycle)
