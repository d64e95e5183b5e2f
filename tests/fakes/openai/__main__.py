"""`python -m tests.fakes.openai 8770`: an OpenAI to try the bot against by hand; it answers the least that fits."""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.fakes.openai.canned import brain
from tests.fakes.openai.server import FakeOpenAI


async def main(port: int, first_token: float, between: float) -> None:
    """Run until interrupted."""
    async with FakeOpenAI(brain=brain, port=port, first_token=first_token, between=between) as server:
        sys.stdout.write(f"url  {server.url}\nkey  {server.key}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int, nargs="?", default=0)
    parser.add_argument("--first-token", type=float, default=0.3, help="seconds")
    parser.add_argument("--between", type=float, default=0.03, help="seconds")
    given = parser.parse_args()
    try:
        asyncio.run(main(given.port, given.first_token, given.between))
    except KeyboardInterrupt:
        sys.exit(0)
