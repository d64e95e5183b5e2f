"""Promise: beside a bare discord.py echo on the same fake Discord, the house adds at most 15 ms between a person's words and the reply.

And: of 200 interactions at once every one is acknowledged well within Discord's three seconds (p99 under 0.5 s), and each answered once.
Both bots are processes of their own; the fake Discord is in this one.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import report, summary
from tests.fakes.discord.server import FakeDiscord

ROOT = Path(__file__).parents[1]
PEOPLE = 24
ROUNDS = 5
"""The first is not counted: then everybody is known."""
PAUSE = 0.1
BURST = 200
CHANNELS = 50
"""What is said in one channel keeps to about one message a second; answers are not what is measured here."""

ECHO = """
import os, discord, discord.http, discord.gateway, yarl
discord.http.Route.BASE = os.environ["DISCORD_API_URL"]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])
client = discord.Client(intents=discord.Intents(guilds=True, dm_messages=True))

@client.event
async def on_message(message):
    if not message.author.bot:
        await message.channel.send(message.content)

client.run(os.environ["DISCORD_TOKEN"], log_handler=None)
"""


async def main() -> None:
    """Echo, then ours; then the burst."""
    control = await measured(echo, words)
    ours = await measured(loopcoach, words)
    acks = await measured(loopcoach, burst)
    added = summary(ours)["p50"] - summary(control)["p50"]
    rows = {
        "words → reply": summary(ours),
        "control: bare discord.py echo": summary(control),
        f"{BURST} at once → acknowledged": summary(acks),
    }
    notes = [
        f"added at the median: {added:.1f} ms (goal: at most 15)",
        f"acknowledged p99: {summary(acks)['p99']:.0f} ms (goal: under 500); every one answered once",
    ]
    report("Discord, milliseconds", rows, notes)
    if added > 15 or summary(acks)["p99"] > 500:
        print("  above the goal", file=sys.stderr)


async def measured(bot: Callable[[FakeDiscord], object], what: Callable[[FakeDiscord], Awaitable[list[float]]]) -> list[float]:
    """Milliseconds, with this bot on a fresh Discord whose own limits are out of the way."""
    async with FakeDiscord(judged=False) as discord:
        discord.rest.buckets.scale = 0.001
        discord.guild("The team").text("interviews")
        with bot(discord):  # type: ignore[attr-defined]
            await discord.ready(timeout=30)
            await asyncio.sleep(4)
            return await what(discord)


@contextmanager
def echo(discord: FakeDiscord) -> Iterator[None]:
    """A bot that does nothing else."""
    with process([sys.executable, "-c", ECHO], discord):
        yield


@contextmanager
def loopcoach(discord: FakeDiscord) -> Iterator[None]:
    """Ours."""
    with process([sys.executable, "-m", "bot", "run", "--no-browser", "--port", "0"], discord):
        yield


@contextmanager
def process(command: list[str], discord: FakeDiscord) -> Iterator[None]:
    """In a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    where = {"DISCORD_API_URL": discord.api_url, "DISCORD_GATEWAY_URL": discord.gateway_url, "DISCORD_TOKEN": discord.token}
    with tempfile.TemporaryDirectory() as folder:
        running = subprocess.Popen(
            command, cwd=folder, env={**kept, "PYTHONPATH": str(ROOT), **where}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield
        finally:
            running.terminate()
            running.wait(timeout=30)


async def words(discord: FakeDiscord) -> list[float]:
    """`help` in direct messages: kept, decided, committed, posted."""
    server = discord.guild("Another team")
    people = [server.member(f"Person {number}") for number in range(PEOPLE)]
    took: list[float] = []
    for number in range(ROUNDS):
        for person in people:
            before = len(discord.messages(person.dm, by_bot=True))
            began = time.perf_counter()
            await person.says(None, "help")
            await discord.until(lambda person=person, before=before: len(discord.messages(person.dm, by_bot=True)) > before, 20)
            took += [(time.perf_counter() - began) * 1000] if number else []
            await asyncio.sleep(PAUSE)
    return took


async def burst(discord: FakeDiscord) -> list[float]:
    """All at once, each from somebody else; nobody was met before."""
    server = discord.guild("Another team")
    channels = [server.text(f"channel-{number}") for number in range(CHANNELS)]
    people = [(server.member(f"Person {number}"), channels[number % CHANNELS]) for number in range(BURST)]
    began = time.perf_counter()
    shown = [await person.slash("guide", {"action": "screens"}, channel, wait=False) for person, channel in people]
    took: dict[int, float] = {}
    while len(took) < BURST and time.perf_counter() - began < 30:
        for number, each in enumerate(shown):
            if each.acked and number not in took:
                took[number] = (time.perf_counter() - began) * 1000
        await asyncio.sleep(0.001)
    assert len(took) == BURST, "not each was acknowledged"
    for each in shown:
        await each.answered(60)
    assert not any(each.failed for each in shown)
    assert all(len(discord.visible_to(person, channel)) == 1 for person, channel in people), "not each was answered once"
    return list(took.values())


if __name__ == "__main__":
    asyncio.run(main())
