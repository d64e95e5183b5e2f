"""What is left of a day's budget, and the sentence where nothing is."""

import pytest

from core.budget import Budget, Limit
from core.ports import Spent

NOTHING, SOME, MUCH = Spent(), Spent(calls=2, tokens=999, dollars=0.99), Spent(calls=9, tokens=1000, dollars=1.0)


@pytest.mark.parametrize(
    "limit", [Limit(tokens=1000), Limit(dollars=1.0), Limit(tokens=10**9, dollars=1.0), Limit(tokens=1000, dollars=1e9)]
)
def test_a_limit_is_reached_exactly_at_its_figure_and_one_of_two_is_enough(limit: Limit) -> None:
    assert not limit.reached(NOTHING)
    assert not limit.reached(SOME)
    assert limit.reached(MUCH)


def test_no_limit_is_never_reached() -> None:
    assert not Limit().reached(Spent(calls=10**6, tokens=10**12, dollars=10.0**9))
    assert Budget().why_not((MUCH, MUCH, MUCH)) == ""


def test_a_limit_of_nothing_is_reached_before_anything_was_spent() -> None:
    assert Limit(tokens=0).reached(NOTHING)
    assert Limit(dollars=0.0).reached(NOTHING)


def test_what_is_left_is_counted_in_tokens_and_never_below_nothing() -> None:
    assert Limit(tokens=1000).left(SOME) == 1
    assert Limit(tokens=1000).left(Spent(tokens=1500)) == 0
    assert Limit(dollars=1.0).left(SOME) is None


@pytest.mark.parametrize(("whose", "at"), [("Your", 0), ("This workspace's", 1), ("The house's", 2)])
def test_the_sentence_says_whose_budget_it_is_and_when_it_begins_anew(whose: str, at: int) -> None:
    spent = [SOME, SOME, SOME]
    budget = Budget(person=Limit(tokens=1000), space=Limit(tokens=1000), everybody=Limit(tokens=1000))
    assert budget.why_not((SOME, SOME, SOME)) == ""
    spent[at] = MUCH
    said = budget.why_not((spent[0], spent[1], spent[2]))
    assert said == f"{whose} budget for the model is used up for today; it begins anew at midnight UTC."


def test_of_several_that_are_used_up_ones_own_is_named() -> None:
    budget = Budget(person=Limit(tokens=1), space=Limit(tokens=1), everybody=Limit(tokens=1))
    assert budget.why_not((MUCH, MUCH, MUCH)).startswith("Your")
    assert budget.why_not((NOTHING, MUCH, MUCH)).startswith("This workspace's")
