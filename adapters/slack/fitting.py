"""A card as one or more that each fit into one Slack message. Everything is measured by drawing it."""

from __future__ import annotations

from typing import Any

from adapters.fitting import Cutter
from adapters.slack.cards import ELEMENTS, PROSE, blocks
from adapters.slack.markup import Json
from core.chat import Card

BLOCKS = 50
"""Blocks of one message."""
LETTERS = 12_000
"""Characters of one message in all its blocks; Slack refuses more than about 13,000 without saying how many."""
PIECE = 9000
"""Characters of the largest piece of one text."""


def fits(card: Card) -> bool:
    """Whether one message holds it."""
    drawn = blocks(card)
    prose = sum(len(block["text"]) for block in drawn if block["type"] == "markdown")
    return len(drawn) <= BLOCKS and prose <= PROSE and letters(drawn) <= LETTERS


def letters(value: Json | list[Any] | str) -> int:
    """The characters of all texts in some blocks."""
    if isinstance(value, list):
        return sum(map(letters, value))
    if isinstance(value, dict):
        return sum(len(inner) if name == "text" and isinstance(inner, str) else letters(inner) for name, inner in value.items())
    return 0


fit = Cutter(fits, PIECE, ELEMENTS).fit
"""The card, or its parts in the order of drawing; nothing is lost."""
