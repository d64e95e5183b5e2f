"""`/drill setup`: the form with good values in it and the dates that come of them, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from core.chat import Form, Input, Message, Option, when
from core.errors import CoachError
from core.features.calendar import DAYS, no_time, no_zone, read_country, read_dates, read_time, read_zone
from core.features.drill.days import first_after
from core.features.drill.laid_out import taken_back
from core.features.drill.order import Ordered, must_be_a_channel, must_be_allowed
from core.features.drill.showing import coming
from core.features.handler import Tools
from core.questions.bank import COMPETENCIES, LEVELS
from core.records import SPREAD, Drill

NONE = "none"
CROWD = 20
"""From so many channels of a space on, new ones are spread unless somebody says otherwise."""
TURNS = {"turn": "Every topic in its turn", "sooner": "What this team misses comes sooner"}
START = {"sharp": "On the minute", "spread": f"Within {SPREAD // 60} minutes, gentler where many channels get one"}


def form(known: Ordered, message: Message, tools: Tools) -> Form | None:
    """Everything filled in with what was typed, else with what is set, else with good values; and the next five dates."""
    action = message.fields.get("action", "show" if known.drill else "setup")
    if action != "setup":
        return None
    must_be_a_channel(message)
    must_be_allowed(known, message)
    now = known.drill or new_order(known, message, tools)
    typed = {name: value for name, value in message.fields.items() if name not in ("action", "until")}
    return Form(
        title="Daily question",
        line="drill setup",
        text=f"One question a day in this channel; answers stay private.\n\n{_dates(known, now, typed, message, tools)}",
        fields=tuple(field.model_copy(update={"value": typed.get(field.name, field.value)}) for field in _fields(now)),
        submit="Start" if known.drill is None else "Save",
    )


def _dates(known: Ordered, now: Drill, typed: Mapping[str, str], message: Message, tools: Tools) -> str:
    """The next five dates as the form stands, or what has to change first."""
    wrong = _wrong(now, typed, message, tools)
    if wrong:
        return " ".join(dict.fromkeys(wrong.values()))
    known, _ = taken_back(known, tools.now)
    order = filled(now, typed)
    first = first_after(order, tools.cadence, tools.now, known.taken)
    return "**Next:** " + " · ".join(when(at, "datetime") for at in coming(order, tools.cadence, first, known.taken))


def _fields(now: Drill) -> tuple[Input, ...]:
    return (
        Input(name="days", label="Days", kind="choices", value=",".join(map(str, now.days)), options=_day_options()),
        Input(name="time", label="Time", kind="time", value=f"{now.at:%H:%M}"),
        Input(name="reveal", label="Reveal of the suggested answer", kind="time", value=f"{now.reveal:%H:%M}"),
        Input(name="zone", label="Time zone", value=now.zone, hint="As in Europe/Berlin or America/New_York"),
        Input(name="level", label="Level", kind="choice", value=now.level, options=_level_options()),
        Input(
            name="competencies",
            label="About",
            kind="choices",
            value=",".join(now.competencies or COMPETENCIES),
            options=_options(COMPETENCIES),
        ),
        Input(
            name="order",
            label="Order",
            kind="choice",
            value="sooner" if now.sooner else "turn",
            options=_options(TURNS),
            hint="Sooner goes by counts over five people or more; nobody is named.",
        ),
        Input(
            name="country",
            label="Public holidays of",
            value=now.country,
            required=False,
            hint="Country code such as DE or US, with its part as in DE-BY where you like; empty: none",
        ),
        Input(
            name="days_off",
            label="Other days off",
            value=_joined(now.days_off),
            required=False,
            hint="Dates such as 2026-12-24, 2026-12-31",
        ),
        Input(name="recap", label="Recap of the week", kind="choice", value=_recap_value(now), options=_recap_options()),
        Input(name="start", label="Start", kind="choice", value="spread" if now.spread else "sharp", options=_options(START)),
    )


def new_order(known: Ordered, message: Message, tools: Tools) -> Drill:
    """A standing order with good values, set by the author."""
    return Drill(
        key=str(message.place.outside),
        place=message.place.outside,
        owner=message.author,
        zone=str(known.caller.zone(message)),
        country=known.caller.country,
        spread=known.neighbours >= CROWD,
        seed=tools.rng.randrange(2**31),
    )


def _options(labels: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value=value, label=label) for value, label in labels.items())


def _day_options() -> tuple[Option, ...]:
    return tuple(Option(value=str(number), label=day) for number, day in enumerate(DAYS))


def _level_options() -> tuple[Option, ...]:
    return (Option(value="any", label="All levels"), *_options(LEVELS))


def _recap_options() -> tuple[Option, ...]:
    return (*_day_options(), Option(value=NONE, label="No recap"))


def _recap_value(drill: Drill) -> str:
    return NONE if drill.recap is None else str(drill.recap)


def _joined(days: Sequence[date]) -> str:
    return ", ".join(day.isoformat() for day in days)


# --- what was filled in ----------------------------------------------------------------------------------------------


def check(message: Message, tools: Tools) -> Mapping[str, str]:
    """Each field that cannot be, with what would be right."""
    if message.fields.get("action") != "setup":
        return {}
    place = message.place.outside
    return _wrong(Drill(key=str(place), place=place, owner=message.author), message.fields, message, tools)


def _wrong(before: Drill, fields: Mapping[str, str], message: Message, tools: Tools) -> dict[str, str]:
    wrong = {name: no_time(fields[name]) for name in ("time", "reveal") if name in fields and read_time(fields[name]) is None}
    if "zone" in fields and not read_zone(fields["zone"]):
        wrong["zone"] = no_zone(fields["zone"])
    if "days" in fields and not _days(fields["days"]):
        wrong["days"] = "Choose at least one day."
    if "competencies" in fields and not _chosen(fields["competencies"]):
        wrong["competencies"] = "Choose at least one."
    if fields.get("level", "any") not in ("any", *LEVELS):
        wrong["level"] = "Choose SDE I, II or III, or all levels."
    if fields.get("recap", NONE) not in (NONE, *"0123456"):
        wrong["recap"] = "Choose a weekday, or no recap."
    try:
        read_dates(fields.get("days_off", ""))
    except CoachError as error:
        wrong["days_off"] = str(error)
    return wrong or _impossible(filled(before, fields), fields, tools)


def _impossible(order: Drill, fields: Mapping[str, str], tools: Tools) -> dict[str, str]:
    """What is wrong although each field by itself is right."""
    try:
        cadence = tools.cadence(order)
    except CoachError as error:
        return {"country": str(error)}
    try:
        cadence.next_due(tools.now)
    except CoachError:
        return {"days": "With these days and days off no day is left. Choose one more day, or take out a day off."}
    if order.reveal == order.at:
        return {"reveal": "The reveal needs a time of its own, later than the question or on the next morning."}
    if not tools.bank.among(order.competencies, order.level):
        return {"competencies": "The bank has no question of that kind at that level."}
    return {}


def _days(text: str) -> tuple[int, ...]:
    return tuple(sorted({int(day) for day in text.split(",") if day.strip() in tuple("0123456")}))


def _chosen(text: str) -> tuple[str, ...]:
    return tuple(slug for slug in COMPETENCIES if slug in text.split(","))


def filled(drill: Drill, fields: Mapping[str, str]) -> Drill:
    """The order with what the form holds; what it does not hold stays. Check it first."""
    changes: dict[str, object] = {}
    for name, to in (("time", "at"), ("reveal", "reveal")):
        if name in fields:
            changes[to] = read_time(fields[name])
    if "days" in fields:
        changes["days"] = _days(fields["days"])
    if "zone" in fields:
        changes["zone"] = fields["zone"].strip()
    if "level" in fields:
        changes["level"] = fields["level"]
    if "competencies" in fields:
        chosen = _chosen(fields["competencies"])
        changes["competencies"] = () if len(chosen) == len(COMPETENCIES) else chosen
    if "country" in fields:
        changes["country"] = read_country(fields["country"])
    if "days_off" in fields:
        changes["days_off"] = read_dates(fields["days_off"])
    if "recap" in fields:
        changes["recap"] = None if fields["recap"] == NONE else int(fields["recap"])
    if "order" in fields:
        changes["sooner"] = fields["order"] == "sooner"
    if "start" in fields:
        changes["spread"] = fields["start"] == "spread"
    return drill.model_copy(update=changes)
