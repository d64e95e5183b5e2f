"""The reviewer as a whole: what covers, what never may, and what changes nothing."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.questions.bank import Bank, Question
from core.review.feedback import Feedback, Status
from core.review.matcher import review
from core.review.measure import Labelled

INJECTIONS = yaml.safe_load(Path(__file__).with_name("injections.yaml").read_text(encoding="utf-8"))["lines"]


def statuses(feedback: Feedback) -> dict[str, Status]:
    return {verdict.point: verdict.status for verdict in feedback.verdicts}


def words_of(feedback: Feedback) -> dict[str, tuple[Status, tuple[str, ...]]]:
    """The verdicts by what was written, since ids move when sentences are added."""
    return {verdict.point: (verdict.status, tuple(map(feedback.sentence, verdict.sentences))) for verdict in feedback.verdicts}


# --- junk ---------------------------------------------------------------------------------------------------------------


JUNK = ("", " ", "fine", "asdf", "ok ok ok", "I don't know.", "no idea", "👍👍👍", "x " * 400, "1 2 3 4 5 6 7 8 9 10 11 12", "done")


@pytest.mark.parametrize("text", JUNK)
def test_junk_covers_nothing(thumbnails: Question, text: str) -> None:
    feedback = review(thumbnails, [text])
    assert {*statuses(feedback).values()} == {Status.MISSING}


def test_too_little_is_said_in_one_sentence(thumbnails: Question) -> None:
    told = review(thumbnails, ["fine"]).too_little
    assert told == "Not enough to review: 1 word. Try three to six sentences, or pass to see the bullets."
    assert review(thumbnails, ["We save the photo, answer at once, and workers make the sizes from a queue."]).too_little == ""


@pytest.mark.e2e
def test_the_prompt_pasted_back_covers_nothing(bank: Bank) -> None:
    for question in bank.questions:
        feedback = review(question, [question.prompt])
        assert not feedback.having(Status.COVERED, Status.MAYBE), question.id
        assert feedback.too_little


@pytest.mark.e2e
def test_the_rubric_pasted_covers_nothing(bank: Bank) -> None:
    for question in bank.questions:
        for texts in (
            [point.text for point in question.points],
            [point.bullet for point in question.points],
            [point.name for point in question.points],
            [point.exemplars[0] for point in question.points],
            [", ".join(group[0] for group in point.groups) for point in question.points if question.competency != "leadership"],
        ):
            assert not review(question, ["\n".join(texts)]).having(Status.COVERED), (question.id, texts[0])


def test_somebody_elses_rubric_covers_nothing(bank: Bank) -> None:
    for question, other in zip(bank.questions, bank.questions[1:], strict=False):
        assert not review(question, [" ".join(point.text for point in other.points)]).having(Status.COVERED), question.id


@pytest.mark.e2e
def test_an_answer_to_another_question_covers_next_to_nothing(labelled: list[Labelled]) -> None:
    questions = {answer.question.id: answer.question for answer in labelled}
    total = wrong = 0
    for answer in labelled:
        for question in questions.values():
            if question.id != answer.question.id and answer.kind in ("textbook", "lay", "padded"):
                total += len(question.points)
                wrong += len(review(question, [answer.text]).having(Status.COVERED))
    assert wrong <= 0.03 * total


# --- invariance ---------------------------------------------------------------------------------------------------------


@pytest.mark.e2e
def test_lines_to_the_reviewer_change_no_verdict(labelled: list[Labelled]) -> None:
    dice = random.Random(7)
    for answer in labelled:
        if answer.kind not in ("textbook", "lay", "non_native", "near_miss"):
            continue
        lines = answer.text.strip().split("\n")
        with_lines = list(lines)
        for line in dice.sample(INJECTIONS, 4):
            with_lines.insert(dice.randrange(len(with_lines) + 1), line)
        alone = review(answer.question, ["\n".join(lines)])
        assert words_of(review(answer.question, ["\n".join(with_lines)])) == words_of(alone), with_lines


@pytest.mark.e2e
def test_padding_changes_no_verdict(labelled: list[Labelled], filler: list[str]) -> None:
    padding = " ".join(filler)
    assert len(padding.split()) > 350
    changed = total = 0
    for answer in labelled:
        if answer.kind in ("textbook", "lay", "non_native", "partial"):
            plain, padded = review(answer.question, [answer.text]), review(answer.question, [padding, answer.text, padding])
            before, after = words_of(plain), words_of(padded)
            total += len(before)
            changed += sum(before[point] != after[point] for point in before)
            assert all(before[point][0] is Status.COVERED for point in after if after[point][0] is Status.COVERED), answer.text
    assert changed <= 0.01 * total


def test_invisible_and_lookalike_letters_change_no_verdict(thumbnails: Question) -> None:
    text = (
        "We answer at once and put a job on a queue; workers make the thumbnails later."
        " A job that fails five times goes to a dead letter queue with an alarm."
    )
    hidden = text.replace("queue", "que\u200bue").replace("a", "а").replace("workers", "\u202eworkers\u202c")
    assert statuses(review(thumbnails, [text])) == statuses(review(thumbnails, [hidden]))


def test_the_same_answer_gets_the_same_review(thumbnails: Question, labelled: list[Labelled]) -> None:
    answer = next(answer for answer in labelled if answer.question.id == "thumbnails")
    copy = Question.model_validate(thumbnails.model_dump())
    assert review(thumbnails, [answer.text]) == review(copy, [answer.text])


# --- evidence -----------------------------------------------------------------------------------------------------------

_SAID = """we I the a queue worker answers at once later job photo retry twice same key dead letter alarm signed link bucket not never if
were bigger some teams would but actually no scratch that because so however grey box until ready scale backlog when grows
, . ; ? ! - 5 99.9 e.g. é 漢字 🚀 \u200b"""
_WORDS = ["\n", *re.findall(r"\S+", _SAID)]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from(_WORDS), max_size=60).map(" ".join), max_size=3))
def test_every_named_sentence_was_written(thumbnails: Question, turns: list[str]) -> None:
    feedback = review(thumbnails, turns)
    ids = [id for verdict in feedback.verdicts for id in verdict.sentences]
    ids += [id for habit in feedback.habits for id in habit.sentences] + [id for hit in feedback.pitfalls for id in hit.sentences]
    ids += [verdict.near for verdict in feedback.verdicts if verdict.near] + ([feedback.weakest] if feedback.weakest else [])
    for id in ids:
        assert any(feedback.sentence(id) in turn for turn in turns)
    for verdict in feedback.verdicts:
        assert bool(verdict.sentences) == (verdict.status in (Status.COVERED, Status.MAYBE))
    assert len(feedback.verdicts) == len(thumbnails.points)


def test_one_sentence_supports_at_most_three_points(labelled: list[Labelled]) -> None:
    for answer in labelled:
        feedback = review(answer.question, [answer.text])
        for sentence in feedback.sentences:
            supported = sum(sentence.id in verdict.sentences for verdict in feedback.verdicts)
            assert supported <= (3 if len(sentence.text.split()) >= 28 else 2), sentence.text


# --- what is asked, what comes next -------------------------------------------------------------------------------------


def test_points_that_were_not_asked(thumbnails: Question) -> None:
    feedback = review(thumbnails, ["We answer at once and put a job on a queue; workers make the thumbnails later."], asked={"retry-job"})
    assert feedback.verdict("async").status is Status.COVERED
    assert feedback.verdict("retry-job").status is Status.MISSING
    assert feedback.verdict("placeholder").status is Status.NOT_ASKED


def test_the_next_probe_asks_for_what_is_missing(bank: Bank) -> None:
    for question in bank.questions:
        feedback = review(question, ["I would look at it and see what can be done about all of this."])
        assert feedback.next_probe is not None
        first = question.point(feedback.next_probe.point)
        assert first.critical == any(point.critical for point in question.points)
        easy = review(question, ["I would look at it and see what can be done about all of this."], level="sde1").next_probe
        assert easy is None or question.point(easy.point).level == "sde1"


def test_nothing_is_asked_when_all_is_covered(thumbnails: Question) -> None:
    one = thumbnails.model_copy(update={"points": thumbnails.points[:1]})
    assert review(one, ["We answer at once and put a job on a queue; workers make the thumbnails later."]).next_probe is None


# --- speed --------------------------------------------------------------------------------------------------------------


def test_three_hundred_words_in_twenty_milliseconds(labelled: list[Labelled]) -> None:
    answer = next(answer for answer in labelled if answer.kind == "textbook")
    text = " ".join((answer.text * 4).split()[:300])
    review(answer.question, [text])
    assert min(_took(answer.question, f"{text} Round {number}.") for number in range(5)) < 0.03  # 10 ms on a quiet machine


ODD = (
    "we do not ", "if ", "might ", "if might ", "some teams of ", "maybe, ", "(a ", "forget that ", "assume ", "a a a would ", "- ",
    "mark ", "x@y ",
    "if it were bigger and so we would ", "The queue retries the job twice. ",
)  # fmt: skip


@pytest.mark.e2e
@pytest.mark.parametrize("piece", ODD)
def test_forty_thousand_characters_of_anything(labelled: list[Labelled], piece: str) -> None:
    question = labelled[0].question
    for one in (question, question.model_copy(update={"competency": "leadership"})):
        assert _took(one, (piece * (40_000 // len(piece) + 1))[:40_000]) < 1.0  # half of that on a quiet machine


def _took(question: Question, text: str) -> float:
    """Seconds of computing, whatever else the machine does."""
    start = time.process_time()
    review(question, [text])
    return time.process_time() - start
