"""`loopcoach evaluate`: a perfect reviewer has 1, a careless one has not, and what it cost is added up."""

import json
from collections.abc import Sequence

from bot.evaluating import evaluate, samples
from core.errors import ModelError
from core.panel import TextMatch
from core.ports import Payer, Priced, Usage
from core.questions.bank import Level, Question, load
from core.review.feedback import Feedback, Status, Verdict
from core.review.matcher import review

BANK = load()
SOME = [BANK.get("order-status-api"), BANK.questions[5]]


class Reader:
    """Says of every point what it is told to."""

    def __init__(self, says: dict[str, Status] | Status, fails: bool = False) -> None:
        self.name, self.says, self.fails = "reader", says, fails

    async def review(self, question: Question, turns: Sequence[str], payer: Payer, level: Level = "sde3") -> Priced[Feedback]:
        if self.fails:
            raise ModelError("away", Usage(input_tokens=5, calls=1))
        covered = next(sample.covered for sample in samples(question) if sample.text == turns[0])
        verdicts = tuple(
            Verdict(
                point=point.id, status=self.says if isinstance(self.says, Status) else self.says[str(point.id in covered)], sentences=(1,)
            )
            for point in question.points
        )
        return Priced(review(question, turns).model_copy(update={"verdicts": verdicts}), Usage(input_tokens=10, output_tokens=2, calls=1))

    def _of(self, covered: bool) -> Status:
        return self.says if isinstance(self.says, Status) else self.says[str(covered)]

    def move(self, *_: object) -> None:
        raise AssertionError("no interview here")


async def test_every_point_is_judged_as_often_covered_as_not_and_six_answers_a_question() -> None:
    answers = list(samples(SOME[0]))
    assert len(answers) == 6
    for point in SOME[0].points:
        assert sum(point.id in sample.covered for sample in answers) == 3


async def test_whoever_is_always_right_has_one_and_whoever_says_yes_to_all_has_no_kappa_above_nought() -> None:
    right = await evaluate(Reader({"True": Status.COVERED, "False": Status.MISSING}), "right", SOME)  # type: ignore[arg-type]
    assert (right.precision, right.recall, right.kappa) == (1.0, 1.0, 1.0)
    yes = await evaluate(Reader(Status.COVERED), "yes", SOME)  # type: ignore[arg-type]
    assert yes.recall == 1.0
    assert yes.precision is not None
    assert 0.4 < yes.precision < 0.6
    assert yes.kappa == 0.0
    assert (await evaluate(Reader(Status.MAYBE), "maybe", SOME)).precision is None  # type: ignore[arg-type]


async def test_what_it_cost_and_what_failed_is_counted() -> None:
    tally = await evaluate(Reader(Status.MISSING), "none", SOME)  # type: ignore[arg-type]
    assert tally.usage.input_tokens == 10 * 12
    failed = await evaluate(Reader(Status.MISSING, fails=True), "away", SOME)  # type: ignore[arg-type]
    assert (failed.failed, failed.answers, failed.usage.calls) == (12, 0, 12)
    assert "12 answers got no review" in failed.shown()
    assert json.loads(tally.as_json())["labels"] == 6 * sum(len(question.points) for question in SOME)


async def test_text_match_costs_nothing_and_is_far_from_chance() -> None:
    tally = await evaluate(TextMatch(BANK), "text match", SOME)
    assert tally.usage.calls == 0
    assert tally.kappa is not None
    assert tally.kappa > 0.5
