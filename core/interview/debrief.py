"""What a mock showed, as a value: point by point, with the person's own sentences, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, Self

from core.chat import Frozen
from core.errors import IllegalStep
from core.interview.advice import HABIT_ADVICE, advice_on
from core.interview.chains import STORY
from core.interview.probing import CHECK, OPEN, targets
from core.interview.stages import Interview
from core.interview.turns import Cost
from core.interview.wording import refuses
from core.questions.bank import Level, Point, Question
from core.questions.cards import ORDER, in_order
from core.records import short_id
from core.review.feedback import Feedback, Probe, Status, Verdict
from core.review.levels import Ballot, ballot
from core.review.matcher import review

STEPS = 3
NEAREST = (Status.MAYBE, Status.MISSING, Status.NOT_ASKED)


def attempt_of(interview: str, part: int) -> str:
    """The key of the attempt that a part of a mock becomes."""
    return short_id("mock", interview, str(part))


class Unanswered(Frozen):
    """A probe that got no answer."""

    ask: str
    said: str | None
    """How it was declined, letter for letter; None where nothing came."""
    advice: str
    """What to prepare; nothing where the point itself says it."""


class Rework(Frozen):
    """One sentence worth saying better."""

    sentence: str
    """Letter for letter."""
    point: str
    """The point it came near."""
    lacks: str


class PartReview(Frozen):
    """What one part showed."""

    number: int
    """From 0."""
    kind: Literal["story", "technical"]
    question: Question
    reached: bool
    """Whether its question was asked."""
    feedback: Feedback
    hints: Mapping[str, int]
    """Hints taken, by point."""
    unanswered: tuple[Unanswered, ...]
    reviewers: tuple[str, ...]
    """Who listened and who read it afterwards, each once."""

    def open_points(self) -> tuple[Point, ...]:
        """Points that were found wanting: what one may say that one did say."""
        wanting = {verdict.point for verdict in self.feedback.having(Status.MISSING, Status.MAYBE)}
        return tuple(point for point in in_order(self.question.points) if point.id in wanting)


class Debrief(Frozen):
    """Everything a mock showed."""

    interview: str
    """Its key."""
    round: str
    level: Level
    minutes: int
    """As planned."""
    used: float
    """Seconds of the clock."""
    parts: tuple[PartReview, ...]
    rework: Rework | None = None
    ask_next: Probe | None = None
    ask_next_of: str = ""
    """The question to which `ask_next` belongs."""
    steps: tuple[str, ...] = ()
    """Three at most, what matters most first."""
    ballot: Ballot | None = None
    """Levels and a practice vote, where a model read all of it; text match defends neither."""
    cost: Cost = Cost()
    notice: str = ""
    """Why no model read it, where one should have."""

    @property
    def main(self) -> tuple[PartReview, ...]:
        """The parts the round is about: the technical ones, or the stories where there are no others."""
        technical = tuple(part for part in self.parts if part.kind == "technical")
        return technical or self.parts

    @property
    def story(self) -> PartReview | None:
        """The first story that was told."""
        return next((part for part in self.parts if part.kind == "story" and part.feedback.sentences), None)

    def part_of(self, point: str) -> PartReview:
        """The part in which this point was found wanting. IllegalStep where there is none."""
        for part in self.parts:
            if any(item.id == point for item in part.open_points()):
                return part
        raise IllegalStep("That point stands as covered or claimed already.")

    def claim(self, point: str, sentence: int) -> Self:
        """The same with this point as *claimed*, on the word of the person, who names the sentence. IllegalStep where it cannot be."""
        held = self.part_of(point)
        if not 1 <= sentence <= len(held.feedback.sentences):
            raise IllegalStep("There is no such sentence in what you said. Press *I did say that* again and pick one.")
        parts = [_claimed(part, point, sentence) if part is held else part for part in self.parts]
        return self.model_copy(update={"parts": tuple(parts)})


def debrief(interview: Interview, questions: Mapping[str, Question], now: datetime) -> Debrief:
    """What it showed so far; after `end` it is final. One answer is enough for one, and so is none."""
    parts = [_part(interview, number, questions[part.question]) for number, part in enumerate(interview.parts)]
    voted = _ballot(interview, parts)  # before any claim: what somebody says of themself lifts no cap
    for claim in interview.claims:
        parts[claim.part] = _claimed(parts[claim.part], claim.point, claim.sentence)
    found = Debrief(
        interview=interview.key,
        round=interview.round,
        level=interview.level,
        minutes=interview.minutes,
        used=interview.used(now),
        parts=tuple(parts),
        ballot=voted,
        cost=interview.cost,
        notice=interview.ungraded,
    )
    probe, question = _ask_next(interview, found)
    found = found.model_copy(update={"rework": _rework(found), "ask_next": probe, "ask_next_of": question})
    return found.model_copy(update={"steps": tuple(_steps(found))[:STEPS]})


def _ballot(interview: Interview, parts: Sequence[PartReview]) -> Ballot | None:
    if not interview.graded:
        return None
    main = {part.question.id for part in parts if part.kind == "technical"} or {part.question.id for part in parts}
    return ballot([(part.question, part.feedback) for part in parts if part.reached], interview.level, main)


# --- one part --------------------------------------------------------------------------------------------------------


def _part(interview: Interview, number: int, question: Question) -> PartReview:
    said = interview.said_in(number)
    read = interview.graded[number] if number < len(interview.graded) else None
    feedback = read or review(question, interview.answers(number), level=interview.level)
    answered = said[:-1] if said and said[-1].kind == "probe" else said  # what was asked last, and got no answer any more, is no miss
    probed = {turn.point for turn in answered if turn.kind == "probe"}
    verdicts = tuple(
        _as_asked(verdict, question.point(verdict.point), interview.level, verdict.point in probed) for verdict in feedback.verdicts
    )
    listened = [turn.reviewer for turn in said if turn.reviewer and not feedback.reviewer.startswith(f"{turn.reviewer}, ")]
    return PartReview(
        number=number,
        kind=interview.parts[number].kind,
        question=question,
        reached=bool(said),
        feedback=feedback.model_copy(update={"verdicts": verdicts}),
        hints=dict(interview.hints(number)),
        unanswered=tuple(_unanswered(interview, number, feedback)),
        reviewers=tuple(dict.fromkeys([*listened, feedback.reviewer])),
    )


def _as_asked(verdict: Verdict, point: Point, level: Level, probed: bool) -> Verdict:
    """What was neither asked about nor touched is no minus: the time did not reach it. Nor is what this level need not know."""
    expected = ORDER.index(point.level) <= ORDER.index(level)
    if probed or verdict.status is not Status.MISSING or (verdict.near and expected):
        return verdict
    return verdict.model_copy(update={"status": Status.NOT_ASKED})


def _unanswered(interview: Interview, number: int, feedback: Feedback) -> Iterator[Unanswered]:
    said = interview.said_in(number)
    points: set[str | None] = set()
    for at, turn in enumerate(said):
        if turn.kind != "probe" or (turn.point and turn.point in points):
            continue
        reply = next((later for later in said[at + 1 :] if later.who == "candidate" or later.kind == "probe"), None)
        text = reply.text if reply and reply.who == "candidate" else None
        if (text is None or refuses(text)) and not _shown(turn.point, feedback):
            points.add(turn.point)
            yield Unanswered(ask=turn.ask, said=text, advice=advice_on(turn.point))


def _shown(point: str | None, feedback: Feedback) -> bool:
    """Whether what a probe was after showed in the end, in another answer."""
    covered = {verdict.point for verdict in feedback.having(Status.COVERED)}
    return point in covered | {CHECK + check.id for check in feedback.story if check.shown}


def _claimed(part: PartReview, point: str, sentence: int) -> PartReview:
    if not 1 <= sentence <= len(part.feedback.sentences):
        return part
    claimed = {"status": Status.CLAIMED, "sentences": (sentence,), "near": None}
    verdicts = tuple(
        verdict.model_copy(update=claimed) if verdict.point == point and verdict.status in OPEN else verdict
        for verdict in part.feedback.verdicts
    )
    return part.model_copy(update={"feedback": part.feedback.model_copy(update={"verdicts": verdicts})})


# --- what follows from it --------------------------------------------------------------------------------------------


def _rework(found: Debrief) -> Rework | None:
    """A sentence that came near something and shows nothing else; the reviewer's choice where it is one."""
    for part in (*found.main, *found.parts):
        feedback = part.feedback
        shows = {id for verdict in feedback.having(Status.COVERED, Status.CLAIMED) for id in verdict.sentences}
        near = [(verdict, id) for verdict in feedback.having(*OPEN) for id in (*verdict.sentences, verdict.near) if id and id not in shows]
        near = [(verdict, id) for verdict, id in near if not refuses(feedback.sentence(id))]
        if near and not feedback.too_little:
            verdict, id = min(near, key=lambda pair: (pair[1] != feedback.weakest, NEAREST.index(pair[0].status), pair[1]))
            point = part.question.point(verdict.point)
            return Rework(sentence=feedback.sentence(id), point=point.id, lacks=point.bullet or point.text)
    return None


def _ask_next(interview: Interview, found: Debrief) -> tuple[Probe | None, str]:
    """What nobody has asked yet of what matters most."""
    for part in (*reversed(found.main), *found.parts):
        for target in targets(interview.looking_at(part.number), part.question, part.feedback):
            if not target.id.startswith(CHECK):
                return Probe(point=target.id, text=target.asks[0]), part.question.id
    return None, ""


def _steps(found: Debrief) -> Iterator[str]:
    """The heaviest missed point, the habit that did not show, the story's gap."""
    missed = _missed(found)
    yield from missed[:1]
    heard = [part.feedback for part in found.main if part.kind == "technical" and not part.feedback.too_little and part.feedback.sentences]
    shown = {habit.id for feedback in heard for habit in feedback.habits if habit.shown}
    yield from [text for id, text in HABIT_ADVICE.items() if heard and id not in shown][:1]
    if (story := found.story) and story.feedback.story:
        failed = {check.id for check in story.feedback.story if not check.shown}
        yield from [chain.advice for chain in STORY if chain.check in failed][:1]
    yield from missed[1:]
    if not any(part.feedback.sentences for part in found.parts):
        yield "Say something to the same question, however rough: then there is something to build on."


def _missed(found: Debrief) -> list[str]:
    """The points found wanting, but for the one that is to be reworked anyway."""
    reworked = found.rework.point if found.rework else None
    points = [point for part in found.main for point in part.open_points() if point.id != reworked]
    points.sort(key=lambda point: (not point.critical, -point.weight))
    return [f"{point.name}: {point.bullet or point.text}" for point in points]
