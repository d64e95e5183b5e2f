"""The daily question's card in the channel."""

from __future__ import annotations

from functools import lru_cache

from core.chat import Button, Card, Fact, Menu, when
from core.questions.bank import COMPETENCIES, LEVELS, Question
from core.questions.cards import PRACTICE, levels_of, looks_at
from core.records import Drill, Occurrence

REMINDERS = Menu(
    label="Remind me",
    buttons=(
        Button(label="At lunch", line="remind lunch"),
        Button(label="Tonight", line="remind tonight"),
        Button(label="Every question", line="remind every"),
        Button(label="Stop", line="remind stop"),
    ),
)


def daily_card(occurrence: Occurrence, question: Question, drill: Drill, *, closed: bool = False) -> Card:
    """The card in the channel; its buttons fit on a phone without scrolling."""
    level = LEVELS[drill.level] if drill.level != "any" else levels_of(question)
    late = f" · late: planned {drill.at:%H:%M}" if occurrence.late else ""
    ends = "Closed, see the thread" if closed else f"Reveal {when(occurrence.reveal_at, 'datetime')}"
    return Card(
        eyebrow=f"Daily question {occurrence.number} · {COMPETENCIES[question.competency]} · {level}{late}",
        title=question.title,
        text=question.prompt,
        facts=(
            *((looks_at(question),) if question.principles else ()),
            Fact(label="Time", value=f"About {question.minutes} min · {ends}"),
            *((Fact(label="Answered", value=f"{occurrence.counted} or more"),) if occurrence.counted else ()),
        ),
        buttons=(Button(label="Answer privately", line=f"answer daily:{occurrence.key}", style="primary"), *_others(question.id)),
        footer=f"Answers go only to you. {PRACTICE}",
    )


@lru_cache(maxsize=1024)
def _others(question: str) -> tuple[Button | Menu, ...]:
    """The same in every channel that asks this question."""
    return (
        Button(label="Mock this", line=f"mock minutes:15 question:{question}"),
        Button(label="I pass", line=f"pass {question}"),
        REMINDERS,
    )
