"""The fake as a process of its own, moved with plain HTTP."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord.server import FakeDiscord


async def test_control_moves_it(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel = guild.text("interviews")
    guild.member("Ada")
    await start()
    base = fake.api_url.removesuffix("/api/v10") + "/control"

    async with aiohttp.ClientSession() as client:

        async def do(what: str, body: dict[str, Any] | None = None) -> Any:
            async with client.post(f"{base}/{what}", json=body) as answer:
                return await answer.json()

        assert (await do("say", {"who": "Ada", "channel": "interviews", "text": "hello"}))["text"] == "hello"
        assert (await do("slash", {"who": "Ada", "channel": "interviews", "name": "ping"}))["shown"] == "<'pong'>"
        pong = fake.messages(channel)[-1]
        await do("press", {"who": "ada", "message": pong.id, "what": "Again"})
        assert pong.text == "1 times"
        await do("fault", {"route": "GET /users/@me", "status": 500})
        await do("advance", {"seconds": 60})
        assert "there are" in (await do("slash", {"who": "Ada", "channel": "interviews", "name": "pnig"}))["error"]
        await do("drop")
        await fake.until(lambda: fake.gateway.resumes)
        state = await do("state")
        assert (state["commands"], state["verdicts"]) == (["ping", "think", "form", "mock", "silent", "card", "Coach me on this"], [])
        assert "error" in await do("nothing")


@pytest.mark.e2e
async def test_it_runs_as_a_process() -> None:
    root = Path(__file__).parents[3]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.discord", "--port", "0", cwd=root, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        lines = dict([(await asyncio.wait_for(process.stdout.readline(), 10)).decode().split() for _ in range(5)])
        async with aiohttp.ClientSession(headers={"Authorization": f"Bot {lines['token']}"}) as client:
            async with client.get(f"{lines['api']}/users/@me/guilds") as answer:
                assert [each["name"] for each in await answer.json()] == ["The team"]
            async with client.get(lines["control"]) as answer:
                assert (await answer.json())["sessions"] == 0
    finally:
        process.terminate()
        await process.wait()
