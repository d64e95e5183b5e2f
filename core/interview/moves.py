"""The scripted interviewer: reads everything said in this part, and decides what to say next. Text match; nothing is made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.interview import wording as w
from core.interview.move import Moment, Move
from core.interview.probing import Target, follow_ups, targets
from core.interview.stages import Interview, Stage
from core.interview.turns import Turn
from core.questions.bank import Question
from core.questions.facts import FactAnswer, answer_facts
from core.review.addressed import addressed
from core.review.evidence import split
from core.review.feedback import Feedback
from core.review.matcher import review

__all__ = ["Moment", "Move", "due_move", "hint_move", "next_move", "skip_move"]

Questions = Mapping[str, Question]


def next_move(interview: Interview, questions: Questions, now: datetime) -> Move:
    """What the interviewer says now: after `begin`, after each `answer`, after `skip`. Raises IllegalStep unless it runs."""
    interview.must_run()
    if not interview.opened:
        return _opening(interview, questions[interview.part.question])
    if interview.part_left(now) <= 0:
        return _out_of_time(interview, questions, now)
    turn = _Heard.by(interview, questions, now)
    return turn.told() or turn.asked_on() or _onward(interview, questions, lead=turn.lead)


def skip_move(interview: Interview, questions: Questions, now: datetime) -> Move:
    """*Skip*: leaves what is being probed and goes on with the rest, or leaves the question where nothing is.

    A started answer is to be closed before.
    """
    interview.must_run()
    if interview.part_left(now) <= 0:
        return _out_of_time(interview, questions, now)
    if not interview.asked:
        return _onward(interview, questions)
    turn = _Heard.by(interview, questions, now, refused=True)
    return turn.asked_on() or _onward(interview, questions, lead=turn.lead)


def due_move(interview: Interview, questions: Questions, now: datetime) -> Move | None:
    """What the clock makes the interviewer say into a silence; None while somebody is answering, and while it stands."""
    due = interview.due(now)
    if not due or interview.draft or interview.paused_at:
        return None
    if Moment.END in due or Moment.PART in due:
        return _out_of_time(interview, questions, now)
    return Move(kind="time", text=w.about_time(due, interview.left(now)), moments=due)


def hint_move(interview: Interview, questions: Questions, now: datetime) -> Move:
    """The next rung for the point being probed, or a sentence why there is none. Asking again is no shame, and is recorded."""
    interview.must_run()
    asked = interview.asked
    if asked is None:
        return Move(kind="note", text=w.NO_HINT_YET)
    point = questions[interview.part.question].by_point.get(asked.point or "")
    if point is None or not point.hints:
        return Move(kind="note", text=w.NO_HINT_HERE)
    given = interview.hints(interview.at_part)[point.id]
    said = {turn.ask for turn in interview.turns if turn.who == "interviewer"}
    rungs = [hint for hint in point.hints[:2] if hint not in said]
    if not rungs:
        return Move(kind="note", text=w.NO_HINT_LEFT)
    return Move(kind="hint", lead=f"Hint {given + 1} of {given + len(rungs)} (noted in the debrief):", text=rungs[0], point=point.id)


# --- after an answer -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Heard:
    """What was just said, and everything it is to be seen with."""

    interview: Interview
    question: Question
    feedback: Feedback
    answer: FactAnswer
    refused: bool
    aside: bool
    """Whether it speaks to the reviewer, and of the question not at all."""
    due: Sequence[Moment]
    left: float

    @classmethod
    def by(cls, interview: Interview, questions: Questions, now: datetime, refused: bool = False) -> _Heard:
        """Everything that was said in this part, reviewed; `refused`: whatever the words are, the person wants none of it."""
        question = questions[interview.part.question]
        last = _last_answer(interview)
        return cls(
            interview=interview,
            question=question,
            feedback=review(question, interview.answers(interview.at_part), level=interview.level),
            answer=_asked_back(question, last.text) if last and not refused else FactAnswer(),
            refused=refused or bool(last and w.refuses(last.text)),
            aside=bool(last and not refused and all(addressed(sentence) for sentence in split(last.text))),
            due=interview.due(now),
            left=interview.left(now),
        )

    def told(self) -> Move | None:
        """The answer to a clarifying question, or to no answer at all; None where an answer is to be asked on."""
        answer = self.answer
        if self.aside:
            return Move(kind="facts", lead=w.STANDS, text=self._again())
        text = self._again() if answer.again else w.AS_YOU_LIKE if answer.leave and not answer.unknown else ""
        something = answer.said or answer.unknown or text
        return self._facts(text) if answer.only_question and something and not self.refused else None

    def asked_on(self) -> Move | None:
        """The next probe; None where nothing is left to ask."""
        for target in self._targets():
            return self._probe(target.asks[0], target)
        for text in follow_ups(self.interview, self.question):
            return self._probe(text, None)
        return None

    @property
    def lead(self) -> str:
        """How the next message begins."""
        if not self.refused:
            return w.receipt(self.interview)
        return w.other(w.LEFT if self.interview.asked else w.SMALLER, self.interview)

    @property
    def closes(self) -> tuple[str, ...]:
        """What a refusal leaves alone from now on."""
        asked = self.interview.asked
        return (asked.point,) if self.refused and asked and asked.point else ()

    def _targets(self) -> list[Target]:
        """What is open; first of it what was just probed, unless it was refused."""
        asked = self.interview.asked
        found = targets(self.interview, self.question, self.feedback)
        if asked is None or asked.point is None:
            return found
        again = [target for target in found if target.id == asked.point and not self.refused]
        return again or [target for target in found if target.id != asked.point]

    def _probe(self, text: str, target: Target | None) -> Move:
        asked = self.interview.asked
        deeper = bool(target and asked and asked.point == target.id)
        lead = w.other(w.DEEPER, self.interview) if deeper else self.lead
        move = Move(
            kind="probe",
            lead=_joined(lead, w.about_time(self.due, self.left)),
            say=tuple(fact.say for fact in self.answer.said),
            unknown=self.answer.unknown,
            text=text,
            point=target.id if target else None,
            closes=self.closes,
            moments=tuple(self.due),
            verdicts=self.feedback.verdicts,
        )
        if not _fits(move) and (move.say or move.unknown):
            return self._facts("")
        quoted = (move.model_copy(update={"quote": quote}) for quote in (target.quotes if target else ()))
        return next((longer for longer in quoted if _fits(longer)), move)

    def _facts(self, text: str) -> Move:
        """Facts as far as one message holds them, the first in any case."""
        said = tuple(fact.say for fact in self.answer.said)
        whole = Move(
            kind="facts",
            lead=w.about_time(self.due, self.left),
            say=said,
            unknown=self.answer.unknown[:3],
            text=text,
            closes=self.closes,
            moments=tuple(self.due),
        )
        if _fits(whole) or text:
            return whole
        parts = (whole.model_copy(update={"say": said[:n], "unknown": (), "text": w.ONE_AT_A_TIME}) for n in range(len(said), 0, -1))
        return next((part for part in parts if _fits(part)), whole.model_copy(update={"say": said[:1], "unknown": ()}))

    def _again(self) -> str:
        """The question that stands, as it was put."""
        return asked.ask if (asked := self.interview.asked) else self.question.prompt


def _asked_back(question: Question, text: str) -> FactAnswer:
    answer = answer_facts(question, text)
    if answer.unknown and question.competency == "leadership":  # their own story: nobody else can know
        return replace(answer, unknown=(), leave=True)
    return answer


def _last_answer(interview: Interview) -> Turn | None:
    """What the person said since the interviewer last spoke."""
    last = interview.turns[-1] if interview.turns else None
    return last if last and last.who == "candidate" and last.part == interview.at_part else None


def _fits(move: Move) -> bool:
    return len(move.spoken.split()) <= w.LONGEST


# --- from part to part -----------------------------------------------------------------------------------------------


def _opening(interview: Interview, question: Question) -> Move:
    story_first = interview.part.kind == "story" and interview.at_part == 0 and len(interview.parts) > 1
    lead = w.STORY_FIRST if story_first else "" if interview.part.kind == "story" else w.ASK_ME
    return Move(kind="ask", lead=lead, title=question.title, text=question.prompt)


def _onward(interview: Interview, questions: Questions, lead: str = "", because: str = w.DONE_ASKING) -> Move:
    """The next part's question, or the end."""
    if interview.last_part:
        return Move(kind="over", lead=_joined(lead, because), text=w.OVER)
    part = interview.parts[interview.at_part + 1]
    question = questions[part.question]
    if part.kind == "story":
        turn, ask = w.ANOTHER_STORY, ""
    else:
        turn, ask = w.TECHNICAL if interview.stage is Stage.STORY else w.NEXT, w.ASK_ME
    because = "" if because == w.DONE_ASKING else because
    return Move(kind="next", lead=_joined(lead, because, turn, ask), title=question.title, text=question.prompt)


def _out_of_time(interview: Interview, questions: Questions, now: datetime) -> Move:
    return _onward(interview, questions, because=w.TIME if interview.left(now) <= 0 else w.PART_TIME)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
