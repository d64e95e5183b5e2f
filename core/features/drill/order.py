"""A channel's standing order as it is: what is read for it, and who may change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.chat import Message
from core.errors import NotAllowed, NotUnderstood
from core.features.drill.announcing import WINDOW
from core.features.handler import Caller, read_caller
from core.ports import From, Reads
from core.records import Drill, Occurrence


@dataclass(frozen=True)
class Ordered:
    """A channel's standing order, as it is."""

    caller: Caller
    drill: Drill | None
    past: Sequence[Occurrence]
    """Oldest first, of the window in which nothing repeats."""


async def read_ordered(reads: Reads, message: Message) -> Ordered:
    """The drill of the channel the message is in."""
    key = str(message.place.outside)
    past = await reads.find(Occurrence, drill=key, due_at=From(message.sent_at - WINDOW), order="due_at", limit=100)
    return Ordered(caller=await read_caller(reads, message), drill=await reads.get(Drill, key), past=past)


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
