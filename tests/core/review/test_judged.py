"""What a model found stands only on whole sentences of the person's own."""

from __future__ import annotations

import pytest

from core.questions.bank import Bank, Question
from core.review.feedback import Feedback, Status
from core.review.judged import AGREED, ALONE, MOST_POINTS, Found, judged
from core.review.matcher import review

ANSWER = (
    "The main read is the current state of a single order, so the partition key is the order id.",
    "Ünïcode “stays”  as it is: I keep a list of what was handed in. Then people look at it on a quiet Sunday afternoon.",
    "Some teams would draw three boxes here and talk about them for an hour or so.",
)
NAME = "a model, prompt 1"
EVERY = frozenset(range(1, 5))


@pytest.fixture(scope="module")
def question(bank: Bank) -> Question:
    return bank.get("order-status-api")


@pytest.fixture(scope="module")
def base(question: Question) -> Feedback:
    found = review(question, ANSWER)
    assert len(found.sentences) == 4
    return found


def found(point: str, *sentences: int, status: Status = Status.COVERED) -> Found:
    return Found(point=point, status=status, sentences=sentences)


def read(question: Question, base: Feedback, *items: Found, own: frozenset[int] = EVERY) -> Feedback:
    return judged(question, base, items, own, NAME, "sde3")


def test_who_reviewed_is_named_and_every_point_has_one_verdict(question: Question, base: Feedback) -> None:
    result = read(question, base, found("assumptions", 1), found("made-up", 1))
    assert result.reviewer == NAME
    assert [verdict.point for verdict in result.verdicts] == [point.id for point in question.points]
    assert base.reviewer == "text match"


def test_sentences_stay_letter_for_letter(question: Question, base: Feedback) -> None:
    result = read(question, base, found("assumptions", 2))
    assert result.sentences == base.sentences
    [id] = result.verdict("assumptions").sentences
    assert result.sentence(id) in ANSWER[1]
    assert "“stays”  as it is" in result.sentence(id)


@pytest.mark.parametrize("ids", [(), (0,), (-1,), (5,), (10**9,)])
def test_a_point_without_a_sentence_in_range_is_missing(question: Question, base: Feedback, ids: tuple[int, ...]) -> None:
    verdict = read(question, base, found("assumptions", *ids)).verdict("assumptions")
    assert (verdict.status, verdict.sentences) == (Status.MISSING, ())


def test_only_own_sentences_are_evidence(question: Question, base: Feedback) -> None:
    own = frozenset([1, 3])
    result = read(question, base, found("assumptions", 2), found("reads-first", 2, 3, 9), own=own)
    assert result.verdict("assumptions").status is Status.MISSING
    assert result.verdict("reads-first").sentences == (3,)


def test_one_sentence_supports_two_points_and_no_more(question: Question, base: Feedback) -> None:
    ids = [point.id for point in question.points]
    result = read(question, base, *(found(id, 3) for id in ids))
    assert [verdict.point for verdict in result.having(Status.COVERED)] == ids[:MOST_POINTS]
    assert MOST_POINTS == 2
    other = read(question, base, *(found(id, 3, 4) for id in ids[:2]), found(ids[2], 3, 4), found(ids[3], 3, 2))
    assert other.verdict(ids[2]).status is Status.MISSING
    assert other.verdict(ids[3]).sentences == (2,)


def test_a_sentence_named_twice_for_one_point_counts_once(question: Question, base: Feedback) -> None:
    ids = [point.id for point in question.points]
    result = read(question, base, found(ids[0], 3, 3, 3), found(ids[1], 3))
    assert result.verdict(ids[0]).sentences == result.verdict(ids[1]).sentences == (3,)


def test_a_point_names_three_sentences_at_most(question: Question, base: Feedback) -> None:
    assert read(question, base, found("assumptions", 4, 3, 2, 1)).verdict("assumptions").sentences == (4, 3, 2)


def test_of_several_verdicts_on_a_point_the_first_counts(question: Question, base: Feedback) -> None:
    result = read(question, base, found("assumptions", 3, status=Status.MAYBE), found("assumptions", 1))
    assert (result.verdict("assumptions").status, result.verdict("assumptions").sentences) == (Status.MAYBE, (3,))
    nothing = read(question, base, found("assumptions", 9), found("assumptions", 1))
    assert nothing.verdict("assumptions").status is Status.MISSING


def test_what_no_verdict_names_is_missing_whatever_text_match_found(question: Question, base: Feedback) -> None:
    assert base.verdict("reads-first").status is Status.COVERED
    result = read(question, base)
    assert {verdict.status for verdict in result.verdicts} == {Status.MISSING}
    assert result.verdict("reads-first").near == 1


@pytest.mark.parametrize("status", [Status.CLAIMED, Status.NOT_ASKED, Status.MISSING])
def test_a_model_cannot_claim_or_excuse(question: Question, base: Feedback, status: Status) -> None:
    verdict = read(question, base, found("assumptions", 1, status=status)).verdict("assumptions")
    assert (verdict.status, verdict.sentences) == (Status.MISSING, ())


def test_it_is_surer_where_text_match_found_the_same(question: Question, base: Feedback) -> None:
    assert base.verdict("assumptions").status is Status.MISSING
    result = read(question, base, found("reads-first", 1), found("assumptions", 1))
    assert (result.verdict("reads-first").confidence, result.verdict("assumptions").confidence) == (AGREED, ALONE)
    assert result.verdict("off-write-path").confidence == AGREED
    assert read(question, base).verdict("reads-first").confidence == ALONE


def test_the_next_probe_follows_the_models_verdicts(question: Question, base: Feedback) -> None:
    first = read(question, base).next_probe
    assert first
    assert read(question, base, found(first.point, 3)).next_probe != first


def test_a_sentence_that_covers_something_is_not_the_weakest(question: Question, base: Feedback) -> None:
    weak = base.model_copy(update={"weakest": 3})
    assert read(question, weak, found("assumptions", 1)).weakest == 3
    assert read(question, weak, found("assumptions", 3)).weakest is None
    assert read(question, weak, found("assumptions", 3), found("reads-first", 4, status=Status.MAYBE)).weakest == 4
    assert read(question, weak, found("assumptions", 3), found("reads-first", 3, status=Status.MAYBE)).weakest is None


def test_too_little_is_too_little_for_a_model_too(question: Question) -> None:
    little = review(question, ("ok",))
    assert little.too_little
    result = judged(question, little, [found("assumptions", 1)], [1], NAME, "sde3")
    assert result == little.model_copy(update={"reviewer": NAME})
