"""*Show me*: what could not be sent to somebody's direct messages, shown to them where they press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.chat import Message, Post
from core.errors import TooLate
from core.features.handler import AnyHandler, Handler, Outcome, Tools, passing
from core.ports import Reads
from core.records import short_id

BACK = 200
"""How many of the newest messages are looked through."""


@dataclass(frozen=True)
class Said:
    """What was said to the person, newest first."""

    posts: Sequence[Post]


async def read_said(reads: Reads, message: Message) -> Said:
    """Only what is about its presser."""
    return Said(await reads.posts(message.author.key, BACK))


async def show(known: Said, message: Message, tools: Tools) -> Outcome:
    """The card once more, in passing."""
    wanted = message.fields.get("id", "")
    found = next((post for post in known.posts if short_id(post.key) == wanted), None)
    if found is None or found.audience.person is None or found.audience.person.key != message.author.key:
        raise TooLate("That is not kept any more, or it is not yours.")
    return Outcome(posts=(passing(message, found.card),))


HANDLERS: dict[str, AnyHandler] = {"show": Handler(read=read_said, decide=show)}
