"""A full loop: its rounds one after the other, each vote locked at its end, all of them on the table after the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.chat import Audience, Message, Post
from core.errors import TooLate
from core.features.handler import Caller, Outcome, Tools, effect, kept, passing, read_caller
from core.features.mock.opening import TOLD_OF, opened, where
from core.features.mock.room import LIVE, Room, in_thread
from core.interview import cards
from core.interview.debrief import Debrief, debrief
from core.interview.debrief_cards import debrief_card
from core.interview.loop import Loop, planned, told_twice
from core.interview.loop_cards import locked, loop_card
from core.interview.stages import Interview
from core.ports import Reads
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
    held: Interview | None = None
    """The next round's mock, where it is there already."""


async def read_waiting(reads: Reads, message: Message) -> Waiting:
    """The author's own loop, and whether a mock is open."""
    person = message.author.key
    found = await reads.get(Loop, message.fields.get("id", ""))
    loop = found if found and found.person == person else None
    there = loop.rounds[loop.next].interview if loop and loop.next is not None else None
    return Waiting(
        caller=await read_caller(reads, message),
        loop=loop,
        held=await reads.get(Interview, there) if there else None,
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
    if known.held and not known.held.live:
        raise TooLate("The round before is still being read. The button for the next one comes with its vote, within a minute.")
    return _round(loop, loop.next, message, tools, known.caller, _told_of(known.background, known.caller, message, tools))


# --- the end of a round, and of the loop -----------------------------------------------------------------------------


def round_over(interview: Interview, found: Debrief | None, message: Message, tools: Tools, known: Room) -> Outcome:
    """The vote is locked; after the last round all of them are shown. `found` is None where a question of it left the bank."""
    loop = known.loop
    assert loop
    number = loop.number_of(interview.key)
    after = loop.closed(interview.key, found.ballot if found else None, answered=any(turn.who == "candidate" for turn in interview.turns))
    told = in_thread(interview, locked(after, number), effect(message, "locked"))
    if not after.over:
        return Outcome(saves=(after,), posts=(told,))
    held = {item.key: item for item in (*known.rounds, interview)}
    seen: dict[int, tuple[Interview, Debrief]] = {}
    for n, item in enumerate(after.rounds):
        mock = held.get(item.interview or "")
        of = (found if mock is interview else _debriefed(mock, tools)) if mock else None
        if mock and of:
            seen[n] = (mock, of)
    twice = told_twice({n: _story(mock) for n, (mock, _) in seen.items()})
    debriefs = {n: of for n, (_, of) in seen.items()}
    post = Post(
        key=f"loop/{loop.key}",
        into=interview.place,
        card=loop_card(after, debriefs, _whole(after, debriefs), twice),
        audience=Audience(kind="kept", person=interview.who),
        about=interview.person,
    )
    return Outcome(saves=(after,), posts=(told, post))


def _whole(loop: Loop, debriefs: Mapping[int, Debrief]) -> Ballot | None:
    """The bar raiser's own vote, over all rounds that have one; None where text match had to read an answered round."""
    if any(item.ballot is None and item.answered for item in loop.rounds):
        return None
    parts = [part for n, one in debriefs.items() if loop.rounds[n].ballot for part in one.parts if part.reached]
    main = {part.question.id for part in parts if part.kind == "technical"}
    return ballot([(part.question, part.feedback) for part in parts], loop.level, main) if parts else None


def _debriefed(interview: Interview, tools: Tools) -> Debrief | None:
    """What a round showed; None where a question of it left the bank."""
    questions = {part.question: tools.bank.find(part.question) for part in interview.parts}
    found = {id: question for id, question in questions.items() if question}
    return debrief(interview, found, tools.now) if len(found) == len(questions) else None


def _story(interview: Interview) -> str:
    return "\n".join(text for number, part in enumerate(interview.parts) if part.kind == "story" for text in interview.answers(number))


# --- one round's debrief ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A round, its loop, and whether its debrief was shown before."""

    interview: Interview | None
    loop: Loop | None
    before: bool


async def read_round(reads: Reads, message: Message) -> Shown:
    """The author's own round by its id."""
    found = await reads.get(Interview, message.fields.get("id", ""))
    own = found if found and found.person == message.author.key else None
    key = f"debrief/{own.key}" if own else ""
    return Shown(own, await reads.get(Loop, own.loop) if own else None, bool(await reads.fates([key])) if own else False)


async def show_round(known: Shown, message: Message, tools: Tools) -> Outcome:
    """The debrief of one round, after all votes were shown."""
    interview = known.interview
    if interview is None:
        raise TooLate("That round is no longer here, or it is not yours.")
    if interview.live or (known.loop and not known.loop.over):
        raise TooLate("Votes and debriefs are shown together, after the last round.")
    found = _debriefed(interview, tools)
    if found is None:
        raise TooLate("A question of that round left the bank, so its points cannot be looked at any more.")
    post = kept(message, debrief_card(found))
    return Outcome(posts=(post if known.before else post.model_copy(update={"key": f"debrief/{interview.key}"}),))
