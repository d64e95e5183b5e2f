"""`/settings`: level, time zone, coaching, working days, holidays, quiet hours, a pause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from core.chat import Button, Card, Fact, Form, Input, Message, Option, when
from core.errors import CoachError, NotUnderstood
from core.features.calendar import DAYS, at_local, mornings, no_time, no_zone, read_country, read_time, read_until, read_zone
from core.features.coaching import planned_anew
from core.features.handler import AnyHandler, Caller, Handler, Outcome, Tools, passing, read_caller, zone_of
from core.ports import Reads
from core.questions.bank import LEVELS
from core.records import Profile, Timer

COACHING = {"daily": "Once a day at most", "weekly": "Once a week", "off": "Never"}
TIMES = ("remind_at", "quiet_from", "quiet_to")


@dataclass(frozen=True)
class Mine:
    """The person, and the message that waits for them."""

    caller: Caller
    follow: Timer | None


async def read_mine(reads: Reads, message: Message) -> Mine:
    """The author's own."""
    return Mine(await read_caller(reads, message), await reads.get(Timer, f"followed:{message.author.key}"))


def form(known: Mine, message: Message, tools: Tools) -> Form | None:
    """All settings at once, where none was named."""
    if message.fields:
        return None
    mine = known.caller.known(message, tools.now)
    zone = zone_of(mine, known.caller.space, message.author.zone)
    paused = _pause(mine, tools)
    return Form(
        title="Your settings",
        line="settings",
        fields=(
            Input(name="level", label="Level", kind="choice", value=mine.level, options=_options(LEVELS)),
            Input(name="zone", label="Time zone", value=str(zone), hint="As in Europe/Berlin"),
            Input(name="coaching", label="The coach writes", kind="choice", value=mine.coaching, options=_options(COACHING)),
            Input(name="remind_at", label="At", kind="time", value=f"{mine.remind_at:%H:%M}"),
            Input(
                name="workdays",
                label="Working days",
                kind="choices",
                value=",".join(map(str, mine.workdays)),
                options=tuple(Option(value=str(number), label=day) for number, day in enumerate(DAYS)),
            ),
            Input(name="quiet_from", label="Quiet from", kind="time", value=f"{mine.quiet_from:%H:%M}"),
            Input(name="quiet_to", label="Quiet until", kind="time", value=f"{mine.quiet_to:%H:%M}"),
            Input(
                name="country",
                label="No messages on public holidays of",
                value=known.caller.country if mine.country is None else mine.country,
                required=False,
                hint="Country code such as DE or US; empty: none",
            ),
            Input(
                name="pause",
                label="No messages until",
                value=f"{paused.astimezone(zone):%Y-%m-%d}" if paused else "",
                required=False,
                hint="A date such as 2026-12-24, a weekday, or a number of days; empty: no pause",
            ),
        ),
        submit="Save",
    )


def _options(labels: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value=value, label=label) for value, label in labels.items())


def _pause(mine: Profile, tools: Tools) -> datetime | None:
    return mine.paused_until if mine.paused_until and mine.paused_until > tools.now else None


def check(message: Message, tools: Tools) -> Mapping[str, str]:
    """What is no zone, no time, no choice, no country, no date to come."""
    fields = message.fields
    wrong = {name: no_time(fields[name]) for name in TIMES if name in fields and read_time(fields[name]) is None}
    if "zone" in fields and not read_zone(fields["zone"]):
        wrong["zone"] = no_zone(fields["zone"])
    if "level" in fields and fields["level"] not in LEVELS:
        wrong["level"] = "Choose SDE I, II or III."
    if "coaching" in fields and fields["coaching"] not in COACHING:
        wrong["coaching"] = "Choose daily, weekly or off."
    if "workdays" in fields and not _days(fields["workdays"]):
        wrong["workdays"] = "Choose at least one day."
    for name, read in (("country", _holidays_of), ("pause", _until)):
        try:
            read(fields.get(name, ""), message, tools)
        except CoachError as error:
            wrong[name] = str(error)
    return wrong


def _days(text: str) -> tuple[int, ...]:
    return tuple(sorted({int(day) for day in text.split(",") if day.strip() in tuple("0123456")}))


def _holidays_of(text: str, message: Message, tools: Tools) -> str:
    country = read_country(text)
    tools.cadence(mornings(Profile(key="", who=message.author, home=message.place, met_at=tools.now, country=country), ZoneInfo("UTC"), ""))
    return country


def _until(text: str, message: Message, tools: Tools, zone: ZoneInfo | None = None) -> datetime | None:
    if not text.strip():
        return None
    zone = zone or read_zone(message.fields.get("zone", "")) or zone_of(None, None, message.author.zone)
    return at_local(read_until(text, tools.now.astimezone(zone).date()), time(0), zone)


async def settings(known: Mine, message: Message, tools: Tools) -> Outcome:
    """Change what was named, and with it when the next message comes; show what holds now."""
    wrong = check(message, tools)
    if wrong:
        raise NotUnderstood(" ".join(wrong.values()))
    before = known.caller.known(message, tools.now)
    mine = before.model_copy(update=_changes(known, before, message, tools))
    card = shown(mine, known.caller, message)
    if mine.coaching == "off":
        gone = (known.follow,) if known.follow else ()
        return Outcome(saves=(mine,), removes=gone, posts=(passing(message, card),))
    waits = known.follow is not None or before.coaching == "off"
    plan = planned_anew(before, mine, known.follow, known.caller, tools) if waits and mine != before else None
    return Outcome(saves=(mine, *((plan,) if plan else ())), posts=(passing(message, card),))


def _changes(known: Mine, before: Profile, message: Message, tools: Tools) -> dict[str, object]:
    fields = message.fields
    changes: dict[str, object] = {name: fields[name].strip() for name in ("level", "zone", "coaching") if name in fields}
    changes |= {name: read_time(fields[name]) for name in TIMES if name in fields}
    if "workdays" in fields:
        changes["workdays"] = _days(fields["workdays"])
    if "country" in fields:
        country = read_country(fields["country"])
        changes["country"] = None if before.country is None and country == known.caller.country else country
    if "pause" in fields:
        zone = zone_of(before.model_copy(update=changes), known.caller.space, message.author.zone)
        changes["paused_until"] = _until(fields["pause"], message, tools, zone)
    return changes


def shown(mine: Profile, known: Caller, message: Message) -> Card:
    """What holds now."""
    paused = mine.paused_until if mine.paused_until and mine.paused_until > message.sent_at else None
    return Card(
        title="Your settings",
        facts=(
            Fact(label="Level", value=LEVELS[mine.level]),
            Fact(label="Time zone", value=str(zone_of(mine, known.space, message.author.zone))),
            Fact(label="The coach writes", value=f"{COACHING[mine.coaching].lower()}, at {mine.remind_at:%H:%M}"),
            Fact(label="Quiet hours", value=f"{mine.quiet_from:%H:%M} to {mine.quiet_to:%H:%M}"),
            Fact(label="Public holidays", value=(known.country if mine.country is None else mine.country) or "none kept"),
            *((Fact(label="Paused until", value=when(paused, "date")),) if paused else ()),
            Fact(label="Reminders", value="at each daily question" if mine.reminders == "every" else "only when you ask"),
        ),
        buttons=(Button(label="Change", line="settings"), Button(label="My data", line="privacy")),
    )


HANDLERS: dict[str, AnyHandler] = {"settings": Handler(read=read_mine, decide=settings, form=form, check=check)}
