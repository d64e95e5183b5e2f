"""`Interview`: a mock as a value, and its legal steps. Each step returns the next value; an illegal one raises `IllegalStep`.

    READY ──begin──► STORY | TECHNICAL ──say(next) · skip──► … ──say(over) · end──► OVER

What a person writes is gathered in the draft, which nothing throws away: `answer` closes it into a turn, and so do `skip`
and `end`. Turns are only ever appended.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from core.chat import Person, Place
from core.errors import IllegalStep
from core.interview.clock import face
from core.interview.course import OVER, Course, Stage
from core.interview.move import Moment, Move
from core.interview.turns import Claim, Fragment, Part, Turn
from core.review.feedback import Feedback

__all__ = ["Interview", "Stage"]


class Interview(Course):
    """One mock interview."""

    @classmethod
    def planned(
        cls,
        *,
        key: str,
        who: Person,
        place: Place,
        round: str,
        level: str,
        minutes: int,
        parts: Sequence[Part],
        now: datetime,
        open: bool | None = None,
    ) -> Self:
        """A new one that waits for its start. `open`: None means that a direct message is private and everything else is not."""
        values = {"who": who, "place": place, "open": not place.direct if open is None else open, "parts": tuple(parts)}
        return cls.model_validate({"key": key, "round": round, "level": level, "minutes": minutes, "made_at": now, **values})

    # --- the steps ---

    def begin(self, now: datetime) -> Self:
        """The clock starts."""
        if self.stage is Stage.OVER:
            raise IllegalStep(OVER)
        if self.running:
            raise IllegalStep("This mock has begun already; just answer in its thread.")
        return self._with(stage=self._stage_of(0), clock=self.clock.start(now), last_heard_at=now)

    def hear(self, message: str, text: str, now: datetime) -> Self:
        """A message joins the draft, also while paused. The same message again changes nothing."""
        self.must_run()
        if not text.strip() or self._knows(message):
            return self
        return self._with(draft=(*self.draft, Fragment(message=message, text=text, at=now)), last_heard_at=now)

    def edit(self, message: str, text: str) -> tuple[Self, bool]:
        """The value after an edit, and whether the edit counts: only while the message is in the draft.

        A changed value that does not count means: tell the person, this once, that late edits do not.
        """
        if any(item.message == message for item in self.draft):
            if not text.strip():
                return self.forget(message), True
            draft = tuple(item.model_copy(update={"text": text}) if item.message == message else item for item in self.draft)
            return self._with(draft=draft), True
        if self.live and not self.told_late and self._knows(message):
            return self._with(told_late=True), False
        return self, False

    def forget(self, message: str) -> Self:
        """A deleted message leaves the draft; what is a turn already stays."""
        kept = tuple(item for item in self.draft if item.message != message)
        return self if kept == self.draft else self._with(draft=kept)

    def answer(self, now: datetime) -> Self:
        """The draft becomes the person's turn."""
        self._must_not_pause()
        if not self.draft:
            raise IllegalStep("There is no answer yet: write it here first, in as many messages as you like, then *Done*.")
        return self._closed(now)

    def say(self, move: Move, now: datetime) -> Self:
        """The interviewer says it, and what it decides comes true."""
        self.must_run()
        if move.kind == "next" and self.last_part:
            raise IllegalStep("That was the last question.")
        value = self._moved(now) if move.kind == "next" else self
        moments = tuple(dict.fromkeys((*value.announced, *move.moments)))
        value = value._with(turns=(*value.turns, value._spoken(move, now)), announced=moments)
        return value.end(now) if move.kind == "over" else value

    def pause(self, now: datetime, since: datetime | None = None) -> Self:
        """The clock stops. `since`: an earlier moment from which on nothing happened, given back to the person."""
        self.must_run()
        if self.paused_at:
            raise IllegalStep(f"It is paused already, with {face(self.left(now))} left. Type `resume` to go on.")
        return self._with(paused_at=now, clock=self.clock.stop(min(now, since or now)))

    def resume(self, now: datetime) -> Self:
        """The clock goes on."""
        self.must_run()
        if not self.paused_at:
            raise IllegalStep(f"It is running, with {face(self.left(now))} left.")
        return self._with(paused_at=None, clock=self.clock.start(now), last_heard_at=now)

    def skip(self, now: datetime) -> Self:
        """Leave this question: the next part, or the end. A started answer counts for the part it was given in."""
        self._must_not_pause()
        return self.end(now) if self.last_part else self._moved(now)

    def end(self, now: datetime) -> Self:
        """It is over, at any time. A started answer counts."""
        if not self.live:
            raise IllegalStep(OVER)
        value = self._closed(now) if self.draft else self
        return value._with(stage=Stage.OVER, clock=value.clock.stop(now), paused_at=None)

    def reviewed_by(self, reviewer: str) -> Self:
        """From now on somebody else listens."""
        return self if reviewer == self.reviewer else self._with(reviewer=reviewer)

    def known_of(self, background: str) -> Self:
        """What the person told of themself, as they want it known now."""
        return self._with(background=background)

    def sealed(self, agreed: bool) -> Self:
        """What was answered since the last time was answered under this agreement, whatever is agreed later."""
        fresh = {turn.n for turn in self.turns if turn.who == "candidate" and turn.stays is None}
        turns = [turn.model_copy(update={"stays": not agreed}) if turn.n in fresh else turn for turn in self.turns]
        return self._with(turns=tuple(turns)) if fresh else self

    def charged(self, calls: int, tokens: int, dollars: float | None, estimated: bool) -> Self:
        """A model's work on it cost so much more."""
        return self._with(cost=self.cost.and_(calls, tokens, dollars, estimated)) if calls else self

    def regraded(self, parts: Sequence[Feedback], why_not: str = "") -> Self:
        """Read once more, part by part; or not, and why."""
        return self._with(graded=tuple(parts), ungraded=why_not)

    def fitted(self, *, persona: str = "neutral", background: str = "", loop: str = "", role: str = "") -> Self:
        """For this person, by this sort of interviewer, perhaps as a round of a loop."""
        return self._with(persona=persona, background=background, loop=loop, role=role)

    def claim(self, part: int, point: str, sentence: int) -> Self:
        """The person says that this sentence of that part holds the point. A newer claim on a point replaces the older."""
        others = tuple(item for item in self.claims if (item.part, item.point) != (part, point))
        return self._with(claims=(*others, Claim(part=part, point=point, sentence=sentence)))

    # --- within ---

    def _must_not_pause(self) -> None:
        self.must_run()
        if self.paused_at:
            raise IllegalStep("This mock is paused. What you wrote is kept; type `resume` to go on.")

    def _stage_of(self, part: int) -> Stage:
        return Stage(self.parts[part].kind)

    def _knows(self, message: str) -> bool:
        return any(item.message == message for item in self.draft) or any(message in turn.messages for turn in self.turns)

    def _closed(self, now: datetime) -> Self:
        """The draft as a turn."""
        asked = self.asked
        point = asked.point if asked else None
        turn = Turn(
            n=len(self.turns) + 1,
            who="candidate",
            kind="answer",
            text="\n".join(item.text for item in self.draft),
            part=self.at_part,
            question=self.part.question,
            point=point,
            at=now,
            messages=tuple(item.message for item in self.draft),
            hinted=self.hints(self.at_part)[point] if point else 0,
        )
        return self._with(turns=(*self.turns, turn), draft=(), turn=self.turn + 1)

    def _moved(self, now: datetime) -> Self:
        """In the next part; a started answer stays with the old one."""
        value = self._closed(now) if self.draft else self._with(turn=self.turn + 1)
        announced = tuple(mark for mark in self.announced if mark is not Moment.PART)
        part = self.at_part + 1
        return value._with(at_part=part, part_from=self.used(now), stage=self._stage_of(part), announced=announced)

    def _spoken(self, move: Move, now: datetime) -> Turn:
        return Turn(
            n=len(self.turns) + 1,
            who="interviewer",
            kind=move.kind,
            text=move.spoken,
            part=self.at_part,
            question=self.part.question,
            point=move.point,
            at=now,
            lead=move.lead,
            quote=move.quote,
            ask=move.text,
            closes=move.closes,
            reviewer=self.reviewer,
        )

    def _with(self, **values: Any) -> Self:
        return self.model_copy(update=values)
