"""The post that opens a mock's thread, and what is said beside it."""

from __future__ import annotations

from core.chat import Audience, Message, Place, Post
from core.features.consent import asked_first
from core.features.handler import Caller, Outcome, Tools, passing
from core.features.mock.room import opening_key
from core.interview import cards
from core.interview.stages import Interview
from core.records import Conversation, Record

TOLD_OF = 1_500
"""Characters of what a person told of themself that an interviewer is given."""


def opened(interview: Interview, message: Message, tools: Tools, caller: Caller, *more: Record) -> Outcome:
    """The mock's opening post, which makes its thread; the clock starts with *Start*. `more` is saved along."""
    place = interview.place
    aside = message.place.outside if message.aside and place.direct and not message.place.direct else None
    conversation = Conversation(key=interview.key, purpose="mock", parent=place, person=interview.person)
    opening = Post(
        key=opening_key(interview.key),
        into=place,
        conversation=interview.key,
        opens=True,
        aside=aside,
        thread_name=cards.thread_name(interview),
        card=cards.intro(interview, tools.panel.expected(caller.payer(message, tools))),
        audience=Audience(),
        about=interview.person,
        handle=message.handle,
    )
    told = () if place == message.place.outside else (_told(message, interview, aside is not None),)
    return Outcome(
        saves=(*caller.met(message, tools.now), interview, conversation, *more),
        posts=(opening, *told, *_asked(interview, message, tools, caller)),
    )


def _asked(interview: Interview, message: Message, tools: Tools, caller: Caller) -> tuple[Post, ...]:
    """Whether a model may listen: asked where the mock is, unless others read along there."""
    notice = asked_first(caller, message, tools)
    if interview.open:
        return notice
    here = {"into": interview.place, "conversation": interview.key, "audience": Audience()}
    return tuple(post.model_copy(update=here) for post in notice)


def _told(message: Message, interview: Interview, aside: bool) -> Post:
    """Where it is, as soon as it is there."""
    where = "in a thread of its own" if aside else "in your direct messages"
    told = passing(message, f"Your mock is {where}, only for you.", "told")
    return told.model_copy(update={"conversation": interview.key}) if aside else told


def where(message: Message) -> Place:
    """Where it is held: in direct messages, unless everybody may read along."""
    place = message.place.outside
    if message.fields.get("where") == "open" and not place.direct:
        return place
    return Place.dm(place.platform, place.space, message.author.id)
