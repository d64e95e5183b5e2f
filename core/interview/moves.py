"""The scripted interviewer: reads everything said in this part, and decides what to say next. Text match; nothing is made up."""

from __future__ import annotations

from datetime import datetime

from core.interview import wording as w
from core.interview.heard import Heard, Questions, joined, last_answer
from core.interview.move import Moment, Move, Wish
from core.interview.stages import Interview, Stage
from core.questions.bank import Question
from core.review.evidence import sentences
from core.review.feedback import Feedback
from core.review.own_words import own_words

__all__ = ["Moment", "Move", "due_move", "hint_move", "is_scripted", "next_move", "skip_move", "wished_move"]


def next_move(interview: Interview, questions: Questions, now: datetime) -> Move:
    """What the interviewer says now: after `begin`, after each `answer`, after `skip`. Raises IllegalStep unless it runs."""
    interview.must_run()
    if not interview.opened:
        return _opening(interview, questions[interview.part.question])
    if interview.part_left(now) <= 0:
        return _out_of_time(interview, questions, now)
    turn = Heard.by(interview, questions, now)
    return turn.told() or turn.asked_on() or _onward(interview, questions, lead=turn.lead)


def wished_move(interview: Interview, questions: Questions, now: datetime, wish: Wish, feedback: Feedback) -> Move:
    """What a model would say, as far as it may; `feedback` is its review of this part.

    What is told comes from the question's own facts, what is probed must still be open for probing, and whether this question is done with
    is worked out from the verdicts, never taken from a reply: nothing that somebody writes can move the interview on.
    """
    heard = Heard.by(interview, questions, now, feedback=feedback)
    return heard.wished(wish) or heard.told() or heard.asked_on() or _onward(interview, questions, lead=heard.lead)


def skip_move(interview: Interview, questions: Questions, now: datetime) -> Move:
    """*Skip*: leaves what is being probed and goes on with the rest, or leaves the question where nothing is.

    A started answer is to be closed before.
    """
    interview.must_run()
    if interview.part_left(now) <= 0:
        return _out_of_time(interview, questions, now)
    if not interview.asked:
        return _onward(interview, questions)
    turn = Heard.by(interview, questions, now, refused=True)
    return turn.asked_on() or _onward(interview, questions, lead=turn.lead)


def is_scripted(interview: Interview, move: Move, now: datetime) -> bool:
    """Whether any interviewer would make this move: a question is put, the time is over, or nothing was said that a model should read."""
    if not interview.opened or interview.part_left(now) <= 0:
        return True
    last = last_answer(interview)
    return last is None or not own_words(sentences((last.text,)))


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


# --- from part to part -----------------------------------------------------------------------------------------------


def _opening(interview: Interview, question: Question) -> Move:
    story_first = interview.part.kind == "story" and interview.at_part == 0 and len(interview.parts) > 1
    lead = w.STORY_FIRST if story_first else "" if interview.part.kind == "story" else w.ASK_ME
    return Move(kind="ask", lead=lead, title=question.title, text=question.prompt)


def _onward(interview: Interview, questions: Questions, lead: str = "", because: str = w.DONE_ASKING) -> Move:
    """The next part's question, or the end."""
    if interview.last_part:
        return Move(kind="over", lead=joined(lead, because), text=w.OVER)
    part = interview.parts[interview.at_part + 1]
    question = questions[part.question]
    if part.kind == "story":
        turn, ask = w.ANOTHER_STORY, ""
    else:
        turn, ask = w.TECHNICAL if interview.stage is Stage.STORY else w.NEXT, w.ASK_ME
    because = "" if because == w.DONE_ASKING else because
    return Move(kind="next", lead=joined(lead, because, turn, ask), title=question.title, text=question.prompt)


def _out_of_time(interview: Interview, questions: Questions, now: datetime) -> Move:
    return _onward(interview, questions, because=w.TIME if interview.left(now) <= 0 else w.PART_TIME)
