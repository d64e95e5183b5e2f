"""`python -m tests.fakes.discord --port 8800`: a Discord to try a bot on by hand, with one server, one channel and two people."""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.fakes.discord.server import FakeDiscord


async def main(port: int) -> None:
    """Run until interrupted."""
    async with FakeDiscord(port=port) as fake:
        guild = fake.guild("The team")
        guild.text("interviews")
        guild.forum("bank")
        guild.member("Ada")
        guild.member("Grace")
        sys.stdout.write(
            f"token    {fake.token}\napi      {fake.api_url}\ngateway  {fake.gateway_url}\ncdn      {fake.cdn_url}\n"
            f"control  {fake.api_url.removesuffix('/api/v10')}/control/state\n"
        )
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8800)
    try:
        asyncio.run(main(parser.parse_args().port))
    except KeyboardInterrupt:
        sys.exit(0)
