"""`/drill setup`: the form with good values in it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from zoneinfo import ZoneInfo

from core.chat import Form, Input, Message, Option
from core.errors import CoachError
from core.features.drill.order import Ordered, must_be_a_channel, must_be_allowed
from core.features.handler import Tools
from core.questions.bank import COMPETENCIES, LEVELS
from core.records import Drill

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NONE = "none"


def form(known: Ordered, message: Message, tools: Tools) -> Form | None:
    """Everything filled in with good values, or with what is set."""
    action = message.fields.get("action", "show" if known.drill else "setup")
    if action != "setup" or "time" in message.fields:
        return None
    must_be_a_channel(message)
    must_be_allowed(known, message)
    now = known.drill or new_order(known, message, tools)
    return Form(
        title="Daily question",
        line="drill setup",
        text="One question a day in this channel; answers stay private.",
        fields=(
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
                options=tuple(Option(value=slug, label=label) for slug, label in COMPETENCIES.items()),
            ),
            Input(
                name="country",
                label="Public holidays of",
                value=now.country,
                required=False,
                hint="Country code such as DE or US; empty: none",
            ),
            Input(
                name="days_off",
                label="Other days off",
                value=_joined(now.days_off),
                required=False,
                hint="Dates such as 2026-12-24, 2026-12-31",
            ),
            Input(name="recap", label="Recap of the week", kind="choice", value=_recap_value(now), options=_recap_options()),
        ),
        submit="Start" if known.drill is None else "Save",
    )


def new_order(known: Ordered, message: Message, tools: Tools) -> Drill:
    """A standing order with good values, set by the author."""
    place = message.place.outside
    zone = str(known.caller.zone(message))
    return Drill(key=str(place), place=place, owner=message.author, zone=zone, seed=tools.rng.randrange(2**31))


def _day_options() -> tuple[Option, ...]:
    return tuple(Option(value=str(number), label=day) for number, day in enumerate(DAYS))


def _level_options() -> tuple[Option, ...]:
    return (Option(value="any", label="All levels"), *(Option(value=slug, label=label) for slug, label in LEVELS.items()))


def _recap_options() -> tuple[Option, ...]:
    return (*_day_options(), Option(value=NONE, label="No recap"))


def _recap_value(drill: Drill) -> str:
    return NONE if drill.recap is None else str(drill.recap)


def _joined(days: Sequence[date]) -> str:
    return ", ".join(day.isoformat() for day in days)


def check(message: Message, tools: Tools) -> Mapping[str, str]:
    """Each field that cannot be, with what would be right."""
    if message.fields.get("action") != "setup":
        return {}
    wrong: dict[str, str] = {}
    fields = message.fields
    for name in ("time", "reveal"):
        if _time(fields.get(name, "")) is None:
            wrong[name] = f"{fields.get(name, '')!r} is not a time of day. Write it as 09:00."
    if not _zone(fields.get("zone", "")):
        wrong["zone"] = f"I know no time zone {fields.get('zone', '')!r}. Write it as Europe/Berlin or America/New_York."
    if not fields.get("days"):
        wrong["days"] = "Choose at least one day."
    if not fields.get("competencies"):
        wrong["competencies"] = "Choose at least one."
    try:
        _dates(fields.get("days_off", ""))
    except ValueError:
        wrong["days_off"] = "Write dates as 2026-12-24, with commas between."
    if not wrong:
        try:
            tools.cadence(filled(Drill(key=str(message.place.outside), place=message.place.outside, owner=message.author), fields))
        except CoachError as error:
            wrong["country"] = str(error)
        if not tools.bank.among(_chosen(fields), fields.get("level", "any")):
            wrong["competencies"] = "The bank has no question of that kind at that level."
    return wrong


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text.strip().zfill(5)).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None


def _zone(text: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(text.strip())
    except (KeyError, ValueError, OSError):
        return None


def _dates(text: str) -> tuple[date, ...]:
    return tuple(sorted({date.fromisoformat(part.strip()) for part in text.split(",") if part.strip()}))


def _chosen(fields: Mapping[str, str]) -> tuple[str, ...]:
    chosen = tuple(slug for slug in COMPETENCIES if slug in fields.get("competencies", "").split(","))
    return () if len(chosen) == len(COMPETENCIES) else chosen


def filled(drill: Drill, fields: Mapping[str, str]) -> Drill:
    """The order with what the form holds. Check it first."""
    recap = fields.get("recap", NONE)
    return Drill.model_validate(
        drill.model_dump()
        | {
            "days": tuple(sorted(int(day) for day in fields.get("days", "").split(",") if day.isdigit() and int(day) < 7)),
            "at": _time(fields["time"]),
            "reveal": _time(fields["reveal"]),
            "zone": fields["zone"].strip(),
            "level": fields.get("level", "any"),
            "competencies": _chosen(fields),
            "country": fields.get("country", "").strip().upper(),
            "days_off": _dates(fields.get("days_off", "")),
            "recap": None if recap == NONE else int(recap),
        }
    )
