"""The real process, a stranger's window, and a real browser. Nothing here imports the product."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.e2e.process import Loopcoach
from tests.e2e.window import Window, window

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
)
figures = pytest.StashKey[list[str]]()
Report = Callable[[str], None]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[figures] = []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands over what it measured."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["figures"] = session.config.stash[figures]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a worker measured."""
    node.config.stash[figures] += getattr(node, "workeroutput", {}).get("figures", [])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What was measured, one line each."""
    if lines := config.stash[figures]:
        terminalreporter.section("measured")
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """Notes a figure for the end of the run. A slow machine makes no red test."""
    return request.config.stash[figures].append


@pytest_asyncio.fixture(loop_scope="session")
async def fresh(tmp_path: Path) -> AsyncIterator[Loopcoach]:
    """A Loopcoach that was not started yet."""
    coach = Loopcoach(tmp_path)
    yield coach
    await coach.quit()


@pytest_asyncio.fixture(loop_scope="session")
async def coach(fresh: Loopcoach) -> Loopcoach:
    """A Loopcoach that is ready."""
    await fresh.start()
    return fresh


@pytest_asyncio.fixture(loop_scope="session")
async def opens() -> AsyncIterator[Callable[..., Any]]:
    """Opens windows that are closed at the end of the test."""
    async with AsyncExitStack() as stack:

        async def open_window(coach: Loopcoach, who: str | None = None, last: int = 0) -> Window:
            return await stack.enter_async_context(window(coach.url, who, last))

        yield open_window


@pytest_asyncio.fixture(loop_scope="session")
async def you(coach: Loopcoach, opens: Callable[..., Any]) -> Window:
    """The first person of the page, at their window."""
    made: Window = await opens(coach)
    return made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium. Where there is none the test is skipped, or fails where E2E_REQUIRED is 1."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        (pytest.fail if os.environ.get("E2E_REQUIRED") == "1" else pytest.skip)("there is no Chromium here: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        await browser.close()
