"""Setting a mock up: what it is about, where it is held, and its start."""

from __future__ import annotations

from core.chat import Form, Input, Message, Place, Post
from core.commands import LEVEL, LOOP, MINUTES, PERSONA, ROUND, WHERE
from core.errors import NotUnderstood, TooLate
from core.features.handler import Outcome, Tools, effect, passing
from core.features.mock import loop
from core.features.mock.answering import speak
from core.features.mock.clock import resume
from core.features.mock.leaving import end
from core.features.mock.loop import told_of
from core.features.mock.opening import opened, where
from core.features.mock.room import (
    Room,
    opening_key,
    own,
    questions_of,
)
from core.interview import cards
from core.interview.plan import plan
from core.interview.stages import Interview, Stage
from core.records import Profile, short_id


def mock_form(known: Room, message: Message, tools: Tools) -> Form | None:
    """What it is to be about, where the command did not say."""
    fields = message.fields
    if known.running or any(name in fields for name in ("action", "round", "level", "minutes", "question", "where")):
        return None
    level = known.caller.profile.level if known.caller.profile else "sde2"
    models = tools.panel.expected(known.caller.payer(message, tools)) != "text match"
    manner = Input(name="persona", label="The interviewer is", kind="choice", value="neutral", options=PERSONA.options)
    persona = (manner,) if models else ()
    return Form(
        title="Mock interview",
        line="mock",
        fields=(
            Input(name="round", label="About", kind="choice", value="surprise", options=(*ROUND.options, LOOP)),
            Input(name="level", label="Level", kind="choice", value=level, options=LEVEL.options),
            Input(name="minutes", label="Length", kind="choice", value="15", options=MINUTES.options),
            *persona,
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
    """A mock of its own, or the first round of a loop."""
    if message.fields.get("round") == "loop":
        return loop.begun(known, message, tools)
    profile = known.caller.known(message, tools.now)
    return opened(_planned(known, message, tools, profile, where(message)), message, tools, known.caller)


def _planned(known: Room, message: Message, tools: Tools, profile: Profile, place: Place, key: str = "") -> Interview:
    fields = message.fields
    level = fields.get("level") or profile.level
    minutes = int(fields.get("minutes") or 15)
    wanted = tools.bank.find(fields["question"]) if fields.get("question") else None
    if fields.get("question") and wanted is None:
        raise NotUnderstood(f"There is no question {fields['question']!r}.")
    round_ = wanted.competency if wanted else fields.get("round") or "surprise"
    before = known.interview.persona if key and known.interview else "neutral"
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
    ).fitted(persona=fields.get("persona") or before, background=told_of(known, message, tools))


# --- before the clock starts -----------------------------------------------------------------------------------------


async def begin(known: Room, message: Message, tools: Tools) -> Outcome:
    """The clock starts, and the first question stands there."""
    interview = own(known, message).begin(tools.now).known_of(told_of(known, message, tools))
    questions_of(interview, tools)  # all of them are still there
    spoken = await tools.panel.move(interview, tools.now, known.caller.payer(message, tools))
    return await speak(interview, spoken.move, message, tools, known, by=spoken)


def change_form(known: Room, message: Message, tools: Tools) -> Form | None:
    """Other settings for a mock that has not begun."""
    if "round" in message.fields:
        return None
    interview = own(known, message)
    if interview.stage is not Stage.READY:
        raise TooLate("It has begun already; its settings stand.")
    if interview.loop:
        raise TooLate("The rounds of a loop are set. Cancel it, and /mock starts another.")
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
    interview = own(known, message)
    if interview.stage is not Stage.READY:
        raise TooLate("It has begun already; its settings stand.")
    if interview.loop:
        raise TooLate("The rounds of a loop are set. Cancel it, and /mock starts another.")
    profile = known.caller.known(message, tools.now)
    planned = _planned(known, message, tools, profile, interview.place, key=interview.key)
    planned = planned.model_copy(update={"version": interview.version})
    edit = Post(
        key=effect(message, "changed"),
        into=interview.place,
        conversation=interview.key,
        replaces=opening_key(interview.key),
        card=cards.intro(planned, tools.panel.expected(known.caller.payer(message, tools))),
        about=profile.key,
    )
    return Outcome(saves=(planned,), posts=(edit,))
