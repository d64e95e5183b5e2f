"""`/background`: what a person tells of themself so that practice fits it: loop date, years, stack, job, résumé. Kept for that alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.chat import Button, Card, Fact, Form, Input, Message
from core.errors import CoachError, NotUnderstood, TooLate
from core.features.calendar import read_until
from core.features.handler import AnyHandler, Caller, Handler, Outcome, Tools, passing, read_caller
from core.interview.stages import Interview
from core.ports import Reads
from core.records import Background

LONGEST = 3_000
"""Characters of a job description or a résumé: as much as every platform's form takes."""
MOST_YEARS = 60


@dataclass(frozen=True)
class Mine:
    """The person, and what they told."""

    caller: Caller
    background: Background | None
    mocks: Sequence[Interview] = ()
    """Theirs that a model may still be given, each with a copy of what was told."""


async def read_mine(reads: Reads, message: Message) -> Mine:
    """The author's own."""
    person = message.author.key
    mocks = await reads.find(Interview, person=person, limit=200) if message.fields.get("action") == "clear" else ()
    return Mine(await read_caller(reads, message), await reads.get(Background, person), [mock for mock in mocks if mock.background])


def form(known: Mine, message: Message, tools: Tools) -> Form | None:
    """All of it at once; everything may be left out."""
    if message.fields.get("action", "set") != "set" or "stack" in message.fields:
        return None
    mine = known.background or Background(key=message.author.key)
    return Form(
        title="Your background",
        line="background set",
        text="Everything may stay empty. It is used to fit mocks, new questions and bullets to you where a model may read what you write, "
        "and for nothing else. Leave out names and your employer's secrets.",
        fields=(
            Input(name="loop_on", label="Date of your loop", value=str(mine.loop_on or ""), required=False, hint="2026-12-18"),
            Input(name="years", label="Years of experience", value=str(mine.years or ""), required=False),
            Input(name="stack", label="What you work with", value=mine.stack, required=False, max_length=200, hint="Java, DynamoDB, Kafka"),
            Input(name="job", label="Job description", kind="paragraph", value=mine.job, required=False, max_length=LONGEST),
            Input(name="resume", label="Résumé", kind="paragraph", value=mine.resume, required=False, max_length=LONGEST),
        ),
        submit="Keep it",
    )


def check(message: Message, tools: Tools) -> Mapping[str, str]:
    """What is no date to come, no number of years, too long."""
    fields, wrong = message.fields, {}
    try:
        _date(fields.get("loop_on", ""), tools)
    except CoachError as error:
        wrong["loop_on"] = str(error)
    years = fields.get("years", "").strip()
    if years and not (years.isdigit() and int(years) <= MOST_YEARS):
        wrong["years"] = f"A whole number of years, at most {MOST_YEARS}."
    for name in ("job", "resume"):
        if len(fields.get(name, "")) > LONGEST:
            wrong[name] = f"That is {len(fields[name]):,} characters; {LONGEST:,} fit. Send the part that matters."
    return wrong


def _date(text: str, tools: Tools) -> date | None:
    return read_until(text, tools.now.date()) if text.strip() else None


async def background(known: Mine, message: Message, tools: Tools) -> Outcome:
    """Keep it, show it, remove it."""
    action = message.fields.get("action", "set" if "stack" in message.fields else "show")
    if action == "clear":
        if known.background is None:
            raise TooLate("Nothing of that kind is kept about you.")
        without = tuple(mock.model_copy(update={"background": ""}) for mock in known.mocks)
        return Outcome(saves=without, removes=(known.background,), posts=(passing(message, "Removed, and nowhere used any more."),))
    if action == "show":
        return Outcome(posts=(passing(message, _shown(known.background)),))
    if wrong := check(message, tools):
        raise NotUnderstood(" ".join(wrong.values()))
    fields = message.fields
    before = known.background or Background(key=message.author.key)
    years = fields.get("years", "").strip()
    after = before.model_copy(
        update={
            "loop_on": _date(fields.get("loop_on", ""), tools),
            "years": int(years) if years else None,
            "stack": fields.get("stack", "").strip(),
            "job": fields.get("job", "").strip(),
            "resume": fields.get("resume", "").strip(),
        }
    )
    return Outcome(saves=(*known.caller.met(message, tools.now), after), posts=(passing(message, _shown(after)),))


def _shown(mine: Background | None) -> Card:
    if mine is None:
        return Card(
            text="Nothing is kept of your background.", buttons=(Button(label="Tell something", line="background set", style="primary"),)
        )
    return Card(
        title="Your background",
        facts=(
            Fact(label="Loop", value=f"{mine.loop_on:%d %B %Y}" if mine.loop_on else "no date"),
            Fact(label="Years", value=str(mine.years) if mine.years else "not told"),
            Fact(label="Works with", value=mine.stack or "not told"),
            Fact(label="Job description", value=f"{len(mine.job):,} characters" if mine.job else "none"),
            Fact(label="Résumé", value=f"{len(mine.resume):,} characters" if mine.resume else "none"),
        ),
        text="Used only to fit practice to you, and only where a model may read what you write (/model).",
        buttons=(Button(label="Change", line="background set"), Button(label="Remove it", line="background clear", style="danger")),
        footer="Only you see this.",
    )


HANDLERS: dict[str, AnyHandler] = {"background": Handler(read=read_mine, decide=background, form=form, check=check)}
