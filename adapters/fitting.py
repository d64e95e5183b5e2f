"""A card as one or more that each fit into one message of a platform. Whether one fits, the platform says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.text import pieces, split
from core.chat import Card, Line

LISTED = ("facts", "bullets", "buttons")


@dataclass(frozen=True)
class Cutter:
    """Cuts cards for one platform."""

    fits: Callable[[Card], bool]
    """Whether one message holds it."""
    piece: int
    """Characters of the largest piece of one text: with a head and a foot it still fits."""
    row: int
    """Buttons that stay together."""

    def fit(self, card: Card) -> Sequence[Card]:
        """The card, or its parts in the order of drawing; nothing is lost."""
        if self.fits(card):
            return (card,)
        cards: list[Card] = []
        held: dict[str, Any] = {}
        for name, value in self._parts(card):
            fuller = _with(held, name, value)
            if fuller is None or (held and not self.fits(Card(**fuller))):
                cards.append(Card(**held))
                fuller = {name: value}
            held = fuller
        return [*cards, Card(**held)]

    def _parts(self, card: Card) -> Iterator[tuple[str, Any]]:
        """What a card may be taken apart into."""
        yield from self._texts("eyebrow", card.eyebrow)
        yield from self._texts("title", card.title)
        yield from (("quote", piece) for piece in (pieces(card.quote, self.piece) if card.quote else ()))
        yield from self._texts("text", card.text)
        for fact in card.facts:
            yield from (("facts", (fact.model_copy(update={"value": piece}),)) for piece in split(fact.value, self.piece))
        yield from (("bullets", (line,)) for bullet in card.bullets for line in self._lines(bullet))
        yield from self._texts("after", card.after)
        if card.chart:
            yield "chart", card.chart
        for start in range(0, len(card.buttons), self.row):  # a row of choices stays together
            yield "buttons", card.buttons[start : start + self.row]
        yield from self._texts("footer", card.footer)
        for name in ("file", "rates"):
            if getattr(card, name):
                yield name, getattr(card, name)

    def _texts(self, name: str, text: str) -> Iterator[tuple[str, Any]]:
        yield from ((name, piece) for piece in split(text, self.piece) if piece)

    def _lines(self, bullet: Line) -> Iterator[Line]:
        """A bullet, or several where its text or its quotation is endless."""
        *before, text = split(bullet.text, self.piece // 2)
        yield from (Line(text=piece, mark=bullet.mark) for piece in before)
        first, *more = pieces(bullet.quote or "", self.piece // 2)
        yield bullet.model_copy(update={"text": text, "quote": first or bullet.quote, "note": None if more else bullet.note})
        for number, piece in enumerate(more, start=1):
            yield Line(text="(goes on)", quote=piece, note=bullet.note if number == len(more) else None)


def _with(held: dict[str, Any], name: str, value: Any) -> dict[str, Any] | None:
    """What is held and this; None where one card cannot say both."""
    if name not in held:
        return {**held, name: value}
    return {**held, name: (*held[name], *value)} if name in LISTED else None
