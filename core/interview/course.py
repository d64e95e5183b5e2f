"""How far a mock is: everything one can ask about it. `core.interview.stages` has the steps that change it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime

from core.chat import Person, Place
from core.errors import IllegalStep
from core.interview.clock import Clock
from core.interview.move import Moment
from core.interview.turns import Claim, Cost, Fragment, Part, Turn
from core.questions.bank import Level
from core.records import Record
from core.review.feedback import Feedback

PROBES = 2
"""How often one point is asked about at most."""
OVER = "This mock is over. Its debrief is in your direct messages; `/mock` starts another."


class Stage(StrEnum):
    """How far it is."""

    READY = "ready"
    STORY = "story"
    TECHNICAL = "technical"
    OVER = "over"


class Course(Record):
    """One mock interview as it stands. Its key is also the key of its conversation. Moments are aware UTC, lengths seconds."""

    who: Person
    place: Place
    """Where it was asked for."""
    open: bool
    """Whether others can read along."""
    round: str
    """A competency, or `surprise`."""
    level: Level
    minutes: int
    parts: tuple[Part, ...]
    made_at: AwareDatetime
    stage: Stage = Stage.READY
    at_part: int = 0
    part_from: float = 0.0
    """What the clock showed when this part began."""
    clock: Clock = Clock()
    paused_at: AwareDatetime | None = None
    last_heard_at: AwareDatetime | None = None
    turn: int = 1
    """Number of the answer being given. A button that carries another one is stale."""
    turns: tuple[Turn, ...] = ()
    draft: tuple[Fragment, ...] = ()
    announced: tuple[Moment, ...] = ()
    told_late: bool = False
    """Whether the person knows that late edits do not count."""
    reviewer: str = "text match"
    """Who listens now."""
    claims: tuple[Claim, ...] = ()
    persona: str = "neutral"
    """How a model speaks; the script has one manner only."""
    background: str = ""
    """What the person told of themself when it was set up; for a model only."""
    loop: str = ""
    """The key of the loop it is a round of."""
    role: str = ""
    """Whose round it is, in a loop."""
    cost: Cost = Cost()
    graded: tuple[Feedback, ...] = ()
    """Every part as a model read it once more at the end; empty where text match reads it whenever it is asked for."""
    ungraded: str = ""
    """Why a model did not, where it should have."""

    @property
    def person(self) -> str:
        """The key of whoever is interviewed."""
        return self.who.key

    @property
    def space(self) -> str:
        """The space's key."""
        return self.place.space_key

    @property
    def live(self) -> bool:
        """Whether it is not over."""
        return self.stage is not Stage.OVER

    @property
    def running(self) -> bool:
        """Whether it began and is not over; it may be paused."""
        return self.stage in (Stage.STORY, Stage.TECHNICAL)

    def must_run(self) -> None:
        """Raises IllegalStep unless it began and is not over."""
        if self.stage is Stage.OVER:
            raise IllegalStep(OVER)
        if self.stage is Stage.READY:
            raise IllegalStep("This mock has not begun. Press *Start*, and the clock with it.")

    @property
    def part(self) -> Part:
        """The part it is in."""
        return self.parts[self.at_part]

    @property
    def last_part(self) -> bool:
        """Whether no other part follows."""
        return self.at_part + 1 >= len(self.parts)

    def looking_at(self, part: int) -> Self:
        """The same interview, as it would be asked about this part."""
        return self.model_copy(update={"at_part": part})

    def said_in(self, part: int) -> tuple[Turn, ...]:
        """All turns of a part."""
        return tuple(turn for turn in self.turns if turn.part == part)

    def answers(self, part: int) -> tuple[str, ...]:
        """What the person said in a part, turn by turn."""
        return tuple(turn.text for turn in self.said_in(part) if turn.who == "candidate")

    @property
    def opened(self) -> bool:
        """Whether this part's question was asked."""
        return any(turn.kind in ("ask", "next") for turn in self.said_in(self.at_part))

    @property
    def asked(self) -> Turn | None:
        """The probe that stands in the room; None where it is the question itself."""
        asking = [turn for turn in self.said_in(self.at_part) if turn.kind in ("ask", "next", "probe")]
        last = asking[-1] if asking else None
        return last if last and last.kind == "probe" and last.point not in self.closed and self.running else None

    @property
    def closed(self) -> tuple[str, ...]:
        """Points of this part that are left alone from now on."""
        return tuple(point for turn in self.said_in(self.at_part) for point in turn.closes)

    def probes(self, part: int) -> Counter[str]:
        """How often each point of a part was asked about."""
        return Counter(turn.point for turn in self.said_in(part) if turn.kind == "probe" and turn.point)

    def hints(self, part: int) -> Counter[str]:
        """How many hints each point of a part had."""
        return Counter(turn.point for turn in self.said_in(part) if turn.kind == "hint" and turn.point)

    # --- time ---

    def used(self, now: datetime) -> float:
        """Seconds used."""
        return self.clock.used(now)

    def left(self, now: datetime) -> float:
        """Seconds left of the whole; below 0 where an answer went over time."""
        return self.minutes * 60 - self.used(now)

    def part_left(self, now: datetime) -> float:
        """Seconds left of this part's box."""
        return min(self.left(now), self._part_end() - self.used(now))

    def due(self, now: datetime) -> tuple[Moment, ...]:
        """Moments of the clock that were reached and not said yet."""
        return tuple(mark for mark, seconds in self._moments() if seconds <= self.used(now)) if self.running else ()

    def next_mark(self, now: datetime) -> datetime | None:
        """When something about the time is to be said next: now, where it is overdue. None while the clock stands.

        While an answer is being given nothing is overdue: it is never cut, and what it hides is said when it closes.
        """
        times = [at for _, seconds in self._moments() if (at := self.clock.reaches(seconds))]
        if self.draft:
            return min((at for at in times if at > now), default=None)
        return max(min(times), now) if times else None

    def _moments(self) -> list[tuple[Moment, float]]:
        whole = self.minutes * 60.0
        moments = [(Moment.HALF, whole / 2), (Moment.END, whole)]
        if whole / 2 > 240:  # else the half is close enough to three minutes left
            moments.append((Moment.THREE, whole - 180))
        if not self.last_part:
            moments.append((Moment.PART, self._part_end()))
        return [(mark, seconds) for mark, seconds in moments if mark not in self.announced]

    def _part_end(self) -> float:
        return self.minutes * 60.0 if self.last_part else self.part_from + self.part.seconds
