"""`/drill`: set, show, pause, resume, skip, now, stop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.chat import Button, Card, Fact, Line, Message, when
from core.errors import CoachError, NotUnderstood
from core.features.calendar import at_local
from core.features.drill.announcing import choose, daily_card, posted, reveal_time
from core.features.drill.form import DAYS, check, filled, new_order
from core.features.drill.order import Ordered, must_be_a_channel, must_be_allowed
from core.features.handler import Outcome, Tools, passing, there
from core.questions.bank import COMPETENCIES, LEVELS
from core.records import Drill, Occurrence, short_id


async def drill(known: Ordered, message: Message, tools: Tools) -> Outcome:
    """What to do with it; without a word, what is set."""
    must_be_a_channel(message)
    action = message.fields.get("action", "show" if known.drill else "setup")
    if action in ("show", "preview"):
        return _ACTIONS[action](known, message, tools)
    must_be_allowed(known, message)
    if action != "setup" and known.drill is None:
        raise NotUnderstood("No daily question is set here yet. /drill setup starts one.")
    return _ACTIONS[action](known, message, tools)


def _setup(known: Ordered, message: Message, tools: Tools) -> Outcome:
    wrong = check(message, tools)
    if wrong:
        raise CoachError(" ".join(wrong.values()))
    order = filled(known.drill or new_order(known, message, tools), message.fields)
    order = _due_next(order.model_copy(update={"paused_until": None}), tools)
    first = known.drill is None or known.drill.next_due_at is None
    word = "A daily question is set here" if first else "The daily question was changed"
    line = Card(text=f"{word}: {_in_words(order)}. Next: {_next_date(order)}. Answers stay private.")
    return Outcome(
        saves=(order, *known.caller.met(message, tools.now)),
        posts=(there(message, line, "set"), passing(message, _shown(order, known, tools), "shown")),
    )


def _due_next(order: Drill, tools: Tools) -> Drill:
    after = max(tools.now, order.paused_until or tools.now)
    return order.model_copy(update={"next_due_at": tools.cadence(order).next_due(after)})


# --- showing ---------------------------------------------------------------------------------------------------------


def _in_words(order: Drill) -> str:
    days = "weekdays" if order.days == (0, 1, 2, 3, 4) else ", ".join(DAYS[day] for day in order.days)
    return f"{days} at {order.at:%H:%M} ({order.zone})"


def _next_date(order: Drill) -> str:
    return when(order.next_due_at, "datetime") if order.next_due_at else "none, it is stopped"


def _show(known: Ordered, message: Message, tools: Tools) -> Outcome:
    if known.drill is None:
        return Outcome(posts=(passing(message, "Nothing is posted here until somebody runs /drill setup."),))
    return Outcome(posts=(passing(message, _shown(known.drill, known, tools)),))


def _shown(order: Drill, known: Ordered, tools: Tools) -> Card:
    coming = _coming(order, tools)
    skipped = [item for item in known.past if item.status == "skipped"][-3:]
    about = ", ".join(COMPETENCIES[slug] for slug in COMPETENCIES if not order.competencies or slug in order.competencies)
    facts = [
        Fact(label="When", value=_in_words(order)),
        Fact(label="Reveal", value=f"{order.reveal:%H:%M}"),
        Fact(label="About", value=about),
        Fact(label="Level", value="all" if order.level == "any" else LEVELS[order.level]),
        Fact(label="Holidays", value=order.country or "none"),
    ]
    if order.paused_until and order.paused_until > tools.now:
        facts.append(Fact(label="Paused until", value=when(order.paused_until, "date")))
    return Card(
        title="Daily question",
        facts=tuple(facts),
        bullets=tuple(Line(text=when(at, "datetime")) for at in coming),
        after="".join(f"\nNot posted on {item.day:%d %b}: {item.why}." for item in skipped).strip(),
        buttons=(
            Button(label="Change", line="drill setup"),
            Button(label="Preview the next", line="drill preview"),
            Button(label="Skip the next", line="drill skip"),
            Button(label="Stop", line="drill stop", style="danger", confirm="Stop the daily question here? /drill setup starts it again."),
        ),
    )


def _coming(order: Drill, tools: Tools, count: int = 5) -> list[datetime]:
    dates: list[datetime] = []
    at = order.next_due_at
    cadence = tools.cadence(order)
    while at is not None and len(dates) < count:
        dates.append(at)
        at = cadence.next_due(at)
    return dates


def next_card(order: Drill, past: Sequence[Occurrence], tools: Tools) -> Card:
    """The next question as the channel will see it."""
    question = choose(order, past, tools.bank)
    if question is None or order.next_due_at is None:
        raise CoachError("No question is coming: the daily question is stopped, or nothing in the bank suits it.")
    zone = ZoneInfo(order.zone)
    day = order.next_due_at.astimezone(zone).date()
    occurrence = Occurrence(
        key=short_id(order.key, day.isoformat()),
        drill=order.key,
        day=day,
        number=order.number + 1,
        question=question.id,
        due_at=order.next_due_at,
        reveal_at=reveal_time(order, day, zone),
    )
    card = daily_card(occurrence, question, order)
    return card.model_copy(
        update={
            "eyebrow": f"Preview · {card.eyebrow}",
            "buttons": (),
            "footer": "Only you see this preview; the buttons come with the real one.",
        }
    )


def _preview(known: Ordered, message: Message, tools: Tools) -> Outcome:
    if known.drill is None:
        raise NotUnderstood("No daily question is set here yet. /drill setup starts one.")
    return Outcome(posts=(passing(message, next_card(known.drill, known.past, tools)),))


# --- changing --------------------------------------------------------------------------------------------------------


def _pause(known: Ordered, message: Message, tools: Tools) -> Outcome:
    order = _must(known)
    until = _until(message.fields.get("until", ""), ZoneInfo(order.zone), tools.now)
    paused = _due_next(order.model_copy(update={"paused_until": until}), tools)
    return _changed(paused, message, f"The daily question pauses until {when(until, 'date')}. Next: {_next_date(paused)}.")


def _until(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """A date, a weekday, or a number of days; midnight there."""
    word = text.strip().lower().removeprefix("until ")
    today = now.astimezone(zone).date()
    day: date | None = None
    if word.isdigit():
        day = today + timedelta(days=int(word)) if int(word) <= 366 else None
    elif word.title() in DAYS:
        day = today + timedelta(days=(DAYS.index(word.title()) - today.weekday() - 1) % 7 + 1)
    else:
        try:
            day = date.fromisoformat(word)
        except ValueError:
            day = None
    if day is None:
        raise NotUnderstood(f"Until when? {text!r} is no date I know. Write 2026-12-24, a weekday, or a number of days.")
    if day <= today:
        raise NotUnderstood(f"{day.isoformat()} is not in the future. Choose a later date.")
    return at_local(day, time(0), zone)


def _resume(known: Ordered, message: Message, tools: Tools) -> Outcome:
    order = _due_next(_must(known).model_copy(update={"paused_until": None}), tools)
    return _changed(order, message, f"The daily question goes on. Next: {_next_date(order)}.")


def _skip(known: Ordered, message: Message, tools: Tools) -> Outcome:
    order = _must(known)
    if order.next_due_at is None:
        raise NotUnderstood("The daily question is stopped; there is nothing to skip.")
    skipped = order.model_copy(update={"next_due_at": tools.cadence(order).next_due(order.next_due_at)})
    return _changed(skipped, message, f"The next daily question is left out. Then: {_next_date(skipped)}.")


def _now(known: Ordered, message: Message, tools: Tools) -> Outcome:
    order = _must(known)
    zone = ZoneInfo(order.zone)
    day = tools.now.astimezone(zone).date()
    if any(item.day == day and item.status != "skipped" for item in known.past):
        raise CoachError("Today's question stands here already. /question gives you another one privately.")
    question = choose(order, known.past, tools.bank)
    if question is None:
        raise CoachError("The bank has no question that suits this drill's topics and level.")
    reveal_at = max(reveal_time(order, day, zone), tools.now + timedelta(minutes=30))
    trace = next((item for item in known.past if item.day == day), None)
    following = order.next_due_at
    if following and following.astimezone(zone).date() == day:
        following = tools.cadence(order).next_due(following)
    made = posted(order.model_copy(update={"number": order.number + 1, "next_due_at": following}), question, day, tools.now, reveal_at)
    saves = tuple(
        record.model_copy(update={"version": trace.version})
        if trace and record.key == trace.key and isinstance(record, Occurrence)
        else record
        for record in made.saves
    )
    return Outcome(saves=saves, posts=made.posts)


def _stop(known: Ordered, message: Message, tools: Tools) -> Outcome:
    return _changed(
        _must(known).model_copy(update={"next_due_at": None}), message, "The daily question is stopped here. /drill setup starts it again."
    )


def _must(known: Ordered) -> Drill:
    assert known.drill is not None  # `drill` asked before
    return known.drill


def _changed(order: Drill, message: Message, text: str) -> Outcome:
    return Outcome(saves=(order,), posts=(there(message, Card(text=text), "changed"),))


_ACTIONS = {
    "setup": _setup,
    "show": _show,
    "preview": _preview,
    "pause": _pause,
    "resume": _resume,
    "skip": _skip,
    "now": _now,
    "stop": _stop,
}
