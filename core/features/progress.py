"""`/progress`: what was practised and what is open, as a plain table; never one number for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.chat import Button, Card, Chart, Line, Message, Series
from core.features.handler import AnyHandler, Caller, Handler, Outcome, Tools, passing, read_caller, zone_of
from core.ports import From, Reads
from core.questions.bank import COMPETENCIES, Bank
from core.records import Attempt, Weakness
from core.review.feedback import Status

WEEK = timedelta(days=7)
ENOUGH = 3
"""Answers below which a row says that it is too little to say."""


@dataclass(frozen=True)
class Practised:
    """The person's own answers, newest first, and what is open."""

    caller: Caller
    attempts: Sequence[Attempt]
    open: Sequence[Weakness]
    strong: int


async def read_practised(reads: Reads, message: Message) -> Practised:
    """Everything, or the last seven days."""
    person = message.author.key
    week = message.command == "week" or message.fields.get("action") == "week"
    since = {"at": From(message.sent_at - WEEK)} if week else {}
    return Practised(
        caller=await read_caller(reads, message),
        attempts=await reads.find(Attempt, person=person, order="-at", limit=2000, **since),
        open=await reads.find(Weakness, person=person, status="open", order="due_at", limit=50),
        strong=await reads.count(Weakness, person=person, status="strong"),
    )


async def progress(known: Practised, message: Message, tools: Tools) -> Outcome:
    """One row for each competency that was practised."""
    answers = _reviewed(known)
    week = message.command == "week" or message.fields.get("action") == "week"
    if not answers:
        card = Card(
            title="My week" if week else "My progress",
            text="Nothing to show yet: no answer was reviewed" + (" in the last seven days." if week else "."),
            buttons=(Button(label="First question", line="question", style="primary"), Button(label="Mock 5 min", line="mock minutes:5")),
        )
        return Outcome(posts=(passing(message, card),))
    card = Card(
        title="My week" if week else "My progress",
        bullets=tuple(Line(text=row) for row in rows(known, message, tools.bank)),
        after=_open(known, tools.bank),
        chart=_chart(answers, tools.bank),
        buttons=(
            Button(label="Practise what is open", line=_practise(known, tools.bank), style="primary"),
            Button(label="Everything" if week else "This week", line="progress all" if week else "progress week"),
            Button(label="Take it along", line="privacy export"),
        ),
        footer="Only you see this. Counts of a checklist, no grade.",
    )
    return Outcome(posts=(passing(message, card),))


def rows(known: Practised, message: Message, bank: Bank) -> list[str]:
    """One line for each competency that was practised."""
    answers = _reviewed(known)
    return [_row(slug, answers, known, message, bank) for slug in COMPETENCIES if _of(slug, answers, bank)]


def _reviewed(known: Practised) -> list[Attempt]:
    return [attempt for attempt in known.attempts if attempt.feedback and not attempt.feedback.too_little]


def _of(slug: str, answers: Sequence[Attempt], bank: Bank) -> list[Attempt]:
    return [attempt for attempt in answers if (question := bank.find(attempt.question)) and question.competency == slug]


def _row(slug: str, answers: Sequence[Attempt], known: Practised, message: Message, bank: Bank) -> str:
    mine = _of(slug, answers, bank)
    zone = zone_of(known.caller.profile, known.caller.space, message.author.zone)
    days = len({attempt.at.astimezone(zone).date() for attempt in mine})
    counts = f"{len(mine)} answer{'s' * (len(mine) != 1)} · {days} day{'s' * (days != 1)}"
    name = next(label for key, label in COMPETENCIES.items() if key == slug)
    if len(mine) < ENOUGH:
        return f"**{name}** · {counts} · too little to say"
    covered, asked = _covered(mine)
    return f"**{name}** · {counts} · {covered} of {asked} points asked were covered"


def _covered(answers: Sequence[Attempt]) -> tuple[int, int]:
    covered = asked = 0
    for attempt in answers:
        for verdict in attempt.feedback.verdicts if attempt.feedback else ():
            if verdict.status is not Status.NOT_ASKED and attempt.point in (None, verdict.point):
                asked += 1
                covered += verdict.status is Status.COVERED
    return covered, asked


def _open(known: Practised, bank: Bank) -> str:
    names = []
    for weakness in known.open[:5]:
        question = bank.find(weakness.question)
        if question and weakness.point in question.by_point:
            names.append(f"- {question.point(weakness.point).name} ({question.title})")
    settled = f"\n\nStrong by now: {known.strong}." if known.strong else ""
    return ("**Comes back**\n" + "\n".join(names) if names else "Nothing is open.") + settled


def _practise(known: Practised, bank: Bank) -> str:
    for weakness in known.open:
        question = bank.find(weakness.question)
        if question and weakness.point in question.by_point:
            return f"followup {weakness.question} {weakness.point}"
    return "question"


def _chart(answers: Sequence[Attempt], bank: Bank) -> Chart | None:
    slugs = [slug for slug in COMPETENCIES if _of(slug, answers, bank)]
    if len(answers) < ENOUGH:
        return None
    rows = {
        status: tuple(float(_count(_of(slug, answers, bank), status)) for slug in slugs)
        for status in (Status.COVERED, Status.MAYBE, Status.MISSING)
    }
    names = tuple(COMPETENCIES[slug] for slug in slugs)
    alt = "; ".join(
        f"{name}: {rows[Status.COVERED][i]:.0f} covered, {rows[Status.MAYBE][i]:.0f} maybe, {rows[Status.MISSING][i]:.0f} missing"
        for i, name in enumerate(names)
    )
    series = tuple(Series(name=status.value, values=values) for status, values in rows.items())
    return Chart(shape="stacked", title="Points by competency", labels=names, series=series, alt=alt)


def _count(answers: Sequence[Attempt], status: Status) -> int:
    return sum(len(attempt.feedback.having(status)) for attempt in answers if attempt.feedback and attempt.point is None)


HANDLERS: dict[str, AnyHandler] = {
    "progress": Handler(read=read_practised, decide=progress),
    "week": Handler(read=read_practised, decide=progress),
}
