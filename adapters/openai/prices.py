"""What models cost, as published in November 2026: dollars for a million tokens, in, in from the cache, out. Settings can name others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.ports import Usage

MILLION = 1_000_000
LETTERS = 4
"""Characters of a token, where the server does not count."""


@dataclass(frozen=True)
class Price:
    """Dollars for a million tokens."""

    fresh: float
    cached: float
    output: float

    def of(self, fresh: int, cached: int, output: int) -> float:
        """What so many tokens cost."""
        return (fresh * self.fresh + cached * self.cached + output * self.output) / MILLION


PRICES: Mapping[str, Price] = {
    "gpt-6-luna": Price(0.10, 0.01, 0.50),
    "gpt-5.6-luna": Price(1.0, 0.1, 6.0),
    "gpt-5.6-terra": Price(2.5, 0.25, 15.0),
}


def read_price(text: str) -> Price:
    """`0.10/0.01/0.50`, or `0/0/0` for a server of one's own. ValueError where it is none."""
    parts = [float(part) for part in text.split("/")]
    if len(parts) != 3 or min(parts) < 0:
        raise ValueError("three prices, such as 0.10/0.01/0.50")
    return Price(*parts)


def price_of(model: str, given: str | None = None) -> Price | None:
    """What was given, else what is published for this model; None where neither is known."""
    return read_price(given) if given else PRICES.get(model)


def counted(prompt: int, cached: int, output: int, price: Price | None) -> Usage:
    """One call as the server counted it."""
    dollars = price.of(prompt - cached, cached, output) if price else None
    return Usage(input_tokens=prompt, cached_tokens=cached, output_tokens=output, dollars=dollars, calls=1)


def guessed(sent: int, received: int, price: Price | None) -> Usage:
    """One call that the server did not count, from the characters that went there and back."""
    prompt, output = sent // LETTERS, received // LETTERS
    dollars = price.of(prompt, 0, output) if price else None
    return Usage(input_tokens=prompt, output_tokens=output, dollars=dollars, calls=1, estimated=True)
