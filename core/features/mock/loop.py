"""A full loop: its rounds one after the other, each vote locked at its end, all of them on the table after the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.chat import Audience, Message, Post
from core.errors import TooLate
from core.features.handler import Caller, Outcome, Tools, effect, kept, passing, read_caller
from core.features.mock.opening import TOLD_OF, opened, where
from core.features.mock.room import LIVE, Room, in_thread, read_room
from core.interview import cards
from core.interview.debrief import Debrief, debrief
from core.interview.debrief_cards import debrief_card
from core.interview.loop import Loop, planned, told_twice
from core.interview.loop_cards import locked, loop_card
from core.interview.stages import Interview
from core.ports import Reads
from core.questions.bank import Question
from core.records import Background, short_id
from core.review.levels import Ballot, ballot


def begun(known: Room, message: Message, tools: Tools) -> Outcome:
    """Four rounds are planned, and the first is set up."""
    profile = known.caller.known(message, tools.now)
    level = message.fields.get("level") or profile.level
    minutes = max(int(message.fields.get("minutes") or 15), 15)
    rounds = planned(tools.bank, level, minutes, seen=known.seen, rng=tools.rng)  # type: ignore[arg-type]
    loop = Loop.model_validate(
        {
            "key": short_id("loop", message.id),
            "who": message.author,
            "place": where(message),
            "level": level,
            "minutes": minutes,
            "rounds": rounds,
            "made_at": tools.now,
        }
    )
    return _round(loop, 0, message, tools, known.caller, told_of(known, message, tools))


def _round(loop: Loop, number: int, message: Message, tools: Tools, caller: Caller, background: str) -> Outcome:
    item = loop.rounds[number]
    interview = Interview.planned(
        key=short_id("mock", message.id),
        who=message.author,
        place=loop.place,
        round=item.round,
        level=loop.level,
        minutes=loop.minutes,
        parts=item.parts,
        now=tools.now,
    ).fitted(persona=item.persona, background=background, loop=loop.key, role=f"Round {number + 1} of {len(loop.rounds)}: {item.role}")
    return opened(interview, message, tools, caller, loop.opened(number, interview.key))


def told_of(known: Room, message: Message, tools: Tools) -> str:
    """What a model may know of the person: what they told for that, and only where one may read them."""
    return _told_of(known.background, known.caller, message, tools)


def _told_of(background: Background | None, caller: Caller, message: Message, tools: Tools) -> str:
    return background.told(TOLD_OF) if background and caller.payer(message, tools).agreed else ""


# --- between the rounds ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """A loop that goes on."""

    caller: Caller
    loop: Loop | None
    running: Sequence[Interview]
    background: Background | None


async def read_waiting(reads: Reads, message: Message) -> Waiting:
    """The author's own loop, and whether a mock is open."""
    person = message.author.key
    found = await reads.get(Loop, message.fields.get("id", ""))
    return Waiting(
        caller=await read_caller(reads, message),
        loop=found if found and found.person == person else None,
        running=await reads.find(Interview, person=person, stage=LIVE, limit=5),
        background=await reads.get(Background, person),
    )


async def next_round(known: Waiting, message: Message, tools: Tools) -> Outcome:
    """The next round is set up."""
    loop = known.loop
    if loop is None:
        raise TooLate("That loop is no longer here, or it is not yours.")
    if known.running:
        return Outcome(posts=(passing(message, cards.one_is_open(known.running[0], tools.now)),))
    if loop.next is None:
        raise TooLate("All rounds of that loop were held. /mock round:loop starts another.")
    return _round(loop, loop.next, message, tools, known.caller, _told_of(known.background, known.caller, message, tools))


# --- the end of a round, and of the loop -----------------------------------------------------------------------------


def round_over(interview: Interview, found: Debrief, message: Message, tools: Tools, known: Room) -> Outcome:
    """The vote is locked; after the last round all of them are shown."""
    loop = known.loop
    assert loop
    number = loop.number_of(interview.key)
    after = loop.closed(interview.key, found.ballot)
    told = in_thread(interview, locked(after, number), effect(message, "locked"))
    if not after.over:
        return Outcome(saves=(after,), posts=(told,))
    held = {item.key: item for item in (*known.rounds, interview)}
    ordered = [held[item.interview] for item in after.rounds if item.interview in held]
    found_ones = [found if item.key == interview.key else debrief(item, _questions(item, tools), tools.now) for item in ordered]
    post = Post(
        key=f"loop/{loop.key}",
        into=interview.place,
        card=loop_card(after, found_ones, _whole(after, found_ones), told_twice([_story(item) for item in ordered])),
        audience=Audience(kind="kept", person=interview.who),
        about=interview.person,
    )
    return Outcome(saves=(after,), posts=(told, post))


def _whole(loop: Loop, found: Sequence[Debrief]) -> Ballot | None:
    """The bar raiser's own vote, over everything that was seen; None where one round has no vote to weigh."""
    if any(item.ballot is None for item in loop.rounds):
        return None
    return ballot([(part.question, part.feedback) for one in found for part in one.parts if part.reached], loop.level)


def _story(interview: Interview) -> str:
    return "\n".join(text for number, part in enumerate(interview.parts) if part.kind == "story" for text in interview.answers(number))


def _questions(interview: Interview, tools: Tools) -> dict[str, Question]:
    return {part.question: tools.bank.get(part.question) for part in interview.parts}


# --- one round's debrief ---------------------------------------------------------------------------------------------


async def read_round(reads: Reads, message: Message) -> Room:
    """The round by its id, where its loop is over."""
    return await read_room(reads, message)


async def show_round(known: Room, message: Message, tools: Tools) -> Outcome:
    """The debrief of one round, after all votes were shown."""
    interview = known.interview
    if interview is None or interview.person != message.author.key:
        raise TooLate("That round is no longer here, or it is not yours.")
    if interview.live or (known.loop and not known.loop.over):
        raise TooLate("Votes and debriefs are shown together, after the last round.")
    found = debrief(interview, _questions(interview, tools), tools.now)
    post = kept(message, debrief_card(found)).model_copy(update={"key": f"debrief/{interview.key}"})
    return Outcome(posts=(post,))
