"""`/drill`: set, show, pause, resume, skip, now, stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.chat import Card, Message, when
from core.errors import CoachError, NotUnderstood
from core.features.calendar import at_local, read_until
from core.features.drill.announcing import posted, skipped
from core.features.drill.choosing import choose, note
from core.features.drill.days import day_of, first_after, following, reveal_time
from core.features.drill.form import check, filled, new_order
from core.features.drill.laid_out import taken_back, undone
from core.features.drill.order import Ordered, must_be_a_channel, must_be_allowed
from core.features.drill.showing import in_words, next_card, next_date, shown
from core.features.handler import Outcome, Tools, passing, there
from core.records import Drill, Occurrence, Record

NONE_YET = "No daily question is set here yet. /drill setup starts one."
BY_HAND = "left out with /drill skip"


async def drill(known: Ordered, message: Message, tools: Tools) -> Outcome:
    """What to do with it; without a word, what is set."""
    must_be_a_channel(message)
    action = message.fields.get("action", "show" if known.drill else "setup")
    if action not in _READING:
        must_be_allowed(known, message)
    known, undo = taken_back(known, tools.now)
    if action == "setup":
        return undone(_setup(known, message, tools), undo)
    if known.drill is None:
        return Outcome(posts=(passing(message, NONE_YET),))
    if action in _READING:
        return _READING[action](known, known.drill, message, tools)
    return undone(_CHANGING[action](known, known.drill, message, tools), undo)


def _show(known: Ordered, order: Drill, message: Message, tools: Tools) -> Outcome:
    return Outcome(posts=(passing(message, shown(known, order, tools)),))


def _preview(known: Ordered, order: Drill, message: Message, tools: Tools) -> Outcome:
    return Outcome(posts=(passing(message, next_card(order, tools)),))


# --- setting it ------------------------------------------------------------------------------------------------------


def _setup(known: Ordered, message: Message, tools: Tools) -> Outcome:
    wrong = check(message, tools)
    if wrong:
        raise CoachError(" ".join(wrong.values()))
    before = known.drill or new_order(known, message, tools)
    first = known.drill is None or before.next_due_at is None
    order = filled(before, message.fields)
    if first:  # a pause belongs to the one that was stopped
        order = order.model_copy(update={"paused_at": None, "paused_until": None, "stopped": ""})
    elif before.paused_until and order.zone != before.zone:
        day = before.paused_until.astimezone(ZoneInfo(before.zone)).date()
        order = order.model_copy(update={"paused_until": at_local(day, time(0), ZoneInfo(order.zone))})
    order = _due_next(order, known, tools)
    word = "A daily question is set here" if first else "The daily question was changed"
    paused = f" Paused until {when(order.paused_until, 'date')}." if order.paused_until and order.paused_until > tools.now else ""
    line = Card(text=f"{word}: {in_words(order)}.{paused} Next: {next_date(order)}. Answers stay private.")
    return Outcome(
        saves=(order, *known.caller.met(message, tools.now), *_country(known, order)),
        posts=(there(message, line, "set"), passing(message, shown(known, order, tools), "shown")),
    )


def _country(known: Ordered, order: Drill) -> tuple[Record, ...]:
    """The first country that anybody names is the space's, for its people's own mornings."""
    space = known.caller.space
    return (space.model_copy(update={"country": order.country}),) if space and order.country and not space.country else ()


def _due_next(order: Drill, known: Ordered, tools: Tools) -> Drill:
    return order.model_copy(update={"next_due_at": first_after(order, tools.cadence, tools.now, known.taken)})


# --- changing it -----------------------------------------------------------------------------------------------------


def _pause(known: Ordered, order: Drill, message: Message, tools: Tools) -> Outcome:
    _must_run(order)
    zone = ZoneInfo(order.zone)
    day = read_until(message.fields.get("until", ""), tools.now.astimezone(zone).date())
    until = at_local(day, time(0), zone)
    paused = _due_next(order.model_copy(update={"paused_at": tools.now, "paused_until": until}), known, tools)
    return _changed(paused, message, f"The daily question pauses until {when(until, 'date')}. Next: {next_date(paused)}.")


def _resume(known: Ordered, order: Drill, message: Message, tools: Tools) -> Outcome:
    ended = min(order.paused_until, tools.now) if order.paused_until else None  # what was paused stays to be seen
    resumed = _due_next(order.model_copy(update={"paused_until": ended, "stopped": ""}), known, tools)
    return _changed(resumed, message, f"The daily question goes on. Next: {next_date(resumed)}.")


def _skip(known: Ordered, order: Drill, message: Message, tools: Tools) -> Outcome:
    due = _must_run(order)
    day = day_of(order, due)
    moved = following(order, tools.cadence, due)
    saves = _again(skipped(moved, day, due, BY_HAND).saves, known)
    return replace(_changed(moved, message, f"The next daily question is left out. Then: {next_date(moved)}."), saves=saves)


def _now(known: Ordered, order: Drill, message: Message, tools: Tools) -> Outcome:
    day = tools.now.astimezone(ZoneInfo(order.zone)).date()
    today = next((item for item in known.past if item.day == day and item.status != "skipped"), None)
    if today:
        stands = "could not be posted" if today.status == "dead" else "stands here already"
        raise CoachError(f"Today's question {stands}. /question gives you another one privately.")
    question = choose(order, tools.bank, day)
    if question is None:
        raise CoachError("The bank has no question that suits this drill's topics and level.")
    reveal_at = max(reveal_time(order, day), tools.now + timedelta(minutes=30))
    if order.next_due_at and day_of(order, order.next_due_at) == day:
        order = following(order, tools.cadence, order.next_due_at)
    made = posted(note(order, question, day), question, day, tools.now, reveal_at)
    return Outcome(saves=_again(made.saves, known), posts=made.posts)


def _again(saves: tuple[Record, ...], known: Ordered) -> tuple[Record, ...]:
    """The same values; a day that has left a trace already gets the new one over it."""
    versions = {item.key: item.version for item in known.past}
    return tuple(
        record.model_copy(update={"version": versions[record.key]}) if isinstance(record, Occurrence) and record.key in versions else record
        for record in saves
    )


def _stop(known: Ordered, order: Drill, message: Message, tools: Tools) -> Outcome:
    stopped = order.model_copy(update={"next_due_at": None, "stopped": "Somebody typed /drill stop."})
    return _changed(stopped, message, "The daily question is stopped here. /drill setup starts it again.")


def _must_run(order: Drill) -> datetime:
    if order.next_due_at is None:
        raise NotUnderstood("The daily question is stopped already. /drill setup starts it again.")
    return order.next_due_at


def _changed(order: Drill, message: Message, text: str) -> Outcome:
    return Outcome(saves=(order,), posts=(there(message, Card(text=text), "changed"),))


Action = Callable[[Ordered, Drill, Message, Tools], Outcome]
_READING: dict[str, Action] = {"show": _show, "preview": _preview}
_CHANGING: dict[str, Action] = {"pause": _pause, "resume": _resume, "skip": _skip, "now": _now, "stop": _stop}
