"""What lint finds in a question, and that it finds nothing in a good one."""

from __future__ import annotations

from datetime import date

import pytest

from core.questions.bank import Bank, Fact, Question
from core.review.compiled import Compiled
from core.review.feedback import Status
from core.review.lint import alone, lint, lint_bank


@pytest.fixture
def good(thumbnails: Question) -> Question:
    """The thumbnails question with all that lint asks for."""
    points = tuple(
        point.model_copy(update={"bullet": "What a stronger answer includes, and why.", "hints": ("What happens then?", "And next?")})
        for point in thumbnails.points
    )
    return thumbnails.model_copy(
        update={"points": points, "reviewed": date(2026, 11, 24), "facts": (Fact(ask=("how many",), say="Ten thousand a day."),)}
    )


def test_a_good_question_passes(good: Question) -> None:
    assert lint(good) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": "One two three four five six seven"}, "title has 7 words"),
        ({"prompt": "word " * 81 + "?"}, "prompt has 82 words"),
        ({"prompt": "Why? And how would you do it?"}, "asks more than once"),
        ({"prompt": "How would you do it? It is slow."}, "ask comes last"),
        ({"facts": ()}, "no facts"),
        ({"reviewed": None}, "no review date"),
    ],
)
def test_what_is_wrong_outside(good: Question, change: dict[str, object], said: str) -> None:
    assert any(said in problem for problem in lint(good.model_copy(update=change)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"exemplars": ("We answer at once and workers resize in the background.",)}, "three are the least"),
        ({"anti": ()}, "is wrong"),
        ({"bullet": ""}, "no bullet"),
        ({"hints": ()}, "no hint"),
        ({"probe": "Tell me."}, "one question mark"),
        ({"groups": (("queue",),)}, "two groups"),
        ({"exemplars": ("Some teams would resize later, we do not.", "I would not do that.", "Why not?")}, "is not found for it"),
    ],
)
def test_what_is_wrong_in_a_point(good: Question, change: dict[str, object], said: str) -> None:
    points = (good.points[0].model_copy(update=change), *good.points[1:])
    problems = lint(good.model_copy(update={"points": points}))
    assert any(said in problem for problem in problems), problems


def test_a_probe_that_gives_the_answer_away(good: Question) -> None:
    points = (good.points[0], good.points[1].model_copy(update={"probe": "Would a signed url help here?"}), *good.points[2:])
    assert any('gives away "signed url"' in problem for problem in lint(good.model_copy(update={"points": points})))


def test_near_duplicate_points(good: Question) -> None:
    twin = good.points[0].model_copy(update={"id": "twin"})
    assert any("nearly the same" in problem for problem in lint(good.model_copy(update={"points": (*good.points[:6], twin)})))


def test_the_bank_among_itself(good: Question) -> None:
    assert lint_bank([good]) == []
    other = good.model_copy(update={"id": "other"})
    problems = lint_bank([good, other, good])
    assert any("Two questions are called thumbnails" in problem for problem in problems)
    assert any("nearly the same" in problem for problem in problems)


@pytest.mark.e2e
def test_wrong_sentences_that_the_reviewer_has_never_read(bank: Bank) -> None:
    """Each `anti` of the bank, read by a reviewer who does not have it: what other authors' near misses do to him."""
    total = covered = 0
    for question in bank.questions:
        for number, point in enumerate(question.points):
            for wrong in point.anti:
                kept = tuple(text for text in point.anti if text != wrong)
                points = (*question.points[:number], point.model_copy(update={"anti": kept}), *question.points[number + 1 :])
                shown = alone(Compiled(question.model_copy(update={"points": points})), wrong)
                total += 1
                covered += shown[number].status is Status.COVERED
    assert covered <= 0.12 * total


@pytest.mark.e2e
def test_honest_sentences_that_the_reviewer_has_never_read(bank: Bank) -> None:
    """Each first exemplar of the bank, read by a reviewer who does not have it."""
    total = missing = 0
    for question in bank.questions:
        for number, point in enumerate(question.points):
            kept = point.exemplars[1:]
            points = (*question.points[:number], point.model_copy(update={"exemplars": kept}), *question.points[number + 1 :])
            shown = alone(Compiled(question.model_copy(update={"points": points})), point.exemplars[0])
            total += 1
            missing += shown[number].status is Status.MISSING
    assert missing <= 0.10 * total
