"""Which question comes next. Nothing here knows a clock or a database."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from core.features.drill.choosing import WINDOW, choose, note
from core.questions.bank import COMPETENCIES, LEVELS, Bank, Question
from core.records import Drill
from tests.fakes.world import BANK, CHANNEL, YOU

MONDAY = date(2026, 11, 30)


def order(**more: object) -> Drill:
    return Drill.model_validate({"key": str(CHANNEL), "place": CHANNEL, "owner": YOU, "seed": 5, **more})


def asked(drill: Drill, days: int, bank: Bank = BANK) -> list[tuple[date, Question]]:
    """What a drill asks on so many days running."""
    found = []
    for number in range(days):
        day = MONDAY + timedelta(days=number)
        question = choose(drill, bank, day)
        assert question
        found.append((day, question))
        drill = note(drill, question, day)
    return found


def test_nothing_comes_twice_within_the_window_as_far_as_the_bank_goes() -> None:
    run = asked(order(), len(BANK))
    assert len({question.id for _, question in run}) == len(BANK)


def test_where_the_bank_runs_out_the_one_asked_longest_ago_comes() -> None:
    small = Bank([question for question in BANK.questions if question.competency == "reliability"])
    run = [question.id for _, question in asked(order(), 3 * len(small), small)]
    assert run[: len(small)] == run[len(small) : 2 * len(small)] == run[2 * len(small) :]


def test_after_the_window_a_question_may_come_again_by_chance() -> None:
    drill = note(order(), BANK.questions[0], MONDAY)
    before, after = MONDAY + WINDOW - timedelta(days=1), MONDAY + WINDOW
    assert all(choose(drill.model_copy(update={"seed": seed}), BANK, before) != BANK.questions[0] for seed in range(300))
    assert any(choose(drill.model_copy(update={"seed": seed}), BANK, after) == BANK.questions[0] for seed in range(300))
    assert note(drill, BANK.questions[1], after).asked == {BANK.questions[1].id: after}  # nothing is remembered for longer


def test_every_competency_of_the_filter_comes_around() -> None:
    for filter in ((), ("reliability", "execution", "leadership")):
        run = [question.competency for _, question in asked(order(competencies=filter), 18)]
        of = len(filter or COMPETENCIES)
        assert all(len(set(run[start : start + of])) == of for start in range(0, 18, of))


def test_every_level_comes_around_where_all_are_wanted_and_only_the_one_that_is() -> None:
    run = [question for _, question in asked(order(), 30)]
    for level in LEVELS:
        waits = [index for index, question in enumerate(run) if level in question.levels]
        assert max(after - before for before, after in pairwise(waits)) <= 4
    assert all("sde1" in question.levels for _, question in asked(order(level="sde1"), 12))


def test_a_level_that_waited_longer_goes_first() -> None:
    """Half of the questions are for the first level only, half for the third only: they alternate."""
    some = [question for question in BANK.questions if question.competency == "design"]
    halves = Bank(
        [question.model_copy(update={"levels": ("sde1", "sde3")[index % 2 : index % 2 + 1]}) for index, question in enumerate(some)]
    )
    run = [question.levels for _, question in asked(order(), 6, halves)]
    assert all(before != after for before, after in pairwise(run))


def test_what_the_team_misses_comes_sooner_only_where_that_is_wanted_and_all_else_still_comes() -> None:
    def share(**more: object) -> Counter[str]:
        return Counter(question.competency for _, question in asked(order(weak=("execution",), **more), 20))

    assert share()["execution"] == share(sooner=False)["execution"] <= 4
    assert share(sooner=True)["execution"] == 6  # all that the bank has
    assert all(count >= 2 for count in share(sooner=True).values())
    assert set(share(sooner=True)) == set(COMPETENCIES)


def test_two_channels_do_not_ask_the_same_in_step() -> None:
    first, second = ([question.id for _, question in asked(order(seed=seed), 12)] for seed in (1, 2))
    assert first != second


def test_nothing_suits_an_empty_bank() -> None:
    assert choose(order(), Bank([]), MONDAY) is None
