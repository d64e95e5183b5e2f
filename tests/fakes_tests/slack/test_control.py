"""The control address, and the clock."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import aiohttp
import pytest

from tests.fakes.slack.clock import Clock
from tests.fakes.slack.server import FakeSlack
from tests.fakes_tests.slack.bolt import Echo, actions, button


async def test_people_can_be_driven_from_another_process(slack: FakeSlack, echo: Echo) -> None:
    @echo.app.action("press")
    async def press(ack: Any, respond: Any) -> None:
        await ack()
        await respond("pressed")

    async with aiohttp.ClientSession() as http, echo.over_socket():

        async def act(name: str, **body: Any) -> Any:
            async with http.post(f"{slack.base}/control/{name}", json=body) as answer:
                return await answer.json()

        async def look(path: str) -> Any:
            async with http.get(f"{slack.base}/control/{path}") as answer:
                return await answer.json()

        said = await act("say", user="ada", channel="general", text="hello")
        await slack.wait_for(lambda: slack.bot_messages("general"))
        assert [one["text"] for one in await look("messages?channel=general")] == ["hello", "echo hello"]
        assert [one["method"] for one in await look("calls?method=chat.postMessage")] == ["chat.postMessage"]
        assert (await look("deliveries?type=message"))[0]["payload"]["event"]["ts"] == said["ts"]
        await echo.client.chat_postMessage(channel="general", text="choose", blocks=[actions(button())])
        assert (await act("press", user="ada", ts=slack.messages("general")[-1].ts, what="Press"))["acked"]
        await slack.wait_for(lambda: slack.ephemerals("ada"))
        assert (await look("private?user=ada"))[0]["text"] == "pressed"
        await act("fault", kind="rate_limited", method="auth.test", retry_after=5)
        assert (await look("state"))["bot_token"] == slack.bot_token
        assert "no user" in (await act("say", user="nobody", channel="general", text="x"))["error"]
        assert "no such act" in (await act("dance"))["error"]
        async with http.get(f"{slack.base}/control/") as answer:
            assert "POST /control/say" in await answer.text()


async def test_it_runs_from_the_command_line() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.fakes.slack", "--port", "0", stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    line = (await asyncio.wait_for(process.stdout.readline(), 10)).decode()
    process.terminate()
    await process.wait()
    assert line.startswith("A fake Slack runs at http://127.0.0.1:")


async def test_a_standing_clock_wakes_sleepers_only_when_it_is_moved() -> None:
    clock = Clock.standing()
    sleeping = asyncio.create_task(clock.sleep(60))
    await asyncio.sleep(0)
    clock.advance(59)
    await asyncio.sleep(0)
    assert not sleeping.done()
    clock.advance(1)
    await asyncio.wait_for(sleeping, 1)
    assert clock.now() == 1_795_510_860
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1)


async def test_a_running_clock_can_be_skipped_ahead() -> None:
    clock = Clock()
    sleeping = asyncio.create_task(clock.sleep(60))
    await asyncio.sleep(0)
    clock.advance(60)
    await asyncio.wait_for(sleeping, 1)


async def test_waiting_in_vain_tells_what_happened(slack: FakeSlack, client: Any) -> None:
    await client.auth_test()
    with pytest.raises(TimeoutError, match=r"auth\.test"):
        await slack.wait_for(lambda: False, timeout=0.02)
