"""What is offered while somebody types an option: questions, topics, time zones, commands. Always at once, from memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from zoneinfo import available_timezones

from adapters.discord.controls import OPTION, OPTIONS, shorter
from core.commands import COMMANDS
from core.questions.bank import COMPETENCIES, Bank

Offered = list[tuple[str, str]]
"""Name and value, 25 at most."""
COMMON = ("Europe/London", "Europe/Berlin", "Europe/Paris", "America/New_York", "America/Chicago", "America/Los_Angeles", "Asia/Kolkata")


class Suggesting:
    """Knows the bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._ways: Mapping[str, Callable[[str], Offered]] = {
            "question": self.questions,
            "topic": self.topics,
            "zone": zones,
            "command": commands,
        }

    def ways(self, command: str, param: str) -> Callable[[str], Offered] | None:
        """How to complete this option; None where nothing can be offered."""
        return self.questions if (command, param) == ("question", "id") else self._ways.get(param)

    def questions(self, typed: str) -> Offered:
        """By title, id or competency."""
        found = (
            (f"{question.title} · {COMPETENCIES[question.competency]}", question.id, " ".join(question.topics))
            for question in self._bank.questions
        )
        return _first(typed, found)

    def topics(self, typed: str) -> Offered:
        """Every topic that a question of the bank has."""
        topics = sorted({topic for question in self._bank.questions for topic in question.topics})
        return _first(typed, ((topic, topic, "") for topic in topics))


def zones(typed: str) -> Offered:
    """IANA names; a few of the most populous first."""
    return _first(typed.replace(" ", "_"), ((zone, zone, "") for zone in _zones()))


def commands(typed: str) -> Offered:
    """What people type."""
    return _first(typed, ((f"/{row.name}: {row.summary}", row.name, "") for row in COMMANDS if row.shown))


@lru_cache(1)
def _zones() -> tuple[str, ...]:
    named = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/", "SystemV/")))
    return (*COMMON, *(zone for zone in named if zone not in COMMON), "UTC")


def _first(typed: str, candidates: Iterable[tuple[str, str, str]]) -> Offered:
    """Those with what was typed in them, those that begin so first."""
    wanted = typed.strip().lower()
    begins, holds = [], []
    for name, value, more in candidates:
        if len(value) > OPTION:
            continue
        if any(part.lower().startswith(wanted) for part in (name, value)):
            begins.append((shorter(name, OPTION), value))
        elif wanted in f"{name} {value} {more}".lower():
            holds.append((shorter(name, OPTION), value))
    return [*begins, *holds][:OPTIONS]
