"""`make faults` and `make soak`: every fault beside a control that must be found out, as a table of figures.

`python -m tests.soak [--long] [NUMBER…]`. It needs TEST_POSTGRES_URL for the numbers that are about several processes.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from tests.soak.faults import FAULTS
from tests.soak.faults.figure import Figure, Stage


async def measured(number: int, *, short: bool, folder: Path) -> Figure:
    """One line of the table."""
    return await FAULTS[number](Stage(folder, os.environ["TEST_POSTGRES_URL"], short))


def main(arguments: list[str]) -> int:
    """All of them, or those that are named; 1 where one is red."""
    numbers = [int(word) for word in arguments if word.isdigit()] or sorted(FAULTS)
    red = 0
    for number in numbers:
        with tempfile.TemporaryDirectory() as folder:
            figure = asyncio.run(measured(number, short="--long" not in arguments, folder=Path(folder)))
        print(figure, flush=True)  # noqa: T201
        red += not figure.ok
    return min(red, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
