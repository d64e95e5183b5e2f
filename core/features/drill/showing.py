"""`/drill show`: what is set, what comes next, what happened and why; and the next question as it will be seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.chat import Button, Card, Fact, Line, literal, when
from core.errors import CoachError
from core.features.calendar import DAYS, Cadences
from core.features.drill.announcing import occurrence_key
from core.features.drill.choosing import choose
from core.features.drill.daily_card import daily_card
from core.features.drill.days import day_of, reveal_time
from core.features.drill.order import SHOWN, Ordered
from core.features.handler import Tools
from core.ports import Fate
from core.questions.bank import COMPETENCIES, LEVELS
from core.records import Drill, Occurrence

COMING = 5
"""Dates shown ahead."""


def in_words(order: Drill) -> str:
    """Days, hour and zone."""
    days = (
        "weekdays" if order.days == (0, 1, 2, 3, 4) else "every day" if len(order.days) == 7 else ", ".join(DAYS[day] for day in order.days)
    )
    return f"{days} at {order.at:%H:%M} ({order.zone})"


def next_date(order: Drill) -> str:
    """The next date in words, or that there is none."""
    if order.next_due_at:
        return when(order.next_due_at, "datetime")
    return f"none, it is stopped. {order.stopped}".strip()


def coming(order: Drill, cadences: Cadences, first: datetime | None, taken: Iterable[date] = ()) -> list[datetime]:
    """The next five dates from `first` on; fewer where the days run out."""
    dates: list[datetime] = []
    at, had = first, set(taken)
    while at is not None and len(dates) < COMING:
        if day_of(order, at) not in had:
            dates.append(at)
        try:
            at = cadences(order).next_due(at)
        except CoachError:
            break
    return dates


def shown(known: Ordered, order: Drill, tools: Tools) -> Card:
    """Everything about the drill; nobody's answers."""
    facts = [
        Fact(label="When", value=in_words(order)),
        Fact(label="Reveal", value=f"{order.reveal:%H:%M}"),
        Fact(label="About", value=_about(order)),
        Fact(label="Level", value="all" if order.level == "any" else LEVELS[order.level]),
        Fact(label="Holidays", value=order.country or "none"),
    ]
    if order.next_due_at is None:
        facts.append(Fact(label="Stopped", value=order.stopped or "by hand"))
    elif order.paused_until and order.paused_until > tools.now:
        facts.append(Fact(label="Paused until", value=when(order.paused_until, "date")))
    dates = coming(order, tools.cadence, order.next_due_at, known.taken)
    lately = happened(known, order, tools)
    return Card(
        title="Daily question",
        facts=tuple(facts),
        text="**Coming**" if dates else "",
        bullets=tuple(Line(text=when(at, "datetime")) for at in dates),
        after="**Lately**\n\n" + "\n".join(f"- {line}" for line in lately) if lately else "",
        buttons=(
            Button(label="Change", line="drill setup"),
            Button(label="Preview the next", line="drill preview"),
            Button(label="Skip the next", line="drill skip"),
            Button(label="Stop", line="drill stop", style="danger", confirm="Stop the daily question here? /drill setup starts it again."),
        ),
    )


def _about(order: Drill) -> str:
    about = ", ".join(COMPETENCIES[slug] for slug in COMPETENCIES if not order.competencies or slug in order.competencies)
    return about + (", what this team misses sooner" if order.sooner else "")


# --- what happened ---------------------------------------------------------------------------------------------------


def happened(known: Ordered, order: Drill, tools: Tools) -> list[str]:
    """The last days on which something was planned, newest first, each with what came of it."""
    zone = ZoneInfo(order.zone)
    today = tools.now.astimezone(zone).date()
    by_day = {item.day: item for item in known.past if item.due_at <= tools.now or item.status == "skipped"}
    first = min(by_day, default=today)
    ahead = [day for day in by_day if day > today]
    days = sorted({*ahead, *(today - timedelta(days=back) for back in range(15) if today - timedelta(days=back) >= first)}, reverse=True)
    lines = []
    for day in days:
        item = by_day.get(day)
        said = _of(item, known.fates.get(f"daily/{item.key}")) if item else _left_out(order, day, tools)
        if said:
            lines.append(f"{day:%a} {day.day} {day:%b}: {said}")
    return lines[:SHOWN]


def _of(item: Occurrence, fate: Fate | None) -> str:
    if item.status == "dead":
        return f"not posted: {literal(item.why)}"
    if item.status == "skipped":
        return f"not posted: {item.why}"
    if fate and fate.state == "dead":
        return f"not posted: {literal(fate.why)}"
    if fate and fate.state == "skipped":
        return "not posted: it could not be sent before its reveal"
    if fate and fate.state != "sent":
        return "on its way" + (f", held up: {literal(fate.why)}" if fate.why else "")
    return f"question {item.number}, " + (f"posted late, planned {when(item.due_at, 'time')}" if item.late else "posted")


def _left_out(order: Drill, day: date, tools: Tools) -> str:
    """Why a day without a row has none; nothing where none was planned."""
    if order.paused_at and order.paused_until:
        zone = ZoneInfo(order.zone)
        began, ended = order.paused_at.astimezone(zone).date(), order.paused_until.astimezone(zone).date()
        if began <= day < ended and day.weekday() in order.days:
            return "paused"
    why = tools.cadence(order).why_not(day)
    return "" if why in ("", "weekday") else literal(why)


# --- the next one ----------------------------------------------------------------------------------------------------


def next_card(order: Drill, tools: Tools) -> Card:
    """The next question as the channel will see it. CoachError where none comes."""
    day = day_of(order, order.next_due_at) if order.next_due_at else None
    question = choose(order, tools.bank, day) if day else None
    if question is None or day is None or order.next_due_at is None:
        raise CoachError("No question is coming: the daily question is stopped, or nothing in the bank suits it.")
    occurrence = Occurrence(
        key=occurrence_key(order, day),
        drill=order.key,
        day=day,
        number=order.number + 1,
        question=question.id,
        due_at=order.next_due_at,
        reveal_at=reveal_time(order, day),
    )
    card = daily_card(occurrence, question, order)
    return card.model_copy(
        update={
            "eyebrow": f"Preview · {card.eyebrow}",
            "buttons": (),
            "footer": "Only you see this preview; the buttons come with the real one.",
        }
    )
