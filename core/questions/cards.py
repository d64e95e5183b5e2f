"""How a question is shown, and its bullets."""

from __future__ import annotations

from core.chat import Button, Card, Fact, Line
from core.questions.bank import COMPETENCIES, LEVELS, PRINCIPLES, Level, Point, Question

PRACTICE = "Practice signal, not Amazon's scoring."
ORDER: tuple[Level, ...] = ("sde1", "sde2", "sde3")


def levels_of(question: Question) -> str:
    """`SDE II`, or the range it suits."""
    names = [LEVELS[level] for level in ORDER if level in question.levels]
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1].removeprefix('SDE ')}"


def looks_at(question: Question) -> Fact:
    """Which leadership principles it touches."""
    return Fact(label="Looks at", value=", ".join(PRINCIPLES[slug] for slug in question.principles))


def question_card(question: Question, buttons: tuple[Button, ...] = ()) -> Card:
    """A question to answer now, outside any channel's schedule."""
    return Card(
        eyebrow=f"{COMPETENCIES[question.competency]} · {levels_of(question)}",
        title=question.title,
        text=question.prompt,
        facts=(*((looks_at(question),) if question.principles else ()), Fact(label="Time", value=f"About {question.minutes} min")),
        buttons=buttons or practice_buttons(question),
        footer=f"{label_of(question)}Your answer goes only to you. {PRACTICE}",
    )


def label_of(question: Question) -> str:
    """Says of a question that no human wrote that none did."""
    return f"Written by {question.written_by}, checked by our program only. " if question.written_by else ""


def practice_buttons(question: Question) -> tuple[Button, ...]:
    """What one can do with a question."""
    return (
        Button(label="Answer", line=f"answer {question.id}", style="primary"),
        Button(label="Mock this", line=f"mock minutes:15 question:{question.id}"),
        Button(label="I pass", line=f"pass {question.id}"),
        Button(label="Another question", line=f"question competency:{question.competency}"),
    )


def in_order(points: tuple[Point, ...]) -> list[Point]:
    """The points as they are shown: what is expected earliest and weighs most comes first."""
    return sorted(points, key=lambda point: (ORDER.index(point.level), not point.critical, -point.weight))


def bullet_lines(question: Question) -> tuple[Line, ...]:
    """What a stronger answer includes, each tied to a rubric point."""
    return tuple(
        Line(text=f"**{point.name}** ({LEVELS[point.level]}{', critical' if point.critical else ''}): {point.bullet or point.text}")
        for point in in_order(question.points)
    )


def bullets_card(question: Question, why: str = "") -> Card:
    """The suggested answer: guidance to put into one's own words, not a script."""
    return Card(
        eyebrow=f"Suggested bullets · {COMPETENCIES[question.competency]}",
        title=question.title,
        text=why or "What a stronger answer includes, and why. Guidance for your own words, not a script.",
        bullets=bullet_lines(question),
        after=often_wrong(question),
        buttons=(
            Button(label="Try it again", line=f"retry {question.id}", style="primary"),
            Button(label="Another question", line=f"question competency:{question.competency}"),
        ),
        footer=f"{PRACTICE} Independent of Amazon.",
    )


def often_wrong(question: Question) -> str:
    """The question's pitfalls and its deepest follow-up."""
    wrong = "".join(f"\n- {pitfall.text}" for pitfall in question.pitfalls)
    then = f"\n\n**Then they ask:** {question.probes[-1]}" if question.probes else ""
    return (f"**Often goes wrong**{wrong}" if wrong else "") + then
