"""What a mock says while it is held. The debrief is in `debrief_cards`."""

from __future__ import annotations

from datetime import datetime

from core.chat import Button, Card, literal
from core.interview.clock import face
from core.interview.move import Move, nothing_on
from core.interview.stages import Interview, Stage
from core.interview.wording import ROUNDS
from core.questions.bank import LEVELS
from core.questions.cards import PRACTICE


def heading(interview: Interview) -> str:
    """`Mock · API and data · SDE II · 15 min`."""
    if interview.role:
        return f"Loop · {interview.role} · {ROUNDS[interview.round]} · {LEVELS[interview.level]} · {interview.minutes} min"
    return f"Mock · {ROUNDS[interview.round]} · {LEVELS[interview.level]} · {interview.minutes} min"


def thread_name(interview: Interview) -> str:
    """What a platform that names threads calls it."""
    return f"Mock: {ROUNDS[interview.round]}, {interview.minutes} min"


# --- before and around it --------------------------------------------------------------------------------------------


SCRIPTED = "I am a scripted interviewer: I ask from a bank, I read by text match, I give no grade."

MODEL = "The interviewer is {}: it listens and asks on. The debrief has levels and a practice vote, worked out by code from a checklist."


def intro(interview: Interview, reader: str = "text match") -> Card:
    """What is about to happen, and who will listen. The clock waits for *Start*."""
    who = SCRIPTED if reader == "text match" else MODEL.format(reader)
    seen = "**Everybody here can read along.** The debrief goes to you alone." if interview.open else "Only you read this."
    return Card(
        eyebrow=heading(interview),
        title="Ready when you are",
        text=f"{_course(interview)} {who} {seen}\n\n"
        "Answer in as many messages as you like, then press *Done* or type `done`. Alone on a line, `hint`, `skip`, `pause`, `time` and "
        "`end` work at any moment. The clock starts with you.",
        buttons=(
            Button(label="Start", line=f"begin {interview.key}", style="primary"),
            *(() if interview.loop else (Button(label="Change", line=f"change {interview.key}"),)),
            Button(label="Cancel", line=f"cancel {interview.key}"),
        ),
        footer=f"{PRACTICE} Independent of Amazon.",
    )


def _course(interview: Interview) -> str:
    pieces = []
    for kind, one, several in (("story", "a story", "two stories"), ("technical", "a technical question", "two technical questions")):
        parts = [part for part in interview.parts if part.kind == kind]
        if parts:
            minutes = sum(part.seconds for part in parts) // 60
            pieces.append(f"{one if len(parts) == 1 else several}, about {minutes} minutes")
    whole = "; then ".join(pieces)
    return f"{whole[0].upper()}{whole[1:]}."


def one_is_open(interview: Interview, now: datetime) -> Card:
    """Only one mock at a time."""
    if interview.stage is Stage.READY:
        return Card(
            text=f"You have one that waits for its start: {heading(interview).removeprefix('Mock · ')}.",
            buttons=(
                Button(label="Start it", line=f"begin {interview.key}", style="primary"),
                Button(label="Cancel it", line=f"cancel {interview.key}"),
            ),
        )
    return Card(
        text=f"You are in one already, {'paused ' if interview.paused_at else ''}with {face(interview.left(now))} left. One at a time.",
        buttons=(
            Button(label="Go on with it", line="mock resume", style="primary"),
            Button(label="End it, show the debrief", line="mock end"),
        ),
    )


def cancelled(loop: str = "") -> Card:
    """It will not be held; a loop waits for its round all the same."""
    again = (Button(label="Set the round up again", line=f"loop {loop}"),) if loop else ()
    return Card(text="Called off; nothing of it is kept." + (" The loop waits." if loop else ""), buttons=again)


# --- what the interviewer says ---------------------------------------------------------------------------------------


def said(move: Move, interview: Interview) -> Card:
    """A move as a message; `interview` is the value after it was said."""
    body = " ".join(part for part in (*move.say, nothing_on(tuple(literal(topic) for topic in move.unknown)), move.text) if part)
    above = move.quote is not None or bool(move.title)
    return Card(
        eyebrow=move.lead if above else "",
        title=move.title,
        quote=move.quote,
        text=body if above else " ".join(part for part in (move.lead, body) if part),
        buttons=_buttons(interview) if move.kind in ("ask", "next", "facts", "probe", "hint") else (),
    )


def growing(text: str) -> Card:
    """What there is of the interviewer's words so far."""
    return Card(text=text)


def by_another(card: Card, interview: Interview, why: str) -> Card:
    """A move that somebody else made than the one before, and why."""
    if interview.reviewer == "text match" and why:
        note = f"{why} I go on with text match; the debrief will say which part was whose."
    else:
        note = f"From here on {interview.reviewer} listens. The debrief will say which part was whose."
    return card.model_copy(update={"footer": note})


def regrading(interview: Interview) -> Card:
    """The debrief takes a moment."""
    return Card(text=f"{interview.reviewer} reads the whole of it once more. Your debrief follows within a minute, only for you.")


def asks(interview: Interview) -> Card:
    """What stands in the room, once more: after a pause, or for somebody who lost it."""
    standing = [turn for turn in interview.said_in(interview.at_part) if turn.kind in ("ask", "next", "probe")]
    return Card(text=standing[-1].ask if standing else "", buttons=_buttons(interview))


def _buttons(interview: Interview) -> tuple[Button, ...]:
    here = f"{interview.key} {interview.turn}"
    return (
        Button(label="Done", line=f"done {here}", style="primary"),
        Button(label="Hint", line=f"hint {here}"),
        Button(label="Skip", line=f"skip {here}"),
        Button(label="End", line=f"end {interview.key}", confirm="End it here and see the debrief?"),
    )


# --- the clock and the house -----------------------------------------------------------------------------------------


def paused(interview: Interview, now: datetime, by_itself: bool = False) -> Card:
    """The clock stands."""
    why = "It has been quiet for a while, so I stopped the clock" if by_itself else "The clock stands"
    return Card(
        text=f"{why}: {face(interview.left(now))} left. What you wrote is kept. Press *Go on* or type `resume`, today or another day.",
        buttons=(
            Button(label="Go on", line=f"resume {interview.key}", style="primary"),
            Button(label="End", line=f"end {interview.key}"),
        ),
    )


def resumed(interview: Interview, now: datetime) -> Card:
    """The clock goes on, at the question where it stopped."""
    card = asks(interview)
    return card.model_copy(update={"eyebrow": f"The clock runs again, {face(interview.left(now))} left. We were here:"})


def time_left(interview: Interview, now: datetime) -> Card:
    """How much is left."""
    if interview.stage is Stage.READY:
        return Card(text=f"All {interview.minutes} minutes: the clock starts with *Start*.")
    left, here = interview.left(now), interview.part_left(now)
    part = f", {face(here)} of it for this part" if not interview.last_part and here < left else ""
    return Card(text=f"{face(left)} left of {interview.minutes} minutes{part}.{' The clock stands.' if interview.paused_at else ''}")


def edited_late() -> Card:
    """Said once a mock."""
    return Card(text="I had read that answer before you changed it, so the change does not count. Send it as a new message, and it will.")


def not_yours(interview: Interview) -> Card:
    """To somebody else who writes into the thread."""
    return Card(text=f"This is {literal(interview.who.name)}'s mock: I answer nobody else here, and what you write does not count in it.")


def stale() -> Card:
    """To a button of an earlier turn."""
    return Card(text="That button belongs to an earlier question. The newest message has the ones that count.")
