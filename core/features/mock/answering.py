"""Answers as they come in pieces, and the interviewer's turns."""

from __future__ import annotations

from collections.abc import Mapping

from core.chat import Card, Form, Input, Kind, Message, Post
from core.errors import IllegalStep, TooLate
from core.features.handler import NOTHING, Outcome, Tools, effect, passing
from core.features.mock.debriefing import close
from core.features.mock.room import (
    QUIET,
    Room,
    box_timer,
    current,
    in_thread,
    own,
    questions_of,
    quiet_timer,
)
from core.interview import cards
from core.interview.moves import Move, hint_move, skip_move
from core.interview.stages import Interview
from core.panel import Spoken


async def hear(known: Room, message: Message, tools: Tools) -> Outcome:
    """One of several messages that make up an answer: kept and visibly heard, not answered yet."""
    interview = known.interview
    if interview is None or not interview.live:
        return NOTHING
    if message.author.key != interview.person:
        note = passing(message, cards.not_yours(interview))
        return Outcome(posts=(note.model_copy(update={"key": f"{interview.key}>not-yours>{message.author.key}"}),))
    heard = interview.hear(message.id, message.text, tools.now)
    back: tuple[Post, ...] = ()
    if heard.paused_at:
        heard = heard.resume(tools.now)
        back = (in_thread(heard, cards.resumed(heard, tools.now), effect(message, "back")),)
    return Outcome(saves=(heard, quiet_timer(heard, message, tools), box_timer(heard, message, tools)), posts=back, sign="heard")


def edited(known: Room, message: Message, tools: Tools) -> Outcome:
    """An edit counts while the turn is open; later ones do not, and that is said once."""
    interview = known.interview
    if interview is None or message.about is None or message.author.key != interview.person:
        return NOTHING
    if message.kind is Kind.DELETED:
        after = interview.forget(message.about)
        return Outcome(saves=(after,)) if after is not interview else NOTHING
    after, counts = interview.edit(message.about, message.text)
    if after is interview:
        return NOTHING
    return Outcome(saves=(after,), posts=() if counts else (passing(message, cards.edited_late()),))


async def done(known: Room, message: Message, tools: Tools) -> Outcome:
    """The turn is over: now the interviewer reads it."""
    interview = own(known, message)
    current(interview, message)
    return await _answered(interview.answer(tools.now), message, tools, known)


LONGEST = 4000
"""Characters of an answer in a form."""


def say_form(known: Room, message: Message, tools: Tools) -> Form | None:
    """What was asked, and room for the whole answer: for where the bot cannot read what people write."""
    if "text" in message.fields:
        return None
    interview = own(known, message)
    current(interview, message)
    asked = cards.asks(interview)
    return Form(
        title="Your answer",
        line=f"say {interview.key} {interview.turn}",
        text=asked.text,
        fields=(Input(name="text", label="Your answer", kind="paragraph", max_length=LONGEST),),
        submit="That is my answer",
    )


def check_say(message: Message, tools: Tools) -> Mapping[str, str]:
    """An answer says something."""
    return {} if message.fields.get("text", "").strip() else {"text": "Nothing is written here yet."}


async def say(known: Room, message: Message, tools: Tools) -> Outcome:
    """A whole answer at once: heard, and the turn is over."""
    interview = own(known, message)
    current(interview, message)
    text = message.fields.get("text", "")
    if not text.strip():
        raise TooLate("Nothing was written there. The newest message has the button that counts.")
    heard = interview.hear(message.id, text, tools.now)
    return await _answered((heard.resume(tools.now) if heard.paused_at else heard).answer(tools.now), message, tools, known)


async def quiet(known: Room, message: Message, tools: Tools) -> Outcome:
    """25 seconds without a word close the turn as *Done* does."""
    interview = known.interview
    if interview is None or not interview.running or not interview.draft or interview.paused_at:
        return NOTHING
    since = tools.now - interview.draft[-1].at
    if str(interview.turn) != message.fields.get("turn") or since < QUIET:
        return Outcome(saves=(quiet_timer(interview, message, tools),))
    return await _answered(interview.answer(tools.now), message, tools, known)


async def _answered(interview: Interview, message: Message, tools: Tools, known: Room) -> Outcome:
    questions_of(interview, tools)  # all of them are still there
    payer = known.caller.payer(message, tools)
    if not payer.agreed:
        spoken = await tools.panel.move(interview, tools.now, payer)
        return await speak(interview, spoken.move, message, tools, known, by=spoken)
    await tools.voice.thinking(interview.place if interview.place.thread else message.place)
    async with tools.voice.growing(in_thread(interview, Card(), effect(message, "words"))) as growing:
        spoken = await tools.panel.move(interview, tools.now, payer, lambda text: growing.grow(cards.growing(text)))
    return await speak(interview, spoken.move, message, tools, known, by=spoken, replaces=growing.begun)


async def hint(known: Room, message: Message, tools: Tools) -> Outcome:
    """The next rung; recorded."""
    interview = own(known, message)
    current(interview, message)
    move = hint_move(interview, questions_of(interview, tools), tools.now)
    if move.kind == "note":
        return Outcome(posts=(passing(message, cards.said(move, interview)),))
    return await speak(interview, move, message, tools, known)


async def skip(known: Room, message: Message, tools: Tools) -> Outcome:
    """Leave what is being asked, and go on with the rest."""
    interview = own(known, message)
    current(interview, message)
    if interview.paused_at:
        raise IllegalStep("This mock is paused. Type `resume` to go on.")
    closed = interview.answer(tools.now) if interview.draft else interview
    return await speak(closed, skip_move(closed, questions_of(closed, tools), tools.now), message, tools, known)


async def speak(
    interview: Interview,
    move: Move,
    message: Message,
    tools: Tools,
    known: Room,
    *,
    by: Spoken | None = None,
    replaces: str | None = None,
) -> Outcome:
    """The interviewer says it, and says so where it is another than before; where that ends the mock, the debrief follows.

    `by`: who made the move, where it was not the script. `replaces`: the words that were heard of it already.
    """
    listened = _listened(interview, by).sealed(known.caller.payer(message, tools).agreed)
    spoken = listened.say(move, tools.now)
    card = cards.said(move, spoken)
    if by and listened.reviewer != interview.reviewer and any(turn.who == "interviewer" for turn in interview.turns):
        card = cards.by_another(card, listened, by.notice)
    post = in_thread(spoken, card, effect(message, "said")).model_copy(update={"replaces": replaces})
    if not spoken.live:
        return Outcome(posts=(post,)) + await close(spoken, message, tools, known)
    stale = tuple(timer for timer in known.timers if timer.key.startswith("quiet:") and not spoken.draft)
    return Outcome(saves=(spoken, box_timer(spoken, message, tools)), removes=stale, posts=(post,))


def _listened(interview: Interview, by: Spoken | None) -> Interview:
    """With who listens now, and what that cost."""
    if by is None:
        return interview
    usage = by.usage
    return interview.reviewed_by(by.reviewer).charged(usage.calls, usage.tokens, usage.dollars, usage.estimated)
