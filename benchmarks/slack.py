"""Promise: beside a bare Bolt echo on the same fake Slack, the house adds at most 15 ms between a person's words and the reply.

And: 200 events at once are all kept and acknowledged well within Slack's three seconds (p99 under 0.5 s), and each is answered once.
Both bots are processes of their own; the fake Slack is in this one. Pauses keep within the pace that Slack allows.
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
from tests.fakes.slack.server import FakeSlack

ROOT = Path(__file__).parents[1]
PEOPLE = 24
ROUNDS = 5
"""The first is not counted: then everybody is known."""
PAUSE = 0.3
BURST = 200

ECHO = """
import asyncio, os
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

async def main():
    app = AsyncApp(client=AsyncWebClient(token=os.environ["BOT"], base_url=os.environ["URL"]))

    @app.event("message")
    async def said(event, client):
        await client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text=event["text"])

    await AsyncSocketModeHandler(app, os.environ["APP"]).start_async()

asyncio.run(main())
"""


async def main() -> None:
    """Echo, then ours; then the burst."""
    control = await measured(echo, words)
    ours = await measured(loopcoach, words)
    acks = await measured(loopcoach, burst)
    added = summary(ours)["p50"] - summary(control)["p50"]
    rows = {
        "words → reply": summary(ours),
        "control: bare Bolt echo": summary(control),
        f"{BURST} at once → acknowledged": summary(acks),
    }
    notes = [
        f"added at the median: {added:.1f} ms (goal: at most 15)",
        f"acknowledged p99: {summary(acks)['p99']:.0f} ms (goal: under 500); every one answered once",
    ]
    report("Slack, milliseconds", rows, notes)
    if added > 15 or summary(acks)["p99"] > 500:
        print("  above the goal", file=sys.stderr)


async def measured(bot: Callable[[FakeSlack], object], what: Callable[[FakeSlack], Awaitable[list[float]]]) -> list[float]:
    """Milliseconds, with this bot on a fresh Slack without rate limits of its own."""
    async with FakeSlack() as slack:
        slack.limits.on = False
        with bot(slack):  # type: ignore[attr-defined]
            await slack.connected(timeout=20)
            return await what(slack)


@contextmanager
def echo(slack: FakeSlack) -> Iterator[None]:
    """A bot that does nothing else."""
    with process([sys.executable, "-c", ECHO], URL=slack.api_url, BOT=slack.bot_token, APP=slack.app_token):
        yield


@contextmanager
def loopcoach(slack: FakeSlack) -> Iterator[None]:
    """Ours."""
    command = [sys.executable, "-m", "bot", "run", "--no-browser", "--port", "0"]
    with process(command, SLACK_API_URL=slack.api_url, SLACK_BOT_TOKEN=slack.bot_token, SLACK_APP_TOKEN=slack.app_token):
        yield


@contextmanager
def process(command: list[str], **more: str) -> Iterator[None]:
    """In a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    with tempfile.TemporaryDirectory() as folder:
        running = subprocess.Popen(
            command, cwd=folder, env={**kept, "PYTHONPATH": str(ROOT), **more}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield
        finally:
            running.terminate()
            running.wait(timeout=30)


async def words(slack: FakeSlack) -> list[float]:
    """`help` in direct messages: kept, decided, committed, posted."""
    people = [slack.user(slack.add_user(f"person{number}").id) for number in range(PEOPLE)]
    took: list[float] = []
    for number in range(ROUNDS):
        for person in people:
            began = time.perf_counter()
            said = await person.says("dm", "help")
            await slack.wait_for(lambda said=said: len(slack.messages(said.channel, said.ts)) > 1, timeout=20, every=0.0005)  # type: ignore[misc]
            took += [(time.perf_counter() - began) * 1000] if number else []
            await asyncio.sleep(PAUSE)
    return took


async def burst(slack: FakeSlack) -> list[float]:
    """All at once, each from somebody else; nobody was met before."""
    people = [slack.user(slack.add_user(f"person{number}").id) for number in range(BURST)]
    for person in people:
        _ = person.dm
    began = time.perf_counter()
    for person in people:
        await person.says("dm", "help")
    took: dict[int, float] = {}
    while len(took) < BURST:
        for number, delivery in enumerate(slack.deliveries("message")):
            if delivery.acked and number not in took:
                took[number] = (time.perf_counter() - began) * 1000
        await asyncio.sleep(0.001)
    await slack.wait_for(lambda: all(len(slack.bot_messages(f"@{person.id}")) for person in people), timeout=120, every=0.1)
    await slack.settled(1.0)
    counts = [len(slack.bot_messages(f"@{person.id}")) for person in people]
    assert counts == [1] * BURST and not slack.doubles(), "not each was answered once"
    return list(took.values())


if __name__ == "__main__":
    asyncio.run(main())
