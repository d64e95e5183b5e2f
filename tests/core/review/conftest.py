"""Questions and labelled answers for the reviewer's tests."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from core.questions.bank import Bank, Question, load
from core.review.measure import Labelled, read_answers

ANSWERS = Path(__file__).with_name("answers")


@pytest.fixture(scope="session")
def bank() -> Bank:
    """The bank as it is."""
    return load()


@pytest.fixture(scope="session")
def filler() -> list[str]:
    """What people say around an answer."""
    return [str(line) for line in yaml.safe_load((ANSWERS / "filler.yaml").read_text(encoding="utf-8"))]


@pytest.fixture(scope="session")
def labelled(bank: Bank, filler: list[str]) -> list[Labelled]:
    """Every labelled answer whose question is in the bank or in the file itself."""
    found: list[Labelled] = []
    for path in sorted(ANSWERS.glob("*_*.yaml")):
        asked = yaml.safe_load(path.read_text(encoding="utf-8"))["question"]
        if not isinstance(asked, str) or bank.find(asked):
            found += read_answers(path, bank, filler)
    return found


@pytest.fixture(scope="session")
def thumbnails(labelled: list[Labelled]) -> Question:
    """A question that does not depend on the bank."""
    return next(answer.question for answer in labelled if answer.question.id == "thumbnails")
