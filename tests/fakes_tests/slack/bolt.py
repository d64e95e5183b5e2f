"""A small Bolt app as a bot would be, over Socket Mode or HTTP, for trying the fake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.server import FakeSlack


class Echo:
    """Answers every plain message in its thread, and remembers all that it heard."""

    def __init__(self, slack: FakeSlack, **settings: Any) -> None:
        self.slack = slack
        self.heard: list[dict[str, Any]] = []
        self.retries: list[tuple[list[str], list[str]]] = []
        self.client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        self.app = AsyncApp(client=self.client, **settings)
        self.answering = True
        self.app.event("message")(self.on_message)

    async def on_message(self, body: dict[str, Any], req: Any, client: AsyncWebClient) -> None:
        event = body["event"]
        self.heard.append(body)
        self.retries.append((req.headers.get("x-slack-retry-num", []), req.headers.get("x-slack-retry-reason", [])))
        if self.answering and event.get("subtype") in (None, "file_share"):
            await client.chat_postMessage(channel=event["channel"], text=f"echo {event['text']}", thread_ts=event["ts"])

    def texts(self) -> list[str]:
        return [body["event"].get("text", "") for body in self.heard]

    @asynccontextmanager
    async def over_socket(self, count: int = 1) -> AsyncIterator[list[AsyncSocketModeHandler]]:
        """Connected with `count` sockets."""
        handlers = [AsyncSocketModeHandler(self.app, self.slack.app_token, ping_interval=0.1) for _ in range(count)]
        await asyncio.gather(*(one.connect_async() for one in handlers))  # type: ignore[no-untyped-call]
        await self.slack.connected(count)
        try:
            yield handlers
        finally:
            for one in handlers:
                await one.close_async()  # type: ignore[no-untyped-call]

    @asynccontextmanager
    async def over_http(self) -> AsyncIterator[str]:
        """Served at a request URL that the fake has verified."""
        runner = web.AppRunner(self.app.server(0, path="/slack/events").web_app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/slack/events"  # type: ignore[union-attr]
        assert await self.slack.use_http(url)
        try:
            yield url
        finally:
            await runner.cleanup()


def button(text: str = "Press", action_id: str = "press", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": text}, "action_id": action_id, **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def field(label: str, block_id: str = "b", action_id: str = "a", *, optional: bool = False, **element: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "optional": optional,
        "label": {"type": "plain_text", "text": label},
        "element": {"type": "plain_text_input", "action_id": action_id, **element},
    }


def modal(*blocks: dict[str, Any], callback_id: str = "form", title: str = "A form", **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": list(blocks),
        **more,
    }
