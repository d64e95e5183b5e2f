"""`/mock`: starting one, hearing answers as they come in pieces, and the interviewer's turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.chat import Audience, Card, Form, Input, Kind, Message, Place, Post
from core.commands import LEVEL, MINUTES, ROUND, WHERE
from core.errors import IllegalStep, NotAllowed, NotUnderstood, TooLate
from core.features.debriefing import close
from core.features.handler import NOTHING, AnyHandler, Caller, Handler, Outcome, Tools, effect, passing, read_caller
from core.interview import cards
from core.interview.moves import Move, due_move, hint_move, skip_move
from core.interview.plan import plan
from core.interview.stages import Interview, Stage
from core.ports import AnyOf, Reads
from core.questions.bank import Question
from core.records import Attempt, Conversation, Profile, Timer, short_id

QUIET = timedelta(seconds=25)
"""After so long without a word the turn is over."""
IDLE = timedelta(minutes=20)
"""After so long without a word the mock pauses by itself."""
SEEN = 40
LIVE = AnyOf((Stage.READY.value, Stage.STORY.value, Stage.TECHNICAL.value))


@dataclass(frozen=True)
class Room:
    """A mock as it stands, and who is speaking."""

    caller: Caller
    interview: Interview | None
    running: Sequence[Interview] = ()
    """The person's mocks that are not over."""
    seen: tuple[str, ...] = ()
    """Questions they met lately, oldest first."""
    timers: tuple[Timer, ...] = ()
    conversation: Conversation | None = None


async def read_room(reads: Reads, message: Message) -> Room:
    """The mock that the message names, or that is held in its place, or that the person has open."""
    id = message.fields.get("id")
    if id is None:
        here = await reads.find(Conversation, place=str(message.place), live=True, limit=5)
        id = next((item.key for item in here if item.purpose == "mock"), None)
    running = await reads.find(Interview, person=message.author.key, stage=LIVE, limit=5)
    if id is None and message.kind is Kind.COMMAND and running:
        id = running[0].key
    starting = message.command in ("mock", "change")
    attempts = await reads.find(Attempt, person=message.author.key, order="-at", limit=SEEN) if starting else ()
    timers = [await reads.get(Timer, f"{name}:{id}") for name in ("quiet", "box")] if id else []
    return Room(
        caller=await read_caller(reads, message),
        interview=await reads.get(Interview, id) if id else None,
        running=running,
        seen=tuple(dict.fromkeys(item.question for item in reversed(attempts))),
        timers=tuple(timer for timer in timers if timer),
        conversation=await reads.get(Conversation, id) if id else None,
    )


# --- starting --------------------------------------------------------------------------------------------------------


def mock_form(known: Room, message: Message, tools: Tools) -> Form | None:
    """What it is to be about, where the command did not say."""
    fields = message.fields
    if known.running or any(name in fields for name in ("action", "round", "level", "minutes", "question", "where")):
        return None
    level = known.caller.profile.level if known.caller.profile else "sde2"
    return Form(
        title="Mock interview",
        line="mock",
        fields=(
            Input(name="round", label="About", kind="choice", value="surprise", options=ROUND.options),
            Input(name="level", label="Level", kind="choice", value=level, options=LEVEL.options),
            Input(name="minutes", label="Length", kind="choice", value="15", options=MINUTES.options),
            Input(name="where", label="Who reads along", kind="choice", value="private", options=WHERE.options),
        ),
        submit="Set it up",
    )


async def mock(known: Room, message: Message, tools: Tools) -> Outcome:
    """Set one up; or go on with, or end, the one that is open."""
    action = message.fields.get("action")
    if action == "resume":
        return await resume(known, message, tools)
    if action == "end":
        return await end(known, message, tools)
    if known.running:
        return Outcome(posts=(passing(message, cards.one_is_open(known.running[0], tools.now)),))
    return set_up(known, message, tools)


def set_up(known: Room, message: Message, tools: Tools) -> Outcome:
    """The mock's opening post, which makes its thread; the clock starts with *Start*."""
    profile = known.caller.known(message, tools.now)
    place = _where(message, profile)
    interview = _planned(known, message, tools, profile, place)
    conversation = Conversation(key=interview.key, purpose="mock", parent=place, person=profile.key)
    opening = Post(
        key=opening_key(interview.key),
        into=place,
        conversation=interview.key,
        opens=True,
        thread_name=cards.thread_name(interview),
        card=cards.intro(interview),
        audience=Audience(),
        about=profile.key,
        handle=message.handle,
    )
    told = () if place == message.place.outside else (passing(message, "Your mock is in your direct messages, only for you.", "told"),)
    return Outcome(saves=(*known.caller.met(message, tools.now), interview, conversation), posts=(opening, *told))


def _where(message: Message, profile: Profile) -> Place:
    place = message.place.outside
    if message.fields.get("where") == "open" and not place.direct:
        return place
    return Place.dm(place.platform, place.space, message.author.id)


def _planned(known: Room, message: Message, tools: Tools, profile: Profile, place: Place, key: str = "") -> Interview:
    fields = message.fields
    level = fields.get("level") or profile.level
    minutes = int(fields.get("minutes") or 15)
    wanted = tools.bank.find(fields["question"]) if fields.get("question") else None
    if fields.get("question") and wanted is None:
        raise NotUnderstood(f"There is no question {fields['question']!r}.")
    round_ = wanted.competency if wanted else fields.get("round") or "surprise"
    parts = plan(tools.bank, round_, level, minutes, seen=known.seen, rng=tools.rng, question=wanted)
    return Interview.planned(
        key=key or short_id("mock", message.id),
        who=message.author,
        place=place,
        round=round_,
        level=level,
        minutes=minutes,
        parts=parts,
        now=tools.now,
    )


# --- before the clock starts -----------------------------------------------------------------------------------------


async def begin(known: Room, message: Message, tools: Tools) -> Outcome:
    """The clock starts, and the first question stands there."""
    interview = _own(known, message).begin(tools.now)
    return await _speak(interview, await tools.panel.move(interview, tools.now, payer=interview.person), message, tools, known)


async def cancel(known: Room, message: Message, tools: Tools) -> Outcome:
    """Not held; nothing stays of it."""
    interview = _own(known, message)
    if interview.stage is not Stage.READY:
        raise TooLate("It has begun already. `end` ends it and shows the debrief.")
    gone = (interview, *((known.conversation,) if known.conversation else ()))
    return Outcome(removes=gone, posts=(passing(message, cards.cancelled()),))


def change_form(known: Room, message: Message, tools: Tools) -> Form | None:
    """Other settings for a mock that has not begun."""
    if "round" in message.fields:
        return None
    interview = _own(known, message)
    if interview.stage is not Stage.READY:
        raise TooLate("It has begun already; its settings stand.")
    return Form(
        title="Change this mock",
        line=f"change {interview.key}",
        fields=(
            Input(name="round", label="About", kind="choice", value=interview.round, options=ROUND.options),
            Input(name="level", label="Level", kind="choice", value=interview.level, options=LEVEL.options),
            Input(name="minutes", label="Length", kind="choice", value=str(interview.minutes), options=MINUTES.options),
        ),
        submit="Change it",
    )


async def change(known: Room, message: Message, tools: Tools) -> Outcome:
    """The same mock with other settings; its opening post says so."""
    interview = _own(known, message)
    if interview.stage is not Stage.READY:
        raise TooLate("It has begun already; its settings stand.")
    profile = known.caller.known(message, tools.now)
    planned = _planned(known, message, tools, profile, interview.place, key=interview.key)
    planned = planned.model_copy(update={"version": interview.version})
    edit = Post(
        key=effect(message, "changed"),
        into=interview.place,
        conversation=interview.key,
        replaces=opening_key(interview.key),
        card=cards.intro(planned),
        about=profile.key,
    )
    return Outcome(saves=(planned,), posts=(edit,))


# --- answering -------------------------------------------------------------------------------------------------------


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
        back = (_in_thread(heard, cards.resumed(heard, tools.now), effect(message, "back")),)
    return Outcome(saves=(heard, _quiet(heard, message, tools), _box(heard, message, tools)), posts=back, sign="heard")


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
    interview = _own(known, message)
    _current(interview, message)
    return await _answered(interview.answer(tools.now), message, tools, known)


async def quiet(known: Room, message: Message, tools: Tools) -> Outcome:
    """25 seconds without a word close the turn as *Done* does."""
    interview = known.interview
    if interview is None or not interview.running or not interview.draft or interview.paused_at:
        return NOTHING
    since = tools.now - interview.draft[-1].at
    if str(interview.turn) != message.fields.get("turn") or since < QUIET:
        return Outcome(saves=(_quiet(interview, message, tools),))
    return await _answered(interview.answer(tools.now), message, tools, known)


async def _answered(interview: Interview, message: Message, tools: Tools, known: Room) -> Outcome:
    move = await tools.panel.move(interview, tools.now, payer=interview.person)
    return await _speak(interview, move, message, tools, known)


async def hint(known: Room, message: Message, tools: Tools) -> Outcome:
    """The next rung; recorded."""
    interview = _own(known, message)
    _current(interview, message)
    move = hint_move(interview, _questions(interview, tools), tools.now)
    if move.kind == "note":
        return Outcome(posts=(passing(message, cards.said(move, interview)),))
    return await _speak(interview, move, message, tools, known)


async def skip(known: Room, message: Message, tools: Tools) -> Outcome:
    """Leave what is being asked, and go on with the rest."""
    interview = _own(known, message)
    _current(interview, message)
    if interview.paused_at:
        raise IllegalStep("This mock is paused. Type `resume` to go on.")
    closed = interview.answer(tools.now) if interview.draft else interview
    return await _speak(closed, skip_move(closed, _questions(closed, tools), tools.now), message, tools, known)


async def end(known: Room, message: Message, tools: Tools) -> Outcome:
    """It is over, at any time; there is always a debrief."""
    interview = _own(known, message)
    if interview.stage is Stage.READY:
        return await cancel(known, message, tools)
    return await close(interview.end(tools.now), message, tools, known.caller, known.timers, known.conversation)


# --- the clock -------------------------------------------------------------------------------------------------------


async def pause(known: Room, message: Message, tools: Tools) -> Outcome:
    """The clock stops."""
    interview = _own(known, message).pause(tools.now)
    return Outcome(
        saves=(interview,),
        removes=known.timers,
        posts=(_in_thread(interview, cards.paused(interview, tools.now), effect(message, "paused")),),
    )


async def resume(known: Room, message: Message, tools: Tools) -> Outcome:
    """The clock goes on, at the question where it stopped."""
    interview = _own(known, message)
    if not interview.paused_at:
        here = _in_thread(interview, cards.asks(interview), effect(message, "here"))
        return Outcome(posts=(passing(message, cards.time_left(interview, tools.now)), *((here,) if interview.running else ())))
    interview = interview.resume(tools.now)
    saves = (interview, _box(interview, message, tools), *((_quiet(interview, message, tools),) if interview.draft else ()))
    return Outcome(saves=saves, posts=(_in_thread(interview, cards.resumed(interview, tools.now), effect(message, "resumed")),))


async def time(known: Room, message: Message, tools: Tools) -> Outcome:
    """How much is left."""
    return Outcome(posts=(passing(message, cards.time_left(_own(known, message), tools.now)),))


async def box(known: Room, message: Message, tools: Tools) -> Outcome:
    """A mark of the clock, or twenty minutes of silence. A started answer is never cut."""
    interview = known.interview
    if interview is None or not interview.running or interview.paused_at:
        return NOTHING
    silent_since = interview.last_heard_at or tools.now
    if tools.now - silent_since >= IDLE and not interview.draft:
        paused = interview.pause(tools.now, since=silent_since + timedelta(minutes=1))
        return Outcome(
            saves=(paused,), posts=(_in_thread(paused, cards.paused(paused, tools.now, by_itself=True), effect(message, "idle")),)
        )
    move = due_move(interview, _questions(interview, tools), tools.now)
    if move is None:
        return Outcome(saves=(_box(interview, message, tools),))
    return await _speak(interview, move, message, tools, known)


# --- within ----------------------------------------------------------------------------------------------------------


async def _speak(interview: Interview, move: Move, message: Message, tools: Tools, known: Room) -> Outcome:
    """The interviewer says it; where that ends the mock, the debrief follows."""
    spoken = interview.say(move, tools.now)
    post = _in_thread(spoken, cards.said(move, spoken), effect(message, "said"))
    if not spoken.live:
        return Outcome(posts=(post,)) + await close(spoken, message, tools, known.caller, known.timers, known.conversation)
    stale = tuple(timer for timer in known.timers if timer.key.startswith("quiet:") and not spoken.draft)
    return Outcome(saves=(spoken, _box(spoken, message, tools)), removes=stale, posts=(post,))


def _own(known: Room, message: Message) -> Interview:
    """The mock, where it is the speaker's own."""
    if known.interview is None:
        raise TooLate("There is no mock here now. /mock starts one.")
    if known.interview.person != message.author.key:
        raise NotAllowed("That is somebody else's mock. /mock starts your own.")
    return known.interview


def _current(interview: Interview, message: Message) -> None:
    """A button of an earlier turn does nothing."""
    turn = message.fields.get("turn")
    if turn is not None and turn != str(interview.turn):
        raise TooLate(cards.stale().text)


def _questions(interview: Interview, tools: Tools) -> dict[str, Question]:
    found = {part.question: tools.bank.find(part.question) for part in interview.parts}
    missing = next((id for id, question in found.items() if question is None), None)
    if missing:
        raise TooLate("A question of this mock left the bank. `end` shows the debrief of what was said; /mock starts another.")
    return {id: question for id, question in found.items() if question}


def _in_thread(interview: Interview, card: Card, key: str) -> Post:
    return Post(key=key, into=interview.place, conversation=interview.key, card=card, about=interview.person)


def opening_key(interview: str) -> str:
    """The key of the post that opens a mock's thread."""
    return f"mock/{interview}"


def _quiet(interview: Interview, message: Message, tools: Tools) -> Timer:
    last = interview.draft[-1].at if interview.draft else tools.now
    line = f"quiet {interview.key} {interview.turn}"
    return Timer(key=f"quiet:{interview.key}", due_at=max(last + QUIET, tools.now), line=line, place=message.place, who=interview.who)


def _box(interview: Interview, message: Message, tools: Tools) -> Timer:
    """Wakes at the next mark of the clock, or where silence has lasted too long."""
    idle = (interview.last_heard_at or tools.now) + IDLE
    mark = interview.next_mark(tools.now)
    at = min(idle, mark) if mark else idle
    soonest = tools.now + timedelta(seconds=1)
    return Timer(key=f"box:{interview.key}", due_at=max(at, soonest), line=f"box {interview.key}", place=message.place, who=interview.who)


HANDLERS: dict[str, AnyHandler] = {
    "mock": Handler(read=read_room, decide=mock, form=mock_form),
    "begin": Handler(read=read_room, decide=begin),
    "cancel": Handler(read=read_room, decide=cancel),
    "change": Handler(read=read_room, decide=change, form=change_form),
    "done": Handler(read=read_room, decide=done),
    "hint": Handler(read=read_room, decide=hint),
    "skip": Handler(read=read_room, decide=skip),
    "pause": Handler(read=read_room, decide=pause),
    "resume": Handler(read=read_room, decide=resume),
    "time": Handler(read=read_room, decide=time),
    "end": Handler(read=read_room, decide=end),
    "quiet": Handler(read=read_room, decide=quiet),
    "box": Handler(read=read_room, decide=box),
}
