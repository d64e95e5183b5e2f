"""Each fault once, short: the goal is reached, and the control is found out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.postgres import POSTGRES
from tests.soak.faults import FAULTS
from tests.soak.faults.figure import Stage

ELSEWHERE = {2, 15, 16}
"""Only in `make faults`: 2 is tests/e2e/test_kill.py already; 15 and 16 take minutes or a quiet machine."""

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(not POSTGRES, reason="TEST_POSTGRES_URL names no server")]


@pytest.mark.parametrize("number", sorted(FAULTS.keys() - ELSEWHERE))
async def test_fault(number: int, tmp_path: Path) -> None:
    figure = await FAULTS[number](Stage(tmp_path, POSTGRES, short=True))
    print(figure)  # noqa: T201
    assert figure.good, figure
    assert figure.control_fails, figure
