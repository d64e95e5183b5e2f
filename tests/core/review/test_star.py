"""Story checks: each can be shown and each can be absent."""

from __future__ import annotations

import pytest

from core.review.evidence import sentences
from core.review.star import story

GOOD = (
    "Our nightly invoice export failed every second night and nobody owned it. I traced it to a job that loaded every invoice into memory."
    " I rewrote it to read in pages, and I added an alarm on its age. Within two weeks failures dropped from 15 a month to none."
    " What I learned is to ask who owns a job before it breaks."
)


def shown(text: str) -> set[str]:
    return {check.id for check in story(sentences([text])) if check.shown}


def test_a_whole_story_shows_everything() -> None:
    assert shown(GOOD) == {"own", "number", "span", "actions", "result", "learning", "situation"}


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("We traced it to a job. We rewrote it. We added an alarm. We told the team. We moved on.", "own"),
        ("I traced it and I rewrote it. Failures went away and people were happy.", "number"),
        ("I traced it, and errors went from 15 to 0.", "span"),
        ("It was a hard time and the team was unhappy. I fixed it.", "actions"),
        ("I wrote a letter and I called the owner about it.", "result"),
        (GOOD.replace(" What I learned is to ask who owns a job before it breaks.", ""), "learning"),
        ("The company was old. " * 20 + "I fixed it.", "situation"),
    ],
)
def test_what_is_absent_is_not_claimed(text: str, absent: str) -> None:
    assert absent not in shown(text)


NUMBERS = ("It cost $3,000.", "It took 300 ms.", "40% fewer tickets.", "It halved.", "About twelve customers wrote.", "2 million rows.")


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers(text: str) -> None:
    assert "number" in shown(text)


@pytest.mark.parametrize("text", ["in 3 weeks", "over the last two quarters", "since March", "overnight", "half a day"])
def test_spans(text: str) -> None:
    assert "span" in shown(f"I did it {text}.")


def test_checks_name_sentences() -> None:
    found = sentences([GOOD])
    own = next(check for check in story(found) if check.id == "own")
    assert found[own.sentences[0] - 1].text.startswith("I traced it")


def test_nothing_is_shown_by_nothing() -> None:
    assert shown("") == set()
