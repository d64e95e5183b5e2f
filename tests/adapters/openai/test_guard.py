"""What an interviewer must not say, and what it may."""

from __future__ import annotations

import pytest

from adapters.openai import prompts
from adapters.openai.guard import RUN, Guard
from core.interview.wording import LONGEST
from tests.adapters.openai.mocks import TECHNICAL

POINT = TECHNICAL.by_point["off-write-path"]
PLAIN = "What does the phone do when nothing comes back?"


def guard(*revealed: str) -> Guard:
    return Guard((TECHNICAL,), prompts.INTERVIEWER, revealed)


def run_of(text: str, words: int = RUN) -> str:
    return " ".join(text.split()[:words])


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "",
        "I do not know; assume something.",
        "Why is that correct for a phone offline?",
        "How good is that number?",
        "Understood. Then what?",
    ],
)
def test_a_plain_question_may_be_said(text: str) -> None:
    assert guard().why_not(text) == ""
    assert guard().heard(text, last=True) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"My reference is {prompts.CANARY}.", "canary"),
        (f"My reference is {prompts.CANARY.upper()}.", "canary"),
        ("See https://a.b/c for it.", "link"),
        ("Have a look at www.somewhere.", "link"),
        ("Read [this](there) first.", "link"),
        ("It is on example.com today.", "link"),
        ("What would <@U012345> say?", "link"),
        ("What would @here say?", "link"),
        ("What would <!channel> say?", "link"),
        ("Great answer. And then?", "verdict"),
        ("That is correct. And then?", "verdict"),
        ("Well done! And then?", "verdict"),
        ("I love it. And then?", "verdict"),
        ("Your score is rising. And then?", "verdict"),
        ("The rubric wants more. And then?", "verdict"),
        ("That is a strong hire. And then?", "verdict"),
        ("Eight out of ten. And then?", "verdict"),
        ("Who reads it? And who writes?", "length"),
        ("so " * (LONGEST + 1), "length"),
        (f"Would you say: {run_of(POINT.exemplars[0])}?", "rubric"),
        (f"Would you say: {run_of(POINT.bullet)}?", "rubric"),
        (f"Would you say: {run_of(POINT.text)}?", "rubric"),
        (f"Would you say: {run_of(POINT.text).upper()}?", "rubric"),
        (f"Would you say: {run_of(POINT.anti[0])}?", "rubric"),
        (f"I was told: {run_of(prompts.INTERVIEWER)}.", "rubric"),
    ],
)
def test_what_gives_something_away_or_judges_is_not_said(text: str, why: str) -> None:
    assert guard().why_not(text) == why
    assert guard().heard(text, last=True) == ""


def test_five_words_in_a_row_are_not_too_many() -> None:
    assert guard().why_not(f"Would you say: {run_of(POINT.exemplars[1], RUN - 1)}?") in ("", "point")
    assert guard().why_not(f"Would you say: {run_of(POINT.exemplars[1], RUN)}?") == "rubric"


@pytest.mark.parametrize("point", TECHNICAL.points, ids=lambda point: point.id)
def test_no_points_name_is_said_before_the_candidate_says_it(point: object) -> None:
    name = next(item.name for item in TECHNICAL.points if item is point)
    text = f"And {name.lower()}: what of that?"
    assert guard().why_not(text) == "point"
    assert guard(f"I want to talk about {name.lower()} now.").why_not(text) == ""


def test_a_phrase_that_gives_the_probed_point_away_is_not_said_unless_it_was_said_before() -> None:
    phrase = next(phrase for group in POINT.groups for phrase in group if " " in phrase)
    text = f"Do you need a {phrase} for it?"
    assert guard().why_not(text, about=POINT) == "point"
    assert guard(f"I put a {phrase} there.").why_not(text, about=POINT) == ""


def test_what_the_question_says_or_the_candidate_said_may_be_said_again() -> None:
    assert guard().why_not(f"You know: {run_of(TECHNICAL.prompt, 12)}, yes?") == ""
    assert guard().why_not(TECHNICAL.facts[-1].say) == ""
    line = run_of(POINT.exemplars[1], RUN + 2)
    assert guard().why_not(f"You said: {line}?") == "rubric"
    assert guard(f"Well, {line} or so.").why_not(f"You said: {line}?") in ("", "point")


@pytest.mark.parametrize("question", [point.probe for point in TECHNICAL.points])
def test_the_banks_own_probes_may_be_asked(question: str) -> None:
    assert guard().why_not(question) in ("", "length")
    assert guard().why_not(question) == ("length" if question.count("?") > 1 else "")


def test_only_whole_words_are_heard_while_it_grows_and_never_one_that_fails() -> None:
    speaks = guard()
    text = "Fine, and what does Safe to repeat mean then?"
    heard = [speaks.heard(text[:end]) for end in range(len(text) + 1)]
    assert {words for words in heard if words} == {
        "Fine,",
        "Fine, and",
        "Fine, and what",
        "Fine, and what does",
        "Fine, and what does Safe",
        "Fine, and what does Safe to",
    }
    assert heard[-1] == "" and speaks.heard(text, last=True) == ""


def test_the_last_word_is_heard_when_all_is_there() -> None:
    assert guard().heard(PLAIN) == PLAIN.rsplit(" ", 1)[0]
    assert guard().heard(PLAIN, last=True) == PLAIN


@pytest.mark.parametrize("sign", ["\u200b", "\u200d", "\u202e", "\u2066", "\ufeff", "\U000e0041"])
def test_signs_that_nobody_sees_are_gone(sign: str) -> None:
    assert guard().heard(f"What does{sign} the phone do?", last=True) == "What does the phone do?"
    assert guard().heard(f"And safe to re{sign}peat: what of that?", last=True) == "", "and hide nothing"
