"""Levels and a practice vote: sums over verdicts, done by code."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.questions.bank import Competency, Level, Point, Question
from core.review.feedback import Feedback, Status, Verdict
from core.review.levels import Ballot, ballot, expected

COVERED, MAYBE, MISSING, NOT_ASKED, CLAIMED = Status
Row = tuple[Status, int, bool, Level]


def row(status: Status, weight: int = 1, *, critical: bool = False, level: Level = "sde1") -> Row:
    return status, weight, critical, level


def reviewed(rows: Sequence[Row | Status], competency: Competency = "design") -> tuple[Question, Feedback]:
    """A question with so many points, and how each of them stood."""
    full = [item if isinstance(item, tuple) else row(item) for item in rows]
    points = [
        Point.model_validate(
            {
                "id": f"p{n}",
                "name": f"Point {n}",
                "text": "Says it.",
                "weight": weight,
                "level": level,
                "critical": critical,
                "groups": [["word"]],
                "exemplars": ["A word."],
                "probe": "And then?",
            }
        )
        for n, (_, weight, critical, level) in enumerate(full)
    ]
    question = Question(id="made-up", title="Made up", competency=competency, prompt="How?", points=tuple(points))
    verdicts = tuple(Verdict(point=f"p{n}", status=item[0]) for n, item in enumerate(full))
    return question, Feedback(question="made-up", reviewer="a model", sentences=(), verdicts=verdicts)


def counted(*rows: Row | Status, level: Level = "sde3") -> Ballot:
    return ballot([reviewed(rows)], level)


@pytest.mark.parametrize(("covered", "level"), [(20, 4), (17, 4), (16, 3), (12, 3), (11, 2), (7, 2), (6, 1), (0, 1)])
def test_a_level_is_reached_from_its_share_of_the_weight_on(covered: int, level: int) -> None:
    [standing] = counted(*[COVERED] * covered, *[MISSING] * (20 - covered)).standings
    assert standing.level == level
    assert standing.share == covered / 20
    assert standing.observed == 20


@pytest.mark.parametrize(
    ("covered", "vote"),
    [
        (20, "Strong yes"),
        (17, "Strong yes"),
        (16, "Yes"),
        (14, "Yes"),
        (13, "Lean yes"),
        (11, "Lean yes"),
        (10, "Lean no"),
        (7, "Lean no"),
        (6, "No"),
        (0, "No"),
    ],
)
def test_a_vote_is_reached_from_its_share_on(covered: int, vote: str) -> None:
    assert counted(*[COVERED] * covered, *[MISSING] * (20 - covered)).vote == vote


def test_heavier_points_count_as_often_as_they_weigh() -> None:
    assert counted(row(COVERED, 2), MISSING, MISSING).standings[0].share == 0.5
    assert counted(row(MISSING, 2), COVERED, COVERED).standings[0].share == 0.5
    assert counted(row(COVERED, 2), row(COVERED, 2), MISSING).standings[0].share == 0.8


@pytest.mark.parametrize("status", [MAYBE, CLAIMED])
def test_maybe_and_claimed_count_half(status: Status) -> None:
    assert counted(status, status, status).standings[0].share == 0.5
    assert counted(COVERED, COVERED, status, MISSING).standings[0].share == 0.625


def test_what_was_not_asked_counts_nothing_for_or_against() -> None:
    with_it, without = counted(COVERED, COVERED, MISSING, NOT_ASKED, NOT_ASKED), counted(COVERED, COVERED, MISSING)
    assert with_it.standings == without.standings
    assert with_it.standings[0].observed == 3
    assert with_it.vote == without.vote


def test_below_three_observed_points_nothing_is_said() -> None:
    few = counted(COVERED, COVERED, NOT_ASKED, NOT_ASKED)
    assert few.vote is None
    assert few.standings[0].level is None
    assert few.standings[0].observed == 2
    enough = counted(COVERED, COVERED, MISSING)
    assert enough.vote == "Lean yes"
    assert enough.standings[0].level == 3
    assert counted(row(MISSING, critical=True)).vote is None


def test_nothing_observed_is_no_error() -> None:
    none = counted(NOT_ASKED)
    assert none.vote is None
    assert none.standings[0].share == 0.0
    assert ballot([], "sde1") == Ballot(vote=None, standings=())


def test_points_above_the_level_count_nowhere() -> None:
    rows = (COVERED, COVERED, COVERED, row(MISSING, 2, critical=True, level="sde2"), row(COVERED, 2, level="sde3"))
    junior = counted(*rows, level="sde1")
    assert junior.standings[0].observed == 3
    assert (junior.vote, junior.missed, junior.strongest) == ("Strong yes", (), ("Point 0", "Point 1", "Point 2"))
    middle = counted(*rows, level="sde2")
    assert middle.standings[0].observed == 4
    assert middle.missed == ("Point 3",)
    assert "Point 4" not in middle.strongest
    question, _ = reviewed(rows)
    assert [point.id for point in expected(question, "sde2")] == ["p0", "p1", "p2", "p3"]


def test_a_critical_miss_caps_the_vote_and_is_named() -> None:
    capped = counted(row(MISSING, critical=True), *[COVERED] * 19)
    assert (capped.vote, capped.missed) == ("Lean no", ("Point 0",))
    assert capped.standings[0].level == 4
    low = counted(row(MISSING, critical=True), MISSING, MISSING)
    assert low.vote == "No"


def test_there_is_no_vote_before_the_critical_point_was_asked_and_half_of_the_weight_was_seen() -> None:
    assert counted(row(NOT_ASKED, critical=True), *[COVERED] * 19).vote is None
    assert counted(*[COVERED] * 4, *[NOT_ASKED] * 5).vote is None
    assert counted(*[COVERED] * 5, *[NOT_ASKED] * 5).vote == "Strong yes"


@pytest.mark.parametrize("status", [COVERED, MAYBE, CLAIMED])
def test_a_critical_point_that_was_not_missed_caps_nothing(status: Status) -> None:
    one = counted(row(status, critical=True), *[COVERED] * 19)
    assert (one.vote, one.missed) == ("Strong yes", ())


def test_the_strongest_are_three_critical_first_then_heavy() -> None:
    rows = (COVERED, row(COVERED, 2), row(MAYBE, 2, critical=True), row(COVERED, 1, critical=True), COVERED)
    assert counted(*rows).strongest == ("Point 3", "Point 1", "Point 0")


def test_several_questions_make_one_vote_and_a_standing_for_each_competency() -> None:
    design = reviewed([COVERED, COVERED])
    again = reviewed([MISSING, COVERED])
    story = reviewed([MISSING, MISSING, row(MISSING, critical=True)], "leadership")
    both = ballot([design, again, story], "sde3")
    assert {item.competency: (item.level, item.observed, item.share) for item in both.standings} == {
        "design": (3, 4, 0.75),
        "leadership": (1, 3, 0.0),
    }
    assert both.vote == "Lean no"
    assert both.missed == ("Point 2",)
    assert [item.competency for item in ballot([story, design], "sde3").standings] == ["design", "leadership"]
