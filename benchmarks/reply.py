"""Promise: what the house adds between a person's words on the page and the reply is small beside a bare WebSocket echo.

The page's WebSocket and a bare aiohttp echo, from the same client, in the same run.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

import aiohttp
from aiohttp import web

from benchmarks.measure import report, summary

ROOT = Path(__file__).parents[1]
RUNS = 300
PORT = 8519


async def main() -> None:
    """`/help` in the direct messages: read, decide, commit, deliver, shown."""
    with tempfile.TemporaryDirectory() as folder:
        env = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()} | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "bot", "run", "--no-browser", "--port", str(PORT)]
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            await asyncio.to_thread(wait_ready)
            ours, heard = await page()
        finally:
            process.terminate()
            process.wait(timeout=30)
    echo = await bare()
    rows = {"words → reply": summary(ours), "words → heard (on disk)": summary(heard), "control: bare WebSocket echo": summary(echo)}
    report("Event to reply on the page, milliseconds", rows, ["a reply is three durable writes: inbox, commit, page history and receipt"])


def wait_ready() -> None:
    """Until the page answers."""
    for _ in range(500):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.02)
    raise SystemExit("it did not start")


async def page() -> tuple[list[float], list[float]]:
    """Milliseconds to the reply, and to the acknowledgement."""
    replies: list[float] = []
    acks: list[float] = []
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"http://127.0.0.1:{PORT}/ws", origin=f"http://127.0.0.1:{PORT}") as socket,
    ):
        await socket.send_json({"type": "hello", "as": "web:you", "last": 0, "zone": "UTC"})
        await until(socket, lambda value: value["type"] == "entries")
        for number in range(RUNS + 20):
            id = str(uuid.uuid4())
            began = time.perf_counter()
            await socket.send_json({"type": "say", "id": id, "place": "web/page/@you", "text": "/help"})
            got: set[str] = set()
            while got != {"heard", "reply"}:
                value = json.loads((await socket.receive(timeout=10)).data)
                took = (time.perf_counter() - began) * 1000
                if value["type"] == "heard" and value["id"] == id:
                    got.add("heard")
                    acks += [took] if number >= 20 else []
                elif value["type"] == "entry" and value["entry"]["author"]["bot"]:
                    got.add("reply")
                    replies += [took] if number >= 20 else []
    return replies, acks


async def until(socket: aiohttp.ClientWebSocketResponse, wanted) -> None:  # type: ignore[no-untyped-def]
    """Read until something wanted comes."""
    while not wanted(json.loads((await socket.receive(timeout=10)).data)):
        pass


async def bare() -> list[float]:
    """An echo that does nothing else."""

    async def echo(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for frame in socket:
            await socket.send_str(frame.data)
        return socket

    app = web.Application()
    app.add_routes([web.get("/ws", echo)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", PORT).start()
    samples: list[float] = []
    async with aiohttp.ClientSession() as session, session.ws_connect(f"http://127.0.0.1:{PORT}/ws") as socket:
        for _ in range(RUNS):
            began = time.perf_counter()
            await socket.send_json({"type": "say", "text": "/help"})
            await socket.receive()
            samples.append((time.perf_counter() - began) * 1000)
    await runner.cleanup()
    return samples


if __name__ == "__main__":
    asyncio.run(main())
