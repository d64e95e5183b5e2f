"""What a model would like to say, and how much of it is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.interview import wording as w
from core.interview.move import Moment, Move, Wish
from core.interview.moves import next_move, wished_move
from core.questions.bank import Bank, Question
from core.review.feedback import Feedback, Status
from core.review.matcher import review

Hold = Callable[..., Any]
ASKED = "order-status-api"
VAGUE = "I would put a queue between the phones and the table and then look at what happens on a busy day."
OWN = "Who reads this table most often, and when?"
STORY = "There was an old job that nobody owned, so I took it on and rewrote it in two weeks."


@pytest.fixture
def question(bank: Bank) -> Question:
    return bank.get(ASKED)


def heard(mock: Any, *messages: str, after: float = 20) -> Feedback:
    """An answer that nobody answered yet, and its review."""
    for text in messages:
        mock.now += timedelta(seconds=after)
        mock.interview = mock.interview.hear(f"m{next(mock.ids)}", text, mock.now)
    mock.interview = mock.interview.answer(mock.now)
    return reviewed(mock)


def reviewed(mock: Any) -> Feedback:
    part = mock.interview.at_part
    return review(mock.questions[mock.interview.part.question], mock.interview.answers(part), level=mock.interview.level)


def all_covered(feedback: Feedback) -> Feedback:
    """A reviewer who found everything."""
    verdicts = tuple(item.model_copy(update={"status": Status.COVERED, "sentences": (1,)}) for item in feedback.verdicts)
    story = tuple(check.model_copy(update={"shown": True}) for check in feedback.story)
    return feedback.model_copy(update={"verdicts": verdicts, "story": story})


def wished(mock: Any, wish: Wish, feedback: Feedback | None = None) -> Move:
    return wished_move(mock.interview, mock.questions, mock.now, wish, feedback or reviewed(mock))


def script(mock: Any) -> Move:
    return next_move(mock.interview, mock.questions, mock.now)


@pytest.fixture
def mock(held: Hold) -> Any:
    mock = held(ASKED, minutes=45, seconds=2700, level="sde3")
    mock.begin()
    return mock


def test_a_question_about_something_open_is_asked_in_the_models_words(mock: Any) -> None:
    feedback = heard(mock, VAGUE)
    move = wished(mock, Wish(text=OWN, about="reads-first"), feedback)
    assert (move.kind, move.text, move.point) == ("probe", OWN, "reads-first")
    assert (move.say, move.closes, move.lead) == ((), (), "")
    assert move.verdicts == feedback.verdicts


@pytest.mark.parametrize("about", [None, "made-up"])
def test_a_question_about_nothing_known_is_asked_and_probes_no_point(mock: Any, about: str | None) -> None:
    heard(mock, VAGUE)
    move = wished(mock, Wish(text=OWN, about=about))
    assert (move.kind, move.text, move.point) == ("probe", OWN, None)


def test_words_without_a_question_probe_nothing(mock: Any) -> None:
    heard(mock, VAGUE)
    move = wished(mock, Wish(text="Take your time with that.", about="reads-first"))
    assert (move.kind, move.text, move.point) == ("facts", "Take your time with that.", None)


def test_what_was_asked_often_enough_is_asked_by_nobody(mock: Any) -> None:
    """After two probes of a point the model's third gives way to the script's own."""
    for _ in range(2):
        heard(mock, VAGUE)
        mock._say(wished(mock, Wish(text=OWN, about="reads-first")))
    heard(mock, VAGUE)
    move = wished(mock, Wish(text=OWN, about="reads-first"))
    assert move == script(mock)
    assert move.kind == "probe"
    assert move.text != OWN
    assert move.point not in (None, "reads-first")


def test_what_was_refused_is_closed_and_asked_about_no_more(mock: Any) -> None:
    heard(mock, VAGUE)
    mock._say(wished(mock, Wish(text=OWN, about="reads-first")))
    heard(mock, "I don't know.")
    again = wished(mock, Wish(text="Which rows lie together?", about="reads-first"))
    assert again.closes == ("reads-first",)
    assert again.text != "Which rows lie together?"
    assert again == script(mock)
    other = wished(mock, Wish(text="What if a phone asks twice?", about="assumptions"))
    assert (other.closes, other.text, other.point) == (("reads-first",), "What if a phone asks twice?", "assumptions")
    mock._say(other)
    heard(mock, VAGUE)
    assert wished(mock, Wish(text="Which rows lie together?", about="reads-first")).text != "Which rows lie together?"


def test_a_story_check_that_was_refused_is_closed_too(held: Hold) -> None:
    mock = held("fixed-unasked", minutes=45)
    mock.begin()
    heard(mock, STORY)
    mock._say(wished(mock, Wish(text="What did it change, in figures?", about="story:number")))
    assert mock.interview.asked.point == "story:number"
    heard(mock, "I don't remember.")
    move = wished(mock, Wish(text="But roughly, how many?", about="story:number"))
    assert move.closes == ("story:number",)
    assert move.text != "But roughly, how many?"


def test_facts_are_told_in_the_questions_own_words(mock: Any, question: Question) -> None:
    heard(mock, "How many updates per second are there at peak?")
    move = wished(mock, Wish(text="", facts=(7, 5, 7)))
    assert (move.kind, move.text, move.say) == ("facts", "", (question.facts[6].say, question.facts[4].say))
    asked = wished(mock, Wish(text="With that, where do you begin?", facts=(7,)))
    assert (asked.kind, asked.say, asked.text) == ("probe", (question.facts[6].say,), "With that, where do you begin?")


def test_facts_that_do_not_fit_into_one_message_are_cut_to_the_first(mock: Any, question: Question) -> None:
    heard(mock, VAGUE)
    move = wished(mock, Wish(text=OWN, facts=(1, 2, 3)))
    assert (move.say, move.text) == ((question.facts[0].say,), OWN)


@pytest.mark.parametrize("number", [0, -1, 99])
def test_facts_that_there_are_not_are_not_told(mock: Any, question: Question, number: int) -> None:
    heard(mock, VAGUE)
    assert wished(mock, Wish(text=OWN, facts=(number,))).say == ()
    assert wished(mock, Wish(text=OWN, facts=(number, 7))).say == (question.facts[6].say,)
    assert wished(mock, Wish(facts=(number,))) == script(mock)


def test_an_empty_wish_leaves_it_to_the_script_by_the_models_own_review(mock: Any) -> None:
    feedback = heard(mock, VAGUE)
    assert wished(mock, Wish()) == script(mock)
    first = wished(mock, Wish(), feedback)
    assert first.point
    seen = tuple(
        item.model_copy(update={"status": Status.COVERED, "sentences": (1,)}) if item.point == first.point else item
        for item in feedback.verdicts
    )
    second = wished(mock, Wish(), feedback.model_copy(update={"verdicts": seen}))
    assert second.kind == "probe"
    assert second.point not in (None, first.point)


def test_it_goes_on_when_nothing_is_open_and_every_follow_up_was_asked(mock: Any, question: Question) -> None:
    feedback = all_covered(heard(mock, VAGUE))
    for text in question.probes:
        move = wished(mock, Wish(), feedback)
        assert (move.kind, move.text) == ("probe", text)
        mock._say(move)
        feedback = all_covered(heard(mock, VAGUE))
    assert wished(mock, Wish(), feedback).kind == "over"


def test_it_goes_on_to_the_next_question_where_there_is_one(held: Hold, bank: Bank) -> None:
    other = next(item.id for item in bank.questions if item.competency == "design")
    mock = held(ASKED, other, minutes=60, seconds=1500)
    mock.begin()
    feedback = all_covered(heard(mock, VAGUE))
    for text in mock.questions[ASKED].probes:
        mock._say(wished(mock, Wish(text=text), feedback))
        feedback = all_covered(heard(mock, VAGUE))
    move = wished(mock, Wish(), feedback)
    assert (move.kind, move.text) == ("next", bank.get(other).prompt)


@pytest.mark.parametrize(
    "wish",
    [
        Wish(),
        Wish(text="Thank you, that is the end of the interview."),
        Wish(text="That is the time. On to the next question."),
        Wish(text="Shall we end here?"),
        Wish(facts=(1,)),
        Wish(about="over"),
    ],
)
def test_no_reply_ends_a_question_while_something_is_open(mock: Any, wish: Wish) -> None:
    feedback = heard(mock, VAGUE)
    move = wished(mock, wish, feedback)
    assert move.kind in ("probe", "facts")
    after = mock.interview.say(move, mock.now)
    assert after.live
    assert after.at_part == mock.interview.at_part


def test_marks_of_the_clock_are_said_with_whatever_is_said(mock: Any) -> None:
    heard(mock, VAGUE, after=1380)
    asked, told, left = (wished(mock, wish) for wish in (Wish(text=OWN), Wish(facts=(7,)), Wish()))
    for move in (asked, told, left):
        assert w.about_time([Moment.HALF], mock.interview.left(mock.now)) in move.lead
        assert move.moments == (Moment.HALF,)
    mock._say(asked)
    heard(mock, VAGUE)
    assert wished(mock, Wish(text=OWN)).lead == ""
