"""The week in the channel: counts only, and none from which anybody could be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from core.chat import Button, Card, Line
from core.features.calendar import DAYS
from core.features.drill.days import day_of
from core.questions.bank import COMPETENCIES, Bank, Question
from core.records import Attempt, Drill, Occurrence
from core.review.feedback import Status

GROUP = 5
"""Below this many people no number is shown."""
WEAKEST = 2
"""So many competencies come sooner at most."""


def week_ends(drill: Drill, occurrence: Occurrence) -> bool:
    """Whether no further question comes before the day of the recap is over."""
    if drill.recap is None:
        return False
    recap_day = occurrence.day + timedelta(days=(drill.recap - occurrence.day.weekday()) % 7)
    if drill.next_due_at is None:
        return occurrence.day == recap_day
    return day_of(drill, drill.next_due_at) > recap_day


def recap_card(week: Sequence[Occurrence], attempts: Sequence[Attempt], bank: Bank, after: str = "") -> Card:
    """The week without names; below the minimum group without numbers. `after`: what comes next."""
    asked = [item for item in week if item.status in ("posted", "revealed")]
    questions = f"{len(asked)} question{'s' * (len(asked) != 1)}"
    people = len({attempt.person for attempt in attempts})
    mine = (Button(label="My own week", line="week"),)
    if people < GROUP:
        text = f"{questions}. Fewer than five people answered, so I show no numbers. Your own week is private."
        return Card(title="This week", text=text, after=after, buttons=mine)
    lines = _missing(attempts, bank)
    return Card(
        title="This week",
        text=f"{questions} · {len(attempts)} answers from {people} people" + ("\n\n**Most often missing**" if lines else ""),
        bullets=tuple(lines[:3]),
        after=after,
        buttons=mine,
        footer="Counts only, no names.",
    )


def starts_with(drill: Drill, question: Question | None) -> str:
    """What the next week opens with."""
    if question is None or drill.next_due_at is None:
        return ""
    return f"{DAYS[day_of(drill, drill.next_due_at).weekday()]} starts with: {COMPETENCIES[question.competency]}."


def _missing(attempts: Sequence[Attempt], bank: Bank) -> list[Line]:
    """The points that at least the minimum group missed, each person counted once."""
    missed: Counter[tuple[str, str]] = Counter()
    for _, question, point in {
        (attempt.person, attempt.question, verdict.point)
        for attempt in attempts
        for verdict in (attempt.feedback.having(Status.MISSING) if attempt.feedback else ())
    }:
        missed[(question, point)] += 1
    lines = []
    for (id, name), count in sorted(missed.items(), key=lambda item: (-item[1], item[0])):
        found = bank.find(id)
        if found and count >= GROUP and name in found.by_point:
            lines.append(Line(text=f"{found.point(name).name} ({COMPETENCIES[found.competency]})"))
    return lines


def weak_competencies(attempts: Sequence[Attempt], bank: Bank) -> tuple[str, ...]:
    """The competencies of which more is missed than on the whole, counted only where the minimum group answered; the weakest first."""
    asked: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    people: dict[str, set[str]] = {}
    for attempt in attempts:
        question = bank.find(attempt.question)
        if question is None or attempt.feedback is None or attempt.feedback.too_little:
            continue
        people.setdefault(question.competency, set()).add(attempt.person)
        for verdict in attempt.feedback.verdicts:
            if verdict.status is not Status.NOT_ASKED:
                asked[question.competency] += 1
                missed[question.competency] += verdict.status is Status.MISSING
    enough = [slug for slug, answered in people.items() if len(answered) >= GROUP and asked[slug]]
    if not enough:
        return ()
    whole = sum(missed[slug] for slug in enough) / sum(asked[slug] for slug in enough)
    share = {slug: missed[slug] / asked[slug] for slug in enough}
    return tuple(sorted((slug for slug in enough if share[slug] > whole), key=lambda slug: (-share[slug], slug))[:WEAKEST])
