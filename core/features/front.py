"""A person's home page, on platforms that have one: one next step, today's question, progress, settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.chat import Button, Card, Fact, Message, when
from core.features.guide import Home, home_card, read_home
from core.features.handler import Tools
from core.features.progress import Practised, read_practised, rows
from core.features.settings import shown as settings_card
from core.ports import Reads
from core.questions.bank import COMPETENCIES, LEVELS
from core.records import Drill, Occurrence


@dataclass(frozen=True)
class Front:
    """Everything the page shows."""

    home: Home
    practised: Practised
    today: Sequence[tuple[Drill, Occurrence]]
    """Today's questions in the space's channels."""


async def read_front(reads: Reads, message: Message) -> Front:
    """The person's own, and what the space's channels have today."""
    drills = await reads.find(Drill, space=message.place.space_key, limit=3)
    today = []
    for drill in drills:
        found = await reads.find(Occurrence, drill=drill.key, status="posted", order="-due_at", limit=1)
        today += [(drill, found[0])] if found else []
    return Front(await read_home(reads, message), await read_practised(reads, message), today)


def front(known: Front, message: Message, tools: Tools) -> Sequence[Card]:
    """The cards from top to bottom."""
    mine = known.home.caller.known(message, tools.now)
    return (
        home_card(known.home, tools),
        *_today(known, tools),
        _progress(known, message, tools),
        settings_card(mine, known.home.caller, message),
    )


def _today(known: Front, tools: Tools) -> Sequence[Card]:
    cards = []
    for _, occurrence in known.today:
        question = tools.bank.find(occurrence.question)
        if question:
            levels = ", ".join(LEVELS[level] for level in question.levels)
            cards.append(
                Card(
                    eyebrow=f"Today's question · {COMPETENCIES[question.competency]} · {levels}",
                    title=question.title,
                    text=question.prompt,
                    facts=(Fact(label="Reveal", value=when(occurrence.reveal_at, "datetime")),),
                    buttons=(
                        Button(label="Answer privately", line=f"answer daily:{occurrence.key}", style="primary"),
                        Button(label="I pass", line=f"pass {question.id}"),
                    ),
                )
            )
    return cards


def _progress(known: Front, message: Message, tools: Tools) -> Card:
    lines = rows(known.practised, message, tools.bank)
    return Card(
        title="My progress",
        text="\n".join(f"- {line}" for line in lines) or "No answer was reviewed yet.",
        buttons=(
            Button(label="All of it", line="progress all"),
            Button(label="Stories", line="stories list"),
            Button(label="My data", line="privacy"),
        ),
    )
