"""The real process with a model: a fake server that the real library connects to, judged by OpenAI's own description."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from core.questions.bank import load
from tests.e2e.model.playing import KEY, MARKED, Seated
from tests.fakes.openai.interviewer import Interviewer
from tests.fakes.openai.judge import judge, required
from tests.fakes.openai.server import FakeOpenAI


@pytest_asyncio.fixture(loop_scope="session")
async def server() -> AsyncIterator[FakeOpenAI]:
    """A model that listens as a sensible one would. At the end nothing it was sent may be against the description."""
    assert judge() or not required(), "OpenAI's description or jsonschema-rs is not here"
    async with FakeOpenAI(key=KEY, brain=Interviewer(load())) as fake:
        yield fake
    assert fake.violations == []
    assert fake.errors == []


@pytest_asyncio.fixture(loop_scope="session")
async def fresh(tmp_path: Path, server: FakeOpenAI) -> AsyncIterator[Seated]:
    """A Loopcoach that was not started yet. Whatever becomes of it: no key and no word of an answer in its logs."""
    coach = Seated(tmp_path, server)
    yield coach
    await coach.quit()
    logs = coach.logs
    assert logs
    assert not any(secret in text for text in logs for secret in (KEY, MARKED))
    assert not any("Traceback" in text for text in logs)


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
