"""`/guide`, `/help` and `/coach`: what the loop looks for, what one can type, and one next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from core.chat import Button, Card, Line, Message
from core.commands import BY_NAME, COMMANDS, Command
from core.errors import NotUnderstood
from core.features.handler import AnyHandler, Caller, Handler, Outcome, Tools, passing, read_caller
from core.ports import Reads
from core.questions.bank import COMPETENCIES, DATA, LEVELS
from core.records import Attempt, Occurrence, Weakness

FOOTER = "Independent of Amazon; own wording. Practice signal, not Amazon's scoring."


@cache
def _content() -> Mapping[str, Any]:
    return dict(yaml.safe_load((DATA / "guide.yaml").read_text(encoding="utf-8")))


@cache
def _principles() -> Sequence[Mapping[str, Any]]:
    return list(yaml.safe_load((DATA / "principles.yaml").read_text(encoding="utf-8")))


async def guide(known: Caller, message: Message, tools: Tools) -> Outcome:
    """One chapter of the guide, or its contents."""
    chapter = message.fields.get("action", "")
    card = _CHAPTERS[chapter](known) if chapter in _CHAPTERS else _contents()
    return Outcome(posts=(passing(message, card),))


def _contents() -> Card:
    rows = BY_NAME["guide"].actions
    return Card(
        title="Guide",
        text="Short chapters; each fits on one screen.",
        buttons=tuple(Button(label=summary, line=f"guide {word}") for word, summary in rows),
        footer=FOOTER,
    )


def _next_chapters(here: str) -> tuple[Button, ...]:
    rows = [row for row in BY_NAME["guide"].actions if row[0] != here]
    return tuple(Button(label=summary, line=f"guide {word}") for word, summary in rows[:3])


def _screens(known: Caller) -> Card:
    lines = tuple(
        Line(text=f"**{item['name']}.** {item['looks_for']} Shows as: {'; '.join(item['shows'])}") for item in _content()["screens"]
    )
    return Card(title="What Amazon screens for", bullets=lines, buttons=_practise("screens"), footer=FOOTER)


def _playbook(known: Caller) -> Card:
    lines = tuple(
        Line(text=f"**{item['name']}.** {item['why']} {' '.join(item['do'])}", note=f"For example: {item['example']}")
        for item in _content()["playbook"]
    )
    return Card(title="Prep playbook: four habits", bullets=lines, buttons=_practise("playbook"), footer=FOOTER)


def _pitfalls(known: Caller) -> Card:
    lines = tuple(Line(text=f"**{item['name']}.** {item['looks_like']} Instead: {item['instead']}") for item in _content()["pitfalls"])
    return Card(title="Four things to avoid", bullets=lines, buttons=_practise("pitfalls"), footer=FOOTER)


def _principle_list(known: Caller) -> Card:
    lines = tuple(Line(text=f"**{item['name']}.** {item['gloss']}", note=item["probes"][0]) for item in _principles())
    return Card(
        title="The 16 leadership principles",
        text="In our own words: what interviewers listen for, and a first follow-up.",
        bullets=lines,
        buttons=(Button(label="Practise a story", line="question competency:leadership", style="primary"), *_next_chapters("principles")),
        footer=FOOTER,
    )


def _loop(known: Caller) -> Card:
    content = _content()["loop"]
    mine = known.profile.level if known.profile else "sde2"
    lines = [
        Line(
            text=f"**{LEVELS[level]}{' (yours)' if level == mine else ''}.** {content[level]['rounds']} "
            f"{content[level]['design']} {content[level]['stories']}"
        )
        for level in LEVELS
    ]
    lines += [Line(text=f"**Bar raiser.** {content['bar_raiser']}"), Line(text=f"**Debrief.** {content['debrief']}")]
    sources = "\n".join(f"- [{item['what']}]({item['url']}) ({item['kind']}, as of {item['as_of']})" for item in content["sources"])
    return Card(
        title="How the loop works",
        text=content["summary"],
        bullets=tuple(lines),
        after=f"**Sources**\n{sources}",
        buttons=_next_chapters("loop"),
        footer=FOOTER,
    )


def _faq(known: Caller) -> Card:
    lines = tuple(Line(text=f"**{item['q']}** {item['a']}") for item in _content()["faq"])
    return Card(title="Questions people ask", bullets=lines, buttons=_next_chapters("faq"), footer=FOOTER)


def _practise(here: str) -> tuple[Button, ...]:
    return (Button(label="Practise one question", line="question", style="primary"), *_next_chapters(here))


_CHAPTERS = {
    "screens": _screens,
    "playbook": _playbook,
    "pitfalls": _pitfalls,
    "principles": _principle_list,
    "loop": _loop,
    "faq": _faq,
}


# --- /help -----------------------------------------------------------------------------------------------------------


async def help_(known: Caller, message: Message, tools: Tools) -> Outcome:
    """All commands, or one of them."""
    name = message.fields.get("command", "").strip("/ ").lower()
    if not name:
        return Outcome(posts=(passing(message, _all_commands()),))
    command = BY_NAME.get(name)
    if command is None or not (command.shown or command.lone):
        raise NotUnderstood(f"There is no command {name!r}. Type /help for the list.")
    return Outcome(posts=(passing(message, _one_command(command)),))


def _all_commands() -> Card:
    lines = tuple(Line(text=f"`{command.usage}` {command.summary}") for command in COMMANDS if command.shown)
    lone = ", ".join(f"`{command.name}`" for command in COMMANDS if command.lone)
    return Card(
        title="Commands",
        text="Each also works as `/coach` and the word.",
        bullets=lines,
        after=f"In a mock, alone on a line: {lone}. Inside a sentence they are just words.",
        footer=FOOTER,
    )


def _one_command(command: Command) -> Card:
    lines = [Line(text=f"`{word}` {summary}") for word, summary in command.actions]
    for param in command.params:
        choices = ", ".join(option.label for option in param.options)
        lines.append(Line(text=f"`{param.name}` {param.summary}{f': {choices}' if choices else ''}"))
    return Card(title=f"/{command.name}", text=f"{command.summary}. `{command.usage}`", bullets=tuple(lines))


# --- /coach ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Home:
    """What the one next step depends on."""

    caller: Caller
    attempts: int
    open: Sequence[Weakness]
    today: Occurrence | None
    answered_today: bool


async def read_home(reads: Reads, message: Message) -> Home:
    """How much was practised, what is open, today's question here."""
    person = message.author.key
    recent = await reads.find(Occurrence, drill=str(message.place.outside), order="-due_at", limit=1, status="posted")
    today = recent[0] if recent else None
    answered = bool(today and await reads.count(Attempt, person=person, occurrence=today.key))
    return Home(
        caller=await read_caller(reads, message),
        attempts=await reads.count(Attempt, person=person),
        open=await reads.find(Weakness, person=person, status="open", order="due_at", limit=1),
        today=today,
        answered_today=answered,
    )


async def home(known: Home, message: Message, tools: Tools) -> Outcome:
    """One next step, and four ways on."""
    asked = message.fields.get("text", "").strip()
    if asked:
        raise NotUnderstood(
            f"I do not know {asked.split()[0]!r} as a command. Type /help for the list, or paste an answer in a direct message."
        )
    return Outcome(posts=(passing(message, home_card(known, tools)),))


def home_card(known: Home, tools: Tools) -> Card:
    """The one next step, and four ways on."""
    step, button = _next_step(known, tools)
    return Card(
        title="Your next step",
        text=step,
        buttons=(
            button,
            Button(label="Mock 5 min", line="mock minutes:5"),
            Button(label="Guide", line="guide"),
            Button(label="Progress", line="progress"),
            Button(label="Settings", line="settings"),
        ),
        footer=f"Reviewer: {tools.panel.name}. Independent, not affiliated with Amazon.",
    )


def _next_step(known: Home, tools: Tools) -> tuple[str, Button]:
    if known.today and not known.answered_today and (question := tools.bank.find(known.today.question)):
        return (
            f"Today's question is waiting: **{question.title}** ({COMPETENCIES[question.competency]}, about {question.minutes} min).",
            Button(label="Answer privately", line=f"answer daily:{known.today.key}", style="primary"),
        )
    if known.open and (question := tools.bank.find(known.open[0].question)) and known.open[0].point in question.by_point:
        point = question.point(known.open[0].point)
        return (
            f"One point is still open from **{question.title}**: {point.name}. Two or three sentences are enough.",
            Button(label="Answer that", line=f"followup {question.id} {point.id}", style="primary"),
        )
    if not known.attempts:
        return (
            "Answer one question in your own words, three to six sentences. You get a checklist with your own sentences as evidence.",
            Button(label="First question", line="question", style="primary"),
        )
    return (
        "Nothing is open. Take a mock of fifteen minutes: a short story, then a design.",
        Button(label="Mock 15 min", line="mock minutes:15", style="primary"),
    )


HANDLERS: dict[str, AnyHandler] = {
    "guide": Handler(read=read_caller, decide=guide),
    "help": Handler(read=read_caller, decide=help_),
    "coach": Handler(read=read_home, decide=home),
}
