"""*Preview tomorrow 09:00*: the next question, the next direct message and the recap, without waiting for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.chat import Card, Message, when
from core.features.calendar import next_morning
from core.features.coaching import morning_card, own_mornings
from core.features.drill.choosing import WINDOW
from core.features.drill.recap import recap_card
from core.features.drill.showing import next_card
from core.features.handler import AnyHandler, Caller, Handler, Outcome, Tools, passing, read_caller
from core.ports import From, Reads, Upto
from core.records import Attempt, Drill, Occurrence, Weakness


@dataclass(frozen=True)
class Coming:
    """What will be said, as far as it is known now."""

    caller: Caller
    drill: Drill | None
    past: Sequence[Occurrence]
    due: Sequence[Weakness]
    week: Sequence[Attempt]


async def read_coming(reads: Reads, message: Message) -> Coming:
    """The space's first drill, its week, and the person's own open points."""
    drills = await reads.find(Drill, space=message.place.space_key, order="next_due_at", limit=1)
    drill = drills[0] if drills else None
    past = await reads.find(Occurrence, drill=drill.key, due_at=From(message.sent_at - WINDOW), order="due_at", limit=100) if drill else ()
    week: list[Attempt] = []
    for item in [item for item in past if item.due_at > message.sent_at - timedelta(days=7)]:
        week += await reads.find(Attempt, occurrence=item.key, source="daily", limit=5000)
    return Coming(
        caller=await read_caller(reads, message),
        drill=drill,
        past=past,
        due=await reads.find(
            Weakness, person=message.author.key, status="open", due_at=Upto(message.sent_at + timedelta(days=3)), order="due_at", limit=5
        ),
        week=week,
    )


async def preview(known: Coming, message: Message, tools: Tools) -> Outcome:
    """Three private cards."""
    cards = [_drill(known, tools), _morning(known, message, tools), _recap(known, message, tools)]
    return Outcome(posts=tuple(passing(message, card, f"preview-{number}") for number, card in enumerate(cards)))


def _drill(known: Coming, tools: Tools) -> Card:
    if known.drill is None or known.drill.next_due_at is None:
        return Card(eyebrow="Preview · channel", text="No daily question is coming: nobody has set one. /drill setup does.")
    card = next_card(known.drill, tools)
    return card.model_copy(update={"eyebrow": f"{card.eyebrow} · {when(known.drill.next_due_at, 'datetime')}"})


def _morning(known: Coming, message: Message, tools: Tools) -> Card:
    profile = known.caller.known(message, tools.now)
    at = next_morning(own_mornings(profile, known.caller, message), tools.cadence, tools.now)
    for weakness in known.due:
        question = tools.bank.find(weakness.question)
        if question and weakness.point in question.by_point and profile.coaching != "off":
            card = morning_card(question, weakness)
            return card.model_copy(
                update={"eyebrow": f"Preview · direct message, {when(at, 'datetime')} · {question.title}", "buttons": ()}
            )
    return Card(
        eyebrow="Preview · direct message",
        text="No message is coming to you: no missed point waits. Answer a question, and one comes back the next morning.",
    )


def _recap(known: Coming, message: Message, tools: Tools) -> Card:
    week = [item for item in known.past if item.due_at > message.sent_at - timedelta(days=7)]
    card = recap_card(week, known.week, tools.bank)
    return card.model_copy(update={"eyebrow": "Preview · recap at the end of the week", "buttons": ()})


HANDLERS: dict[str, AnyHandler] = {"preview": Handler(read=read_coming, decide=preview)}
