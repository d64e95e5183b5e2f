"""What every reviewer promises. A model becomes a line in REVIEWERS."""

import random

import pytest

from core.interview.moves import Move
from core.interview.plan import plan
from core.interview.stages import Interview
from core.panel import TextMatch
from core.ports import Priced, Reviewer
from core.review.evidence import split
from tests.core.features.answers import STRONG, WEAK
from tests.fakes.clock import FakeClock
from tests.fakes.world import BANK, CHANNEL, YOU

REVIEWERS: dict[str, Reviewer] = {"text match": TextMatch(BANK)}
QUESTION = BANK.get("order-status-api")


@pytest.fixture(params=REVIEWERS)
def reviewer(request: pytest.FixtureRequest) -> Reviewer:
    return REVIEWERS[request.param]


@pytest.mark.parametrize("turns", [(WEAK,), (STRONG,), (WEAK, STRONG), ("fine",), ("",), ("😀 " * 50,)])
async def test_every_point_has_one_verdict_and_no_point_stands_without_the_persons_own_sentence(
    reviewer: Reviewer, turns: tuple[str, ...]
) -> None:
    feedback = (await reviewer.review(QUESTION, turns, payer="p")).value
    assert [verdict.point for verdict in feedback.verdicts] == [point.id for point in QUESTION.points]
    own = {sentence for turn in turns for sentence in split(turn)}
    for verdict in feedback.verdicts:
        if verdict.status.value in ("covered", "maybe"):
            assert verdict.sentences
        assert all(feedback.sentence(id) in own for id in verdict.sentences)


async def test_the_reviewer_names_itself(reviewer: Reviewer) -> None:
    assert (await reviewer.review(QUESTION, (STRONG,), payer="p")).value.reviewer


async def test_a_move_ends_with_itself_priced_and_probes_only_what_is_open(reviewer: Reviewer) -> None:
    now = FakeClock().now()
    parts = plan(BANK, "api_data", "sde2", 5, rng=random.Random(1), question=QUESTION)
    interview = Interview.planned(key="i", who=YOU, place=CHANNEL, round="api_data", level="sde2", minutes=5, parts=parts, now=now).begin(
        now
    )
    for text in (None, WEAK):
        if text:
            interview = interview.hear("m1", text, now).answer(now)
        spoken = [part async for part in reviewer.move(interview, now, payer="p")]
        assert isinstance(spoken[-1], Priced)
        move = spoken[-1].value
        assert isinstance(move, Move)
        interview = interview.say(move, now)
    assert move.point in QUESTION.by_point
    open_points = {verdict.point for verdict in move.verdicts if verdict.status.value != "covered"}
    assert move.point in open_points
