"""Something that could not be delivered: whoever it was for hears so once, in a direct message, with the reason.

A daily question is for a channel; `core.features.drill.gone` sees to that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.chat import Audience, Card, Kind, Message, Place, Post, house, literal
from core.features.handler import NOTHING, AnyHandler, Handler, Outcome, Tools, effect
from core.ports import Reads
from core.records import Conversation, Profile

PREFIX = "unsent/"


@dataclass(frozen=True)
class Unsent:
    """Whose it was."""

    profile: Profile | None


def unsent(post: Post, why: str, now: datetime) -> Message | None:
    """What is to be handled when a post was given up; nothing where nobody misses it, or where it said just this."""
    person = post.audience.person
    if post.audience.kind == "passing" or post.key.startswith(PREFIX) or not (person or post.about or post.conversation):
        return None
    return Message(
        id=f"{PREFIX}{post.key}",
        place=post.into,
        author=person or house(post.into),
        kind=Kind.DUE,
        command="unsent",
        fields={
            "person": post.about or "",
            "conversation": post.conversation or "",
            "what": post.card.title or post.card.eyebrow,
            "why": why,
        },
        sent_at=now,
    )


async def read_unsent(reads: Reads, message: Message) -> Unsent:
    """The person it was for or about, else whose mock it belongs to."""
    key = message.fields.get("person", "")
    if message.author != house(message.place):
        key = message.author.key
    elif not key and message.fields.get("conversation"):
        conversation = await reads.get(Conversation, message.fields["conversation"])
        key = conversation.person if conversation and conversation.purpose != "drill" else ""
    return Unsent(await reads.get(Profile, key) if key else None)


async def tell(known: Unsent, message: Message, tools: Tools) -> Outcome:
    """One sentence, one reason."""
    if known.profile is None:  # erased meanwhile, or nobody we ever met
        return NOTHING
    what, why = message.fields.get("what", ""), literal(message.fields.get("why", "").rstrip("."))
    named = f"“{what}”" if what else "A message of mine to you"
    card = Card(title="Not delivered", text=f"{named} could not be delivered: {why}. I do not try again. What you wrote is kept.")
    who = known.profile.who
    own = known.profile.home if known.profile.home.direct else Place.dm(message.place.platform, message.place.space, who.id)
    post = Post(key=effect(message), into=own, card=card, audience=Audience(kind="kept", person=who), about=who.key)
    return Outcome(posts=(post,))


HANDLERS: dict[str, AnyHandler] = {"unsent": Handler(read=read_unsent, decide=tell)}
