"""What the judge found, in order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """One finding. `side`: who is to blame, the client or the fake."""

    level: str
    """violation (Discord refuses it) or lint (Discord ignores it)."""
    side: str
    where: str
    """Operation or event."""
    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.level} of the {self.side}: {self.where} at {self.path or 'the top'}: {self.what}"


class Verdicts(list[Verdict]):
    """All of a run. A test ends with none; one that provokes some takes them out with `take`."""

    def add(self, level: str, side: str, where: str, findings: list[tuple[str, str]]) -> None:
        """Note findings."""
        self.extend(Verdict(level, side, where, path, what) for path, what in findings)

    def take(self, *, side: str = "client") -> list[Verdict]:
        """Take out and return what one side did."""
        taken = [each for each in self if each.side == side]
        self[:] = [each for each in self if each.side != side]
        return taken
