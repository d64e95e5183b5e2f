"""`/settings`: level, time zone, coaching, reminders, working days and quiet hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from zoneinfo import ZoneInfo

from core.chat import Button, Card, Fact, Form, Input, Message, Option
from core.errors import NotUnderstood
from core.features.handler import AnyHandler, Caller, Handler, Outcome, Tools, passing, read_caller, zone_of
from core.questions.bank import LEVELS
from core.records import Profile

COACHING = {"daily": "Once a day at most", "weekly": "Once a week", "off": "Never"}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def form(known: Caller, message: Message, tools: Tools) -> Form | None:
    """All settings at once, where none was named."""
    if message.fields:
        return None
    mine = known.known(message, tools.now)
    return Form(
        title="Your settings",
        line="settings",
        fields=(
            Input(name="level", label="Level", kind="choice", value=mine.level, options=_options(LEVELS)),
            Input(name="zone", label="Time zone", value=str(zone_of(mine, known.space, message.author.zone)), hint="As in Europe/Berlin"),
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
        ),
        submit="Save",
    )


def _options(labels: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value=value, label=label) for value, label in labels.items())


def check(message: Message, tools: Tools) -> Mapping[str, str]:
    """What is no zone, no time, no choice."""
    wrong: dict[str, str] = {}
    fields = message.fields
    if "zone" in fields:
        try:
            ZoneInfo(fields["zone"].strip())
        except (KeyError, ValueError, OSError):
            wrong["zone"] = f"I know no time zone {fields['zone']!r}. Write it as Europe/Berlin or America/New_York."
    for name in ("remind_at", "quiet_from", "quiet_to"):
        if name in fields and _time(fields[name]) is None:
            wrong[name] = f"{fields[name]!r} is not a time of day. Write it as 09:00."
    if "level" in fields and fields["level"] not in LEVELS:
        wrong["level"] = "Choose SDE I, II or III."
    if "coaching" in fields and fields["coaching"] not in COACHING:
        wrong["coaching"] = "Choose daily, weekly or off."
    if "workdays" in fields and not fields["workdays"].strip(", "):
        wrong["workdays"] = "Choose at least one day."
    return wrong


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text.strip().zfill(5)).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None


async def settings(known: Caller, message: Message, tools: Tools) -> Outcome:
    """Change what was named; show what holds now."""
    wrong = check(message, tools)
    if wrong:
        raise NotUnderstood(" ".join(wrong.values()))
    fields = message.fields
    changes: dict[str, object] = {name: fields[name].strip() for name in ("level", "zone", "coaching") if name in fields}
    changes |= {name: _time(fields[name]) for name in ("remind_at", "quiet_from", "quiet_to") if name in fields}
    if "workdays" in fields:
        changes["workdays"] = tuple(sorted(int(day) for day in fields["workdays"].split(",") if day.strip().isdigit() and int(day) < 7))
    mine = known.known(message, tools.now).model_copy(update=changes)
    return Outcome(saves=(mine,), posts=(passing(message, shown(mine, known, message)),))


def shown(mine: Profile, known: Caller, message: Message) -> Card:
    """What holds now."""
    return Card(
        title="Your settings",
        facts=(
            Fact(label="Level", value=LEVELS[mine.level]),
            Fact(label="Time zone", value=str(zone_of(mine, known.space, message.author.zone))),
            Fact(label="The coach writes", value=f"{COACHING[mine.coaching].lower()}, at {mine.remind_at:%H:%M}"),
            Fact(label="Quiet hours", value=f"{mine.quiet_from:%H:%M} to {mine.quiet_to:%H:%M}"),
            Fact(label="Reminders", value="at each daily question" if mine.reminders == "every" else "only when you ask"),
        ),
        buttons=(Button(label="Change", line="settings"), Button(label="My data", line="privacy")),
    )


HANDLERS: dict[str, AnyHandler] = {"settings": Handler(read=read_caller, decide=settings, form=form, check=check)}
