"""What was just said, seen with everything before it: what to tell, what to ask on, what to leave alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.interview import wording as w
from core.interview.move import Moment, Move, Wish
from core.interview.probing import CHECK, Target, follow_ups, may_probe, targets
from core.interview.stages import Interview
from core.interview.turns import Turn
from core.questions.bank import Question
from core.questions.facts import FactAnswer, answer_facts
from core.review.addressed import addressed
from core.review.evidence import split
from core.review.feedback import Feedback
from core.review.matcher import review

Questions = Mapping[str, Question]


@dataclass(frozen=True)
class Heard:
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
    def by(
        cls, interview: Interview, questions: Questions, now: datetime, refused: bool = False, feedback: Feedback | None = None
    ) -> Heard:
        """Everything that was said in this part, reviewed by text match unless it was by somebody else.

        `refused`: whatever the words are, the person wants none of it.
        """
        question = questions[interview.part.question]
        last = last_answer(interview)
        return cls(
            interview=interview,
            question=question,
            feedback=feedback or review(question, interview.answers(interview.at_part), level=interview.level),
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

    def wished(self, wish: Wish) -> Move | None:
        """What a model would say, within what is allowed; None where nothing of it can be said."""
        facts = tuple(self.question.facts[n - 1].say for n in dict.fromkeys(wish.facts) if 1 <= n <= len(self.question.facts))
        asks = "?" in wish.text
        if not (wish.text or facts) or (asks and not self._may_follow(wish.about)):
            return None
        move = Move(
            kind="probe" if asks else "facts",
            lead=w.about_time(self.due, self.left),
            say=facts,
            text=wish.text,
            point=wish.about if asks and wish.about and may_probe(self.interview, self.question, wish.about) else None,
            closes=self.closes,
            moments=tuple(self.due),
            verdicts=self.feedback.verdicts,
        )
        return move if _fits(move) or not facts else move.model_copy(update={"say": facts[:1]})

    def _may_follow(self, about: str | None) -> bool:
        """Not what was just refused, and not what was asked about often enough."""
        if about is None or not (about in self.question.by_point or about.startswith(CHECK)):
            return True
        return about not in self.closes and may_probe(self.interview, self.question, about)

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
            lead=joined(lead, w.about_time(self.due, self.left)),
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


def last_answer(interview: Interview) -> Turn | None:
    """What the person said since the interviewer last spoke."""
    last = interview.turns[-1] if interview.turns else None
    return last if last and last.who == "candidate" and last.part == interview.at_part else None


def _fits(move: Move) -> bool:
    return len(move.spoken.split()) <= w.LONGEST


def joined(*parts: str) -> str:
    """Those that say something, one after the other."""
    return " ".join(part for part in parts if part)
