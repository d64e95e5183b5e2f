"""Agreement with labels; the floors stand a little below what was measured.

`dev` answers were tuned on. `held`, `exam` and `final` were written from prompts and point texts alone and measured before
anything was changed for them (first measurements: kappa .79, .74, .80; precision of covered .92, .92, .93); since then general
rules were mended with an eye on their errors, so today's figures flatter a little.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.review.feedback import Status
from core.review.matcher import review
from core.review.measure import Labelled, Outcome, figures, outcomes

UNTUNED = ("held", "exam", "final")


@pytest.fixture(scope="module")
def found(labelled: list[Labelled]) -> list[Outcome]:
    return outcomes(labelled, review)


def of(found: Sequence[Outcome], *splits: str, kind: str = "") -> list[Outcome]:
    return [outcome for outcome in found if outcome.answer.split in splits and (not kind or outcome.answer.kind == kind)]


@pytest.mark.parametrize(("splits", "kappa", "precision", "missed"), [(("dev",), 0.82, 0.95, 0.08), (UNTUNED, 0.78, 0.93, 0.10)])
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
