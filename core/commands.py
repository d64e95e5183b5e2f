"""Every command, one row each, and the one parser.

The table feeds the parser, `/help`, the page's completion, Slack's manifest, Discord's menu and `docs/commands.md`.
A button carries a command line; a lone word in a mock is one; what falls due is one. There is no second path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from core.chat import Frozen, Option
from core.questions.bank import COMPETENCIES, LEVELS


class Param(Frozen):
    """One argument. With `options` it takes one of them, by value, label or alias; without, free text."""

    name: str
    summary: str
    options: tuple[Option, ...] = ()
    aliases: Mapping[str, str] = {}
    required: bool = False
    of: tuple[str, ...] = ()
    """The actions it belongs to; empty: the bare command."""


class Command(Frozen):
    """One row of the table."""

    name: str
    summary: str
    params: tuple[Param, ...] = ()
    actions: tuple[tuple[str, str], ...] = ()
    """Second words, each with its own one line of help."""
    rest: str | None = None
    """The argument that takes whatever words are left over."""
    shown: bool = True
    """Whether people type it; the others are carried by buttons and timers."""
    lone: bool = False
    """A single word that counts inside a mock, alone on its line."""
    urgent: bool = False
    """Does not wait behind a slow answer."""
    slow: bool = False
    """Takes a while, and nobody is to wait behind it."""
    due: bool = False
    """Comes from a timer only; nobody can type it."""
    who: Literal["anyone", "lead", "admin"] = "anyone"

    @property
    def usage(self) -> str:
        """How it is typed: `/mock [round] [level] [minutes]`."""
        parts = [f"/{self.name}"]
        if self.actions:
            parts.append("|".join(word for word, _ in self.actions))
        parts += [param.name if param.required else f"[{param.name}]" for param in self.params]
        return " ".join(parts)

    def param(self, name: str) -> Param | None:
        """The argument of this name."""
        return next((param for param in self.params if param.name == name), None)


def _options(labels: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value=value, label=label) for value, label in labels.items())


_LEVEL_WORDS = {
    **dict.fromkeys(("1", "i", "l4", "junior", "sde-1", "sdei"), "sde1"),
    **dict.fromkeys(("2", "ii", "l5", "mid", "sde-2", "sdeii"), "sde2"),
    **dict.fromkeys(("3", "iii", "l6", "senior", "sde-3", "sdeiii"), "sde3"),
}
_ROUND_WORDS = {"api": "api_data", "data": "api_data", "api-data": "api_data", "system": "design", "system-design": "design",
                "perf": "performance", "lp": "leadership", "behavioural": "leadership", "behavioral": "leadership",
                "story": "leadership", "ops": "execution", "any": "surprise", "random": "surprise"}  # fmt: skip

LEVEL = Param(name="level", summary="SDE I, II or III", options=_options(LEVELS), aliases=_LEVEL_WORDS)
ROUND = Param(
    name="round",
    summary="What it is about, or a surprise",
    options=(*_options(COMPETENCIES), Option(value="surprise", label="Surprise me")),
    aliases=_ROUND_WORDS,
)
MINUTES = Param(
    name="minutes",
    summary="5, 15 or 45 minutes",
    options=tuple(Option(value=str(n), label=f"{n} minutes") for n in (5, 15, 45)),
    aliases={"5min": "5", "15min": "15", "45min": "45", "5m": "5", "15m": "15", "45m": "45"},
)
WHERE = Param(
    name="where",
    summary="Private: only you. Open: a thread that everybody here can read",
    options=(Option(value="private", label="Private, only you"), Option(value="open", label="Open, everybody here can read")),
)
LOOP = Option(value="loop", label="A full loop of four rounds")
"""Only where a mock is set up."""
PERSONA = Param(
    name="persona",
    summary="How the interviewer speaks, where it is a model",
    options=_options({"neutral": "Calm and plain", "warm": "Warm", "silent": "Silent", "sceptical": "Sceptical"}),
    aliases={"skeptical": "sceptical", "plain": "neutral", "quiet": "silent", "friendly": "warm"},
)
COMPETENCY = Param(name="competency", summary="Which of the six", options=_options(COMPETENCIES), aliases=_ROUND_WORDS)
QUESTION = Param(name="question", summary="A question's id")
TEXT = Param(name="text", summary="Your own words")
ID = Param(name="id", summary="Which one")
TURN = Param(name="turn", summary="Which turn")
POINT = Param(name="point", summary="Which point")


def _of(param: Param, *actions: str) -> Param:
    return param.model_copy(update={"of": actions})


COMMANDS: tuple[Command, ...] = (
    Command(name="coach", summary="Home: one next step. Also goes before any other command", rest="text", params=(TEXT,)),
    Command(
        name="question",
        summary="A question to answer now, by competency, level or topic",
        params=(COMPETENCY, LEVEL, Param(name="topic", summary="A word to look for"), ID),
        actions=(("new", "One beyond the bank, written now by a model and held to our checks"),),
        rest="topic",
    ),
    Command(
        name="mock",
        summary="A mock interview with probing follow-ups and a debrief",
        params=(ROUND.model_copy(update={"options": (*ROUND.options, LOOP)}), LEVEL, MINUTES, PERSONA, WHERE, QUESTION),
        actions=(("resume", "Go on where you paused"), ("end", "End it and get the debrief")),
    ),
    Command(name="review", summary="Have an answer reviewed, without an interview", params=(TEXT, QUESTION), rest="text"),
    Command(
        name="stories",
        summary="Your leadership stories",
        params=(_of(ID, "delete"), _of(TEXT, "add")),
        actions=(("list", "What you keep"), ("add", "Keep a new one"), ("delete", "Remove one")),
        rest="text",
    ),
    Command(
        name="background",
        summary="Loop date, years, stack, a job or résumé: what a model may fit practice to",
        actions=(("set", "Tell it, or change it"), ("show", "What is kept"), ("clear", "Remove it")),
    ),
    Command(name="progress", summary="What you practised and what is still open", actions=(("week", "This week"), ("all", "Everything"))),
    Command(
        name="guide",
        summary="What the loop looks for, how to prepare, what to avoid",
        actions=(
            ("screens", "What Amazon screens for"),
            ("playbook", "Four habits"),
            ("pitfalls", "Four things to avoid"),
            ("principles", "The leadership principles"),
            ("loop", "How the loop works at each level"),
            ("faq", "Practice, live help, suggested answers"),
        ),
    ),
    Command(
        name="settings",
        summary="Level, time zone, reminders, quiet hours",
        params=(
            LEVEL,
            Param(name="zone", summary="Your time zone, such as Europe/Berlin"),
            Param(
                name="coaching",
                summary="How often the coach writes",
                options=_options({"daily": "Once a day at most", "weekly": "Once a week", "off": "Never"}),
            ),
            Param(name="pause", summary="No messages until a date, a weekday, or for a number of days"),
        ),
    ),
    Command(
        name="model",
        summary="Who reads what you write: a model, or text match only",
        params=(ID.model_copy(update={"of": ("on",), "summary": "On a button: whom one agreed to"}),),
        actions=(
            ("show", "Who reads, where, and what it cost today"),
            ("on", "A model may read what I write"),
            ("off", "Text match only"),
            ("allow", "A lead: people here may use it"),
            ("forbid", "A lead: nobody here uses it"),
        ),
    ),
    Command(
        name="privacy",
        summary="What is stored about you; take it along or erase it",
        params=(Param(name="sure", summary="yes, to erase", of=("erase",)),),
        actions=(("show", "What is stored"), ("export", "Everything as Markdown and JSON"), ("erase", "Delete all of it")),
        urgent=True,
    ),
    Command(
        name="drill",
        summary="The channel's daily question",
        params=(
            Param(name="until", summary="A date, a weekday, or a number of days", of=("pause",)),
            Param(name="time", summary="For setup: when it comes, such as 09:00", of=("setup",)),
            Param(name="reveal", summary="For setup: when the answer is shown", of=("setup",)),
            Param(name="zone", summary="For setup: the time zone, such as Europe/Berlin", of=("setup",)),
            Param(name="country", summary="For setup: whose public holidays are kept, such as DE or DE-BY", of=("setup",)),
        ),
        actions=(
            ("setup", "Days, time, zone, topics"),
            ("show", "What is set, what comes next"),
            ("pause", "No questions until a date"),
            ("resume", "Go on"),
            ("skip", "Leave out the next one"),
            ("now", "Post the next one now"),
            ("preview", "See the next one, only you"),
            ("stop", "No more questions"),
        ),
        rest="until",
        who="lead",
    ),
    Command(name="help", summary="All commands", params=(Param(name="command", summary="Which one"),), rest="command"),
    # In a mock: buttons and lone words.
    Command(name="done", summary="That was my answer", params=(ID, TURN), shown=False, lone=True),
    Command(name="say", summary="Answer in a form", params=(ID, TURN, TEXT), shown=False),
    Command(name="hint", summary="A nudge; noted in the debrief", params=(ID, TURN), shown=False, lone=True),
    Command(name="skip", summary="Leave this and go on", params=(ID, TURN), shown=False, lone=True),
    Command(name="pause", summary="Stop the clock", params=(ID,), shown=False, lone=True),
    Command(name="resume", summary="Go on", params=(ID,), shown=False, lone=True),
    Command(name="time", summary="How much is left", params=(ID,), shown=False, lone=True),
    Command(name="end", summary="End it and get the debrief", params=(ID,), shown=False, lone=True, urgent=True),
    Command(name="begin", summary="Start the clock", params=(ID,), shown=False),
    Command(name="cancel", summary="Do not hold this mock", params=(ID,), shown=False),
    Command(name="change", summary="Other settings for this mock", params=(ID, ROUND, LEVEL, MINUTES), shown=False),
    # On cards.
    Command(
        name="answer",
        summary="Answer privately",
        params=(QUESTION, TEXT, Param(name="daily", summary="Which daily question"), POINT),
        shown=False,
    ),
    Command(name="pass", summary="See the bullets without an attempt", params=(QUESTION,), shown=False),
    Command(name="bullets", summary="Suggested bullets", params=(QUESTION,), shown=False),
    Command(name="retry", summary="The same question again", params=(QUESTION,), shown=False),
    Command(name="dispute", summary="I did say that", params=(ID, POINT, Param(name="sentence", summary="Which sentence")), shown=False),
    Command(name="mine", summary="My review of a daily question", params=(ID,), shown=False),
    Command(name="show", summary="What could not be sent to me", params=(ID,), shown=False),
    Command(name="rate", summary="Whether a review helped", params=(ID, Param(name="useful", summary="yes or no")), shown=False),
    Command(name="share", summary="Post my own answer here", params=(ID,), shown=False),
    Command(name="followup", summary="Answer the follow-up", params=(QUESTION, POINT, TEXT), shown=False),
    Command(name="keep", summary="Keep the story", params=(ID,), shown=False),
    Command(name="remind", summary="Remind me", params=(Param(name="at", summary="lunch, tonight, every or stop"), QUESTION), shown=False),
    Command(
        name="comeback",
        summary="When a missed point comes back",
        params=(Param(name="at", summary="tomorrow, weekly, daily, stop, enough or bullet"), ID),
        shown=False,
    ),
    Command(name="week", summary="My own week", shown=False),
    Command(name="preview", summary="Tomorrow at nine, now", shown=False),
    Command(name="ask", summary="Ask about a review", params=(ID, TEXT), shown=False),
    Command(name="discuss", summary="What is weak about that sentence", params=(ID,), shown=False),
    Command(name="fit", summary="The bullets, fitted to my own stories", params=(QUESTION,), shown=False),
    Command(name="loop", summary="The next round of a loop", params=(ID,), shown=False),
    Command(name="round", summary="The debrief of one round of a loop", params=(ID,), shown=False),
    # What falls due.
    Command(name="quiet", summary="Nothing was said for a while", params=(ID, TURN), shown=False, due=True),
    Command(
        name="coin",
        summary="A new question is written",
        params=(COMPETENCY, LEVEL, ID),
        shown=False,
        due=True,
        slow=True,
    ),
    Command(name="regrade", summary="A mock is read once more", params=(ID,), shown=False, due=True, slow=True),
    Command(name="box", summary="A time box runs out", params=(ID,), shown=False, due=True),
    Command(name="reveal", summary="Show the suggested answer", params=(ID,), shown=False, due=True),
    Command(name="undelivered", summary="A daily question could not be posted", params=(ID,), shown=False, due=True),
    Command(name="unsent", summary="Something could not be delivered", shown=False, due=True),
    Command(name="nudge", summary="The promised reminder", params=(QUESTION,), shown=False, due=True),
    Command(name="followed", summary="The next morning's message", shown=False, due=True),
)

BY_NAME: Mapping[str, Command] = {command.name: command for command in COMMANDS}
LONE: frozenset[str] = frozenset(command.name for command in COMMANDS if command.lone)

Call = tuple[str, dict[str, str]]
"""A command's name and its arguments."""

_TOKEN = re.compile(r'([a-z_]+):"([^"]*)"|([a-z_]+):(\S+)|"([^"]*)"|(\S+)')


def parse(line: str, *, bare: bool = False, lone: bool = False) -> Call | None:
    """What a line means, or None where it is no command.

    A line that starts with "/" may be anything. With `bare` a command's name without the slash counts, but only where
    every word after it is one of that command's own: a sentence never is a command. With `lone` only the words of a
    mock count, alone on the line.
    """
    text = line.strip()
    slash = text.startswith("/")
    head, _, tail = text.removeprefix("/").partition(" ")
    name = head.lower()
    if lone and not slash:
        word = text.lower().rstrip(".!")
        return (word, {}) if word in LONE else None
    if not (slash or bare):
        return None
    if name == "coach" and tail.strip():
        inner = parse(f"/{tail.strip()}") if slash else parse(tail, bare=True)
        return inner or (("coach", {"text": tail.strip()}) if slash else None)
    command = BY_NAME.get(name)
    if command is None or command.due or not (slash or command.shown):
        return None
    fields = _fields(command, tail, strict=not slash)
    return None if fields is None else (name, fields)


def odd_choices(name: str | None, fields: Mapping[str, str]) -> dict[str, str]:
    """Arguments that take one of a few values and were given another: argument → sentence."""
    command = BY_NAME.get(name or "")
    wrong: dict[str, str] = {}
    for given, value in fields.items():
        param = command.param(given) if command else None
        if param and param.options and value not in [option.value for option in param.options]:
            *first, last = [option.label for option in param.options]
            wrong[given] = f"I know no {given} {value!r}. Choose {', '.join(first)} or {last}."
    return wrong


def parse_button(line: str) -> Call:
    """What a button or a timer carries: the name, then `key:value` or values in the row's order. KeyError where it is none."""
    head, _, tail = line.partition(" ")
    command = BY_NAME[head]
    fields = _fields(command, tail, strict=False)
    return command.name, fields or {}


def _fields(command: Command, tail: str, *, strict: bool) -> dict[str, str] | None:
    fields: dict[str, str] = {}
    left: list[str] = []
    actions = {word for word, _ in command.actions}
    for key, value in _tokens(tail):
        if key and (param := command.param(key)):
            fields[key] = _value(param, value) or value
        elif not key and value.lower() in actions and "action" not in fields and not left:
            fields["action"] = value.lower()
        elif not key and (found := _choice(command, value, fields)):
            fields[found[0]] = found[1]
        else:
            left.append(f"{key}:{value}" if key else value)
    if not left:
        return fields
    if strict:
        return None
    if command.rest:
        fields[command.rest] = _rest(command, tail, left)
        return fields
    for param in command.params:
        if left and param.name not in fields and not param.options:
            fields[param.name] = left.pop(0)
    return fields


def _rest(command: Command, tail: str, left: list[str]) -> str:
    """Left-over words as they were typed, line breaks and all, where nothing else was understood."""
    text = tail.strip()
    return text if len(left) == len(list(_tokens(tail))) else " ".join(left)


def _choice(command: Command, word: str, taken: Mapping[str, str]) -> tuple[str, str] | None:
    for param in command.params:
        if param.options and param.name not in taken and (value := _value(param, word)):
            return param.name, value
    return None


def _value(param: Param, word: str) -> str | None:
    plain = word.lower()
    for option in param.options:
        if plain in (option.value, option.label.lower()):
            return option.value
    return param.aliases.get(plain)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(text):
        quoted_key, quoted, key, value, phrase, word = match.groups()
        if quoted_key or key:
            yield (quoted_key or key), (quoted if quoted_key else value)
        else:
            yield "", phrase if phrase is not None else word
