"""What a sentence asserts and what it only denies, supposes, reports or takes back."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from core.review.addressed import Echo
from core.review.evidence import sentences
from core.review.reading import Stance
from core.review.tokens import tokens
from core.review.turns import read_answer

CASES = yaml.safe_load(Path(__file__).with_name("stances.yaml").read_text(encoding="utf-8"))


def stance_of(text: str, words: str) -> Stance:
    """The weakest stance of the words that carry meaning, where they stand in the text."""
    wanted = [token.word for token in tokens(words)]
    for reading in read_answer(sentences([text]), Echo([])):
        said = [token.word for token in reading.tokens]
        for at in range(len(said) - len(wanted) + 1):
            if said[at : at + len(wanted)] == wanted:
                return max(reading.stances[at + offset] for offset in range(len(wanted)) if reading.tokens[at + offset].stem)
    raise AssertionError(f"{words!r} does not stand in {text!r}")


@pytest.mark.parametrize(("text", "words"), CASES["asserted"], ids=lambda value: value[:60])
def test_asserted(text: str, words: str) -> None:
    assert stance_of(text, words) <= Stance.HEDGED


@pytest.mark.parametrize(("text", "words"), CASES["denied"], ids=lambda value: value[:60])
def test_not_asserted(text: str, words: str) -> None:
    assert stance_of(text, words) > Stance.HEDGED


@pytest.mark.parametrize("start", ["The phone sends a unique key along. ", "The phone could send a unique key along. "])
@pytest.mark.parametrize("text", CASES["rejections"])
def test_taken_back(start: str, text: str) -> None:
    assert stance_of(start + text, "unique key along") > Stance.HEDGED


@pytest.mark.parametrize("text", CASES["additions"])
def test_not_taken_back(text: str) -> None:
    assert stance_of("The phone sends a unique key along. " + text, "unique key along") <= Stance.HEDGED
