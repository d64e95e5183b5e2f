"""How much the model may cost in a day: a person, a space, everybody. Pure; what was spent is kept by a `Ledger`."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.ports import Spent


@dataclass(frozen=True)
class Limit:
    """The most for one day. None: no limit."""

    tokens: int | None = None
    dollars: float | None = None

    def reached(self, spent: Spent) -> bool:
        """Whether nothing is left."""
        return (self.tokens is not None and spent.tokens >= self.tokens) or (self.dollars is not None and spent.dollars >= self.dollars)

    def left(self, spent: Spent) -> int | None:
        """Tokens that are left; None where they are not counted."""
        return None if self.tokens is None else max(self.tokens - spent.tokens, 0)


@dataclass(frozen=True)
class Budget:
    """The three limits; a call is made only while none is reached."""

    person: Limit = field(default_factory=Limit)
    space: Limit = field(default_factory=Limit)
    everybody: Limit = field(default_factory=Limit)

    def why_not(self, spent: tuple[Spent, Spent, Spent]) -> str:
        """One sentence where a limit is reached, else nothing. Days are in UTC."""
        whose = ("Your", "This workspace's", "The house's")
        for name, limit, used in zip(whose, (self.person, self.space, self.everybody), spent, strict=True):
            if limit.reached(used):
                return f"{name} budget for the model is used up for today; it begins anew at midnight UTC."
        return ""
