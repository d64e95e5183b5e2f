"""Agreement with labels. `dev` answers were tuned on; the others never were. The floors stand a little below what was measured."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.review.feedback import Status
from core.review.matcher import review
from core.review.measure import Labelled, Outcome, figures, outcomes

UNTUNED = ("held", "exam")


@pytest.fixture(scope="module")
def found(labelled: list[Labelled]) -> list[Outcome]:
    return outcomes(labelled, review)


def of(found: Sequence[Outcome], *splits: str, kind: str = "") -> list[Outcome]:
    return [outcome for outcome in found if outcome.answer.split in splits and (not kind or outcome.answer.kind == kind)]


@pytest.mark.parametrize(("splits", "kappa", "precision", "missed"), [(("dev",), 0.75, 0.93, 0.10), (UNTUNED, 0.65, 0.88, 0.12)])
def test_floors(found: list[Outcome], splits: tuple[str, ...], kappa: float, precision: float, missed: float) -> None:
    measured = figures(of(found, *splits))
    assert measured.labels > 300
    assert measured.kappa >= kappa
    assert measured.precision >= precision
    assert measured.missed <= missed


def test_a_list_of_terms_covers_nothing(found: list[Outcome]) -> None:
    assert not [outcome.point for outcome in of(found, "dev", *UNTUNED, kind="buzzword") if outcome.status is Status.COVERED]


def test_what_speaks_to_the_reviewer_gains_nothing(found: list[Outcome]) -> None:
    assert figures(of(found, "dev", *UNTUNED, kind="injected")).false_covered == 0


def test_lay_words_are_found(found: list[Outcome]) -> None:
    assert figures(of(found, *UNTUNED, kind="lay")).missed <= 0.2
