"""The Events API, interactivity and slash commands over HTTP, with the real Bolt and with a bare server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from tests.fakes.slack.server import FakeSlack
from tests.fakes_tests.slack.bolt import Echo, actions, button, modal

Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(handle: Handle) -> AsyncIterator[str]:
    """A bare server for one request URL."""
    app = web.Application()
    app.router.add_post("/{path:.*}", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/slack"  # type: ignore[union-attr]
    await runner.cleanup()


async def test_bolt_answers_the_url_verification_and_then_hears_events(slack: FakeSlack, echo: Echo) -> None:
    async with echo.over_http():
        assert slack.app.verified
        await slack.user("ada").says("general", "hello")
        await slack.wait_for(lambda: slack.bot_messages("general"))
    assert echo.texts() == ["hello"]
    assert echo.retries == [([], [])], "no retry headers on the first delivery"


async def test_a_lost_answer_is_redelivered_with_headers(slack: FakeSlack, echo: Echo) -> None:
    async with echo.over_http():
        slack.faults.lose_ack()
        await slack.user("ada").says("general", "hello")
        await slack.wait_for(lambda: len(echo.heard) == 2)
    assert echo.retries[1] == (["1"], ["http_timeout"])
    assert echo.heard[0]["event_id"] == echo.heard[1]["event_id"]


@pytest.mark.parametrize("fault", ["bad_signatures", "signature_skew"])
async def test_a_wrong_signature_or_an_old_timestamp_is_401(slack: FakeSlack, echo: Echo, fault: str) -> None:
    async with echo.over_http():
        setattr(slack.faults, fault, 1 if fault == "bad_signatures" else -360)
        answer = await slack.user("ada").command("/mock")
        assert "dispatch_failed" in answer.error
        slack.faults.clear()
        await slack.user("ada").says("general", "hello")
        await slack.wait_for(lambda: slack.bot_messages("general"))
    assert not echo.retries[0][0]


async def test_every_request_is_signed(slack: FakeSlack) -> None:
    seen: list[tuple[bool, str, bytes]] = []

    async def handle(request: web.Request) -> web.Response:
        body = await request.read()
        verifier = SignatureVerifier(slack.app.signing_secret)
        seen.append((verifier.is_valid_request(body, dict(request.headers)), request.content_type, body))
        return web.Response()

    async with served(handle) as url:
        await slack.use_http(url, verify=False)
        await slack.user("ada").says("general", "hello")
        await slack.user("ada").command("/mock", "api 15")
        await slack.user("ada").shortcut("coach_me", slack.messages("general")[0])
        await slack.wait_for(lambda: len(seen) == 3)
    assert all(valid for valid, _, _ in seen)
    by_type = {kind if b"payload=" not in body else "interaction": body for _, kind, body in seen}
    assert json.loads(by_type["application/json"])["event"]["text"] == "hello"
    assert parse_qs(by_type["application/x-www-form-urlencoded"].decode())["text"] == ["api 15"]
    assert json.loads(parse_qs(by_type["interaction"].decode())["payload"][0])["callback_id"] == "coach_me"


async def test_non_2xx_is_retried_at_once_after_one_and_after_five_minutes(slack: FakeSlack) -> None:
    headers: list[tuple[str | None, str | None]] = []

    async def handle(request: web.Request) -> web.Response:
        headers.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        return web.Response(status=500)

    async with served(handle) as url:
        await slack.use_http(url, verify=False)
        await slack.user("ada").says("general", "hello")
        await slack.wait_for(lambda: len(headers) == 2)
        await slack.passes(60)
        await slack.wait_for(lambda: len(headers) == 3)
        await slack.passes(300)
        await slack.wait_for(lambda: slack.deliveries("message")[0].over)
    assert headers == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]


async def test_x_slack_no_retry_stops_redelivery(slack: FakeSlack) -> None:
    async def handle(request: web.Request) -> web.Response:
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    async with served(handle) as url:
        await slack.use_http(url, verify=False)
        await slack.user("ada").says("general", "hello")
        await slack.wait_for(lambda: slack.deliveries("message")[0].over)
    assert len(slack.deliveries("message")[0].attempts) == 1


@pytest.mark.parametrize(("what", "reason"), [("slow", "http_timeout"), ("redirect", "too_many_redirects"), ("gone", "connection_failed")])
async def test_the_reason_is_told(slack: FakeSlack, what: str, reason: str) -> None:
    slack.timing.ack = 0.1

    async def handle(request: web.Request) -> web.StreamResponse:
        if what == "redirect":
            raise web.HTTPTemporaryRedirect(request.path)
        await asyncio.sleep(0.15)
        return web.Response()

    async with served(handle) as url:
        await slack.use_http("http://127.0.0.1:9/slack" if what == "gone" else url, verify=False)
        await slack.user("ada").says("general", "hello")
        await slack.wait_for(lambda: slack.deliveries("message")[0].outcomes[:1] == [reason])


async def test_an_url_that_does_not_echo_the_challenge_gets_no_events(slack: FakeSlack) -> None:
    async def handle(request: web.Request) -> web.Response:
        return web.Response(text="hello")

    async with served(handle) as url:
        assert not await slack.use_http(url)
        await slack.user("ada").says("general", "hello")
    assert not slack.deliveries()


async def test_commands_presses_and_forms_work_over_http_too(slack: FakeSlack, echo: Echo) -> None:
    acted: list[Any] = []

    @echo.app.command("/mock")
    async def mock(ack: Any, body: Any, client: Any) -> None:
        await ack("On it.")
        await client.chat_postMessage(channel=body["channel_id"], text="Press", blocks=[actions(button())])

    @echo.app.action("press")
    async def press(ack: Any, body: Any, respond: Any) -> None:
        await ack()
        acted.append(body)
        await respond(text="Pressed.", replace_original=True)

    async with echo.over_http():
        answer = await slack.user("ada").command("/mock", "", "general")
        assert answer.ok
        assert [one.text for one in slack.ephemerals("ada")] == ["On it."]
        message = (await slack.wait_for(lambda: slack.bot_messages("general")))[0]
        assert (await slack.user("bob").presses(message, "Press")).ok
        await slack.wait_for(lambda: slack.bot_messages("general")[0].text == "Pressed.")
    assert acted[0]["user"]["id"] == slack.user("bob").id


async def test_a_menu_that_the_app_fills(slack: FakeSlack, echo: Echo) -> None:
    select = {"type": "external_select", "action_id": "pick", "min_query_length": 1}
    view = modal({"type": "input", "block_id": "b", "label": {"type": "plain_text", "text": "Question"}, "element": select})

    @echo.app.command("/pick")
    async def pick(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @echo.app.options("pick")
    async def options(ack: Any, payload: Any) -> None:
        await ack(options=[{"text": {"type": "plain_text", "text": payload["value"].upper()}, "value": payload["value"]}])

    async with echo.over_http():
        await slack.user("ada").command("/pick")
        shown = await slack.wait_for(lambda: slack.view_of("ada"))
        offered = await slack.user("ada").looks_for(shown, "pick", "cache")
    assert offered == [{"text": {"type": "plain_text", "text": "CACHE"}, "value": "cache"}]
