"""What a value in Block Kit may be: small rules that note every breach with Slack's wording and a JSON pointer."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

Rule = Callable[[Any, str, "Problems"], None]


@dataclass(frozen=True)
class Problem:
    pointer: str
    message: str
    code: str = "failed_constraint"

    def line(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


@dataclass
class Problems:
    """Everything that is wrong, in reading order."""

    found: list[Problem] = field(default_factory=list)

    def add(self, pointer: str, message: str, code: str = "failed_constraint") -> None:
        self.found.append(Problem(pointer, message, code))

    def lines(self) -> list[str]:
        return [one.line() for one in self.found]

    def __bool__(self) -> bool:
        return bool(self.found)


def string(most: int = 0, least: int = 0, *, pattern: str = "") -> Rule:
    """A string of `least` to `most` characters (no limit: 0)."""

    def rule(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, str):
            problems.add(at, "must provide a string", "invalid_type")
        elif most and len(value) > most:
            problems.add(at, f"must be less than {most + 1} characters")
        elif len(value) < least:
            problems.add(at, f"must be more than {least - 1} characters")
        elif pattern and not re.fullmatch(pattern, value):
            problems.add(at, f"must match the pattern {pattern}")

    return rule


def url(most: int = 3000) -> Rule:
    """An absolute URL."""

    def rule(value: Any, at: str, problems: Problems) -> None:
        string(most, 1)(value, at, problems)
        if isinstance(value, str) and value and not re.match(r"(?:https?://[^\s/]+|slack://|mailto:|tel:)", value):
            problems.add(at, "must be a valid URL")

    return rule


def picture(value: Any, at: str, problems: Problems) -> None:
    """An `image_url` that Slack can fetch: not one on this machine or in a private network."""
    url(3000)(value, at, problems)
    host = (urlsplit(value).hostname or "") if isinstance(value, str) else ""
    if re.fullmatch(r"localhost|127\..+|0\.0\.0\.0|10\..+|192\.168\..+|::1|.+\.(?:local|internal)", host):
        problems.add(at, "downloading image failed")


def number(least: float | None = None, most: float | None = None) -> Rule:
    """A whole number in a range."""

    def rule(value: Any, at: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            problems.add(at, "must provide a number", "invalid_type")
        elif least is not None and value < least:
            problems.add(at, f"must be greater than {int(least) - 1}")
        elif most is not None and value > most:
            problems.add(at, f"must be less than {int(most) + 1}")

    return rule


def boolean(value: Any, at: str, problems: Problems) -> None:
    if not isinstance(value, bool):
        problems.add(at, "must provide a boolean", "invalid_type")


def anything(value: Any, at: str, problems: Problems) -> None:
    """No rule."""


def one_of(*choices: str) -> Rule:
    """One of the given words."""

    def rule(value: Any, at: str, problems: Problems) -> None:
        if value not in choices:
            problems.add(at, f"must be one of: {', '.join(choices)}", "invalid_enum")

    return rule


def items(each: Rule, least: int = 0, most: int = 0) -> Rule:
    """A list, with bounds on its length."""

    def rule(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, list):
            problems.add(at, "must provide an array", "invalid_type")
            return
        if len(value) < least:
            problems.add(at, f"no fewer than {least} items allowed" if least > 1 else "no fewer than 1 item allowed")
        if most and len(value) > most:
            problems.add(at, f"no more than {most} items allowed")
        for place, one in enumerate(value):
            each(one, f"{at}/{place}", problems)

    return rule


def shape(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, also: Rule | None = None) -> Rule:
    """An object with exactly these properties."""
    known = {**required, **(optional or {})}

    def rule(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add(at, "must provide an object", "invalid_type")
            return
        for name in required:
            if value.get(name) is None:
                problems.add(at, f"missing required field: {name}", "missing_field")
        for name, one in value.items():
            if name not in known:
                problems.add(at, f"invalid additional property: {name}", "additional_property")
            elif one is not None:
                known[name](one, f"{at}/{name}", problems)
        if also:
            also(value, at, problems)

    return rule


def by_type(kinds: Mapping[str, Rule], allowed: Collection[str] | None = None) -> Rule:
    """An object whose `type` says which rule holds; `allowed` narrows the types."""

    def rule(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add(at, "must provide an object", "invalid_type")
            return
        kind = value.get("type")
        if kind is None:
            problems.add(at, "missing required field: type", "missing_field")
        elif kind not in kinds or (allowed is not None and kind not in allowed):
            problems.add(f"{at}/type", f"unsupported type: {kind}", "unsupported_type")
        else:
            kinds[str(kind)](value, at, problems)

    return rule


def unique(values: Sequence[tuple[str, Any]], name: str, problems: Problems) -> None:
    """No two of `(pointer, value)` alike."""
    seen: set[Any] = set()
    for at, value in values:
        if value is None or not isinstance(value, str):
            continue
        if value in seen:
            problems.add(at, f"`{name}` {value} already exists", "duplicate")
        seen.add(value)
