"""A real Loopcoach: its own process, its own folder and database, nothing of our surroundings."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import re
import signal
import socket
import sqlite3
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).parents[2]
OWED = (
    "SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting')"
    " + (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending'))"
)  # fmt: skip
"""How much is not handled or not sent yet."""
START = 20.0
"""Seconds a start may take on a busy machine."""


_ports = itertools.cycle(range(20_000, 32_000))
for _ in range(random.randrange(12_000)):
    next(_ports)


def free_port() -> int:
    """A port that nobody listens on. Below those that the system gives to outgoing connections, and each only once."""
    while True:
        port = next(_ports)
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port


class Loopcoach:
    """`python -m bot run`. Whoever starts it stops it; `quit` does so whatever state it is in."""

    def __init__(
        self, folder: Path, *, port: int | None = None, database: Path | None = None, program: Sequence[str] = ("-m", "bot")
    ) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.database = database or folder / "loop.db"
        self._program = program
        self._process: Process | None = None
        self._starts = 0

    @property
    def url(self) -> str:
        """Where its page is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def surroundings(self) -> dict[str, str]:
        """Its environment: no proxy, no token, no `.env`, for it runs in its own folder."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        mine = {"HOME": str(self.folder), "PYTHONPATH": str(ROOT), "TZ": "Europe/Berlin", "PYTHONUNBUFFERED": "1"}
        return {**kept, **mine, "DATABASE_URL": f"sqlite:///{self.database}"}

    async def launch(self, *more: str, env: Mapping[str, str] | None = None, arguments: Sequence[str] | None = None) -> None:
        """Start it and do not wait. `arguments` instead of the usual ones."""
        assert self._process is None, "it is running"
        self._starts += 1
        usual = ("run", "--no-browser", "--port", str(self.port))
        with self._log("out").open("wb") as out, self._log("err").open("wb") as err:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *self._program, *(usual if arguments is None else arguments), *more,
                cwd=self.folder, env={**self.surroundings, **(env or {})}, stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=err,
            )  # fmt: skip

    async def start(self, *more: str, env: Mapping[str, str] | None = None) -> None:
        """Start it and wait until it says that it is ready."""
        await self.launch(*more, env=env)
        await self.until_ready()

    async def until_ready(self) -> None:
        """At the port it wanted or at the one it says; AssertionError with what it printed where it does not get there."""
        process = self._running()
        async with aiohttp.ClientSession() as http:
            for _ in range(int(START / 0.02)):
                if said := re.search(r"http://127\.0\.0\.1:(\d+)", self.said):
                    self.port = int(said[1])
                try:
                    async with http.get(f"{self.url}/readyz", timeout=aiohttp.ClientTimeout(total=2)) as answer:
                        if answer.status == 200:
                            return
                except (aiohttp.ClientError, TimeoutError):
                    pass
                assert process.returncode is None, f"it ended with {process.returncode}:\n{self.said}{self.complained}"
                await asyncio.sleep(0.02)
        raise AssertionError(f"not ready after {START:g} s:\n{self.said}{self.complained}")

    async def ended(self, within: float) -> int:
        """Its exit code; AssertionError where it goes on."""
        process = self._running()
        try:
            code = await asyncio.wait_for(process.wait(), within)
        except TimeoutError:
            raise AssertionError(f"it was still running after {within:g} s:\n{self.said}{self.complained}") from None
        self._process = None
        return code

    async def stop(self, sign: int = signal.SIGTERM, within: float = 20.0) -> int:
        """Ask it to stop; its exit code."""
        self._running().send_signal(sign)
        return await self.ended(within)

    async def kill(self) -> None:
        """`kill -9`."""
        assert await self.stop(signal.SIGKILL) == -signal.SIGKILL

    async def quit(self) -> None:
        """At the end of a test."""
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        self._process = None

    @property
    def pid(self) -> int:
        """The process."""
        return self._running().pid

    @property
    def said(self) -> str:
        """Its standard output since the last start."""
        return self._log("out").read_text()

    @property
    def complained(self) -> str:
        """Its standard error since the last start."""
        return self._log("err").read_text()

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """What stands in its database, read from outside."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return database.execute(question, values).fetchall()

    async def calm(self, within: float = 10.0) -> None:
        """Wait until everything is handled and sent."""
        for _ in range(int(within / 0.05)):
            if self.rows(OWED) == [(0,)]:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{self.rows(OWED)} are still owed after {within:g} s")

    def _running(self) -> Process:
        assert self._process is not None, "it was not started"
        return self._process

    def _log(self, name: str) -> Path:
        return self.folder / f"{self.database.stem}-{self._starts}.{name}"
