"""A channel's standing order as it is: what is read for it, and who may change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.chat import Message
from core.errors import NotAllowed, NotUnderstood
from core.features.drill.choosing import WINDOW
from core.features.handler import Caller, read_caller
from core.ports import Fate, From, Reads
from core.records import Conversation, Drill, Occurrence


@dataclass(frozen=True)
class Ordered:
    """A channel's standing order, as it is."""

    caller: Caller
    drill: Drill | None
    past: Sequence[Occurrence]
    """Oldest first, of the window in which nothing repeats; the last may be laid out already and come in a moment."""
    thread: Conversation | None = None
    """Of the last occurrence."""
    fates: Mapping[str, Fate] = field(default_factory=dict)
    """What became of the latest posts."""
    neighbours: int = 0
    """How many daily questions the space has."""

    @property
    def taken(self) -> set[date]:
        """Local dates that have had theirs: a question, or a reason why there was none."""
        return {item.day for item in self.past}


SHOWN = 5
"""How many days back `/drill show` goes."""


async def read_ordered(reads: Reads, message: Message) -> Ordered:
    """The drill of the channel the message is in."""
    key = str(message.place.outside)
    past = await reads.find(Occurrence, drill=key, due_at=From(message.sent_at - WINDOW), order="due_at", limit=100)
    return Ordered(
        caller=await read_caller(reads, message),
        drill=await reads.get(Drill, key),
        past=past,
        thread=await reads.get(Conversation, past[-1].key) if past else None,
        fates=await reads.fates([f"daily/{item.key}" for item in past[-SHOWN:]]),
        neighbours=await reads.count(Drill, space=message.place.space_key),
    )


def must_be_allowed(known: Ordered, message: Message) -> None:
    """NotAllowed unless the author set it, is a lead, or administers the space."""
    me = message.author
    leads = known.caller.space.leads if known.caller.space else ()
    if not (me.may_manage or me.key in leads or (known.drill and known.drill.owner.key == me.key)):
        raise NotAllowed("The daily question is set by whoever started it here, by leads and by admins. Ask one of them.")


def must_be_a_channel(message: Message) -> None:
    """NotUnderstood in direct messages."""
    if message.place.direct:
        raise NotUnderstood("A daily question belongs to a channel. Type /drill in the channel that is to get it.")
