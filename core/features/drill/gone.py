"""A daily question that the platform would not take: the day says why; where the channel is gone, the drill stops and its owner is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.chat import Audience, Card, Kind, Message, Place, Post, house, literal
from core.features.handler import NOTHING, Outcome, Tools
from core.ports import Fate, Reads
from core.records import Drill, Occurrence, Timer

UNSENT = "it could not be sent before its reveal"


@dataclass(frozen=True)
class Gone:
    """A daily question, and what became of its post."""

    occurrence: Occurrence | None
    drill: Drill | None
    fate: Fate | None


def undelivered(post: Post, why: str, now: datetime) -> Message | None:
    """What is to be handled when a post was given up; nothing where it was not a daily question itself."""
    if not (post.key.startswith("daily/") and post.opens and post.conversation):
        return None
    return Message(
        id=f"undelivered/{post.key}",
        place=post.into,
        author=house(post.into),
        kind=Kind.DUE,
        command="undelivered",
        fields={"id": post.conversation},
        sent_at=now,
    )


async def read_gone(reads: Reads, message: Message) -> Gone:
    """The question of that day."""
    occurrence = await reads.get(Occurrence, message.fields.get("id", ""))
    key = f"daily/{occurrence.key}" if occurrence else ""
    return Gone(
        occurrence=occurrence,
        drill=await reads.get(Drill, occurrence.drill) if occurrence else None,
        fate=(await reads.fates([key])).get(key),
    )


async def gone(known: Gone, message: Message, tools: Tools) -> Outcome:
    """At once where the delivery says so; else the reveal finds it out."""
    if known.occurrence is None or known.drill is None or known.occurrence.status != "posted":
        return NOTHING
    return never_arrived(known.occurrence, known.drill, known.fate or Fate("pending"))


def never_arrived(occurrence: Occurrence, drill: Drill, fate: Fate) -> Outcome:
    """The trace of it. Refused: no further one is tried, and whoever set the drill hears of it once."""
    if fate.state not in ("dead", "skipped"):
        return NOTHING
    status, why = ("dead", fate.why) if fate.state == "dead" else ("skipped", UNSENT)
    trace = occurrence.model_copy(update={"status": status, "why": why})
    timer = Timer(
        key=f"reveal:{occurrence.key}",
        due_at=occurrence.reveal_at,
        line=f"reveal {occurrence.key}",
        place=drill.place,
        who=house(drill.place),
    )
    if not fate.refused or drill.next_due_at is None:
        return Outcome(saves=(trace,), removes=(timer,))
    stopped = drill.model_copy(update={"next_due_at": None, "stopped": f"The question could not be posted: {literal(why)}"})
    return Outcome(saves=(trace, stopped), removes=(timer,), posts=_told(occurrence, drill, why))


def _told(occurrence: Occurrence, drill: Drill, why: str) -> tuple[Post, ...]:
    if drill.owner == house(drill.place):
        return ()
    text = (
        f"The daily question you set could not be posted: {literal(why)}. So it is stopped, and I do not try again. "
        "When the channel is back, or in another one, /drill setup starts it."
    )
    return (
        Post(
            key=f"stopped/{occurrence.key}",
            into=Place.dm(drill.place.platform, drill.place.space, drill.owner.id),
            card=Card(title="Daily question stopped", text=text),
            audience=Audience(kind="kept", person=drill.owner),
            about=drill.owner.key,
        ),
    )
