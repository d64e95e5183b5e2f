"""The shapes of a reply. Every field is required and nothing else is allowed, as strict structured output wants it."""

from __future__ import annotations

from typing import Literal

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


def strict(shape: type[Shape]) -> dict[str, object]:
    """`response_format` for servers that hold a reply to its schema."""
    return {"type": "json_schema", "json_schema": {"name": shape.__name__.lower(), "strict": True, "schema": shape.model_json_schema()}}
