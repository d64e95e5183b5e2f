"""How other platforms would have to cut a card. Close enough to look at; what they really send is their adapters' affair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.chat import Button, Card, Menu


@dataclass(frozen=True)
class Limits:
    """What one message may hold. Lengths are in characters."""

    piece: int
    """Of one text."""
    message: int
    """Of all texts together."""
    pieces: int
    """How many texts, rows and pictures."""
    row: int
    """Buttons in a row."""
    label: int
    """Of a button."""


SLACK = Limits(piece=3000, message=12_000, pieces=50, row=5, label=75)
DISCORD = Limits(piece=4000, message=4000, pieces=40, row=5, label=80)


@dataclass(frozen=True)
class _Part:
    """A piece of a card, and what it takes up."""

    name: str
    value: Any
    length: int
    pieces: int = 1


def split(card: Card, limits: Limits) -> list[Card]:
    """The card as one or more that keep within the limits, in the order of drawing; nothing is lost."""
    cards: list[Card] = []
    taken: dict[str, Any] = {}
    length = pieces = 0
    for part in _parts(card, limits):
        full = length + part.length > limits.message or pieces + part.pieces > limits.pieces
        listed = isinstance(part.value, tuple)
        if taken and (full or (part.name in taken and not listed)):
            cards.append(Card(**taken))
            taken, length, pieces = {}, 0, 0
        taken[part.name] = (*taken.get(part.name, ()), *part.value) if listed else part.value
        length, pieces = length + part.length, pieces + part.pieces
    return [*cards, Card(**taken)]


def _parts(card: Card, limits: Limits) -> Iterator[_Part]:
    for name in ("eyebrow", "title", "quote", "text"):
        yield from _texts(name, getattr(card, name) or "", limits)
    for fact in card.facts:
        yield _Part("facts", (fact,), len(fact.label) + len(fact.value))
    for line in card.bullets:
        yield _Part("bullets", (line,), len(line.text) + len(line.quote or "") + len(line.note or ""))
    yield from _texts("after", card.after, limits)
    if card.chart:
        yield _Part("chart", card.chart, len(card.chart.title))
    for start in range(0, len(card.buttons), limits.row):
        row = tuple(_short(button, limits.label) for button in card.buttons[start : start + limits.row])
        yield _Part("buttons", row, 0, pieces=1 + len(row))
    yield from _texts("footer", card.footer, limits)
    if card.file:
        yield _Part("file", card.file, 0)


def _texts(name: str, text: str, limits: Limits) -> Iterator[_Part]:
    """A long text in pieces, cut between lines or words where it has any."""
    while len(text) > limits.piece:
        head = text[: limits.piece]
        cut = max(head.rfind("\n"), head.rfind(" ")) + 1 or limits.piece
        yield _Part(name, text[:cut], cut)
        text = text[cut:]
    if text:
        yield _Part(name, text, len(text))


def _short(button: Button | Menu, length: int) -> Button | Menu:
    if len(button.label) <= length:
        return button
    return button.model_copy(update={"label": f"{button.label[: length - 1]}…"})
