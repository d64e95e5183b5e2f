"""The shapes of a reply. Every field is required and nothing else is allowed, as strict structured output wants it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A reply, or a part of one."""

    model_config = ConfigDict(extra="forbid")


class Finding(Shape):
    """A point that the candidate touched. What is not named is missing."""

    point: str
    status: Literal["covered", "maybe"]
    sentences: list[int]


class Turn(Shape):
    """One turn of the interviewer. The words come first, so that they can be heard while the rest is written."""

    follow_up: str
    about: str
    facts: list[int]
    findings: list[Finding]


class Grade(Shape):
    """Everything that was said, read once more."""

    findings: list[Finding]


class Reply(Shape):
    """An answer to a question about a review."""

    reply: str
    sentences: list[int]


class Bullet(Shape):
    """A point, and what of the candidate's stories could carry it: a story's number, or 0."""

    point: str
    story: int
    text: str


class Bullets(Shape):
    """A question's bullets."""

    bullets: list[Bullet]


class NewFact(Shape):
    """Something the interviewer knows, and words that ask for it."""

    ask: list[str]
    say: str


class NewPoint(Shape):
    """One thing that a strong answer shows."""

    name: str
    text: str
    weight: Literal[1, 2]
    level: Literal["sde1", "sde2", "sde3"]
    critical: bool
    groups: list[list[str]]
    exemplars: list[str]
    anti: list[str]
    bullet: str
    hints: list[str]
    probe: str


class NewPitfall(Shape):
    """A way in which answers go wrong, and phrases by which it shows."""

    text: str
    groups: list[list[str]]


class NewQuestion(Shape):
    """A question in our format, but for what code adds: ids, the date, who wrote it."""

    title: str
    prompt: str
    principles: list[str]
    topics: list[str]
    minutes: int
    facts: list[NewFact]
    points: list[NewPoint]
    pitfalls: list[NewPitfall]
    probes: list[str]


def strict(shape: type[Shape]) -> dict[str, object]:
    """`response_format` for servers that hold a reply to its schema."""
    schema = _bare(shape.model_json_schema())
    return {"type": "json_schema", "json_schema": {"name": shape.__name__.lower(), "strict": True, "schema": schema}}


def _bare(part: Any) -> Any:
    """Without titles and our own remarks: a model reads all of it with every call, and it is paid for."""
    if isinstance(part, list):
        return [_bare(each) for each in part]
    if not isinstance(part, dict):
        return part
    kept = {key: value for key, value in part.items() if key not in ("title", "description")}
    named = {key: {name: _bare(value) for name, value in kept[key].items()} for key in ("properties", "$defs") if key in kept}
    return {key: named[key] if key in named else _bare(value) for key, value in kept.items()}
