"""What speaks to the reviewer is dropped; what only sounds like it stays."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from core.review.addressed import addressed
from core.review.evidence import split

CASES = yaml.safe_load(Path(__file__).with_name("injections.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("line", CASES["lines"], ids=lambda value: value[:50])
def test_dropped(line: str) -> None:
    assert all(addressed(piece) for piece in split(line))


@pytest.mark.parametrize("line", CASES["honest"], ids=lambda value: value[:50])
def test_kept(line: str) -> None:
    assert not any(addressed(piece) for piece in split(line))
