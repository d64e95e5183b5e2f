"""What a fault test hands back, and what it is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Stage:
    """Where it happens."""

    folder: Path
    """Empty."""
    postgres: str
    """A database that may be emptied."""
    short: bool
    """As often and as long as fits into every run, instead of a night."""

    @property
    def sqlite(self) -> str:
        """A new file."""
        return f"sqlite:///{self.folder}/loop.db"

    def scaled(self, short: int, long: int) -> int:
        return short if self.short else long


@dataclass(frozen=True)
class Figure:
    """A line of the table."""

    number: int
    fault: str
    reached: str
    goal: str
    good: bool
    control: str
    """What the same test says of whoever does it wrong."""
    control_fails: bool

    @property
    def ok(self) -> bool:
        """Reached, and the control was found out."""
        return self.good and self.control_fails

    def __str__(self) -> str:
        first = f"{self.number:>2}  {'ok ' if self.ok else 'RED'}  {self.fault:32} {self.reached}"
        return "\n".join([first, f"{'':40}goal: {self.goal}", f"{'':40}control: {self.control}"])
