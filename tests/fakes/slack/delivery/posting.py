"""Events API, interactivity and slash commands over HTTP: signed requests, and how the answer counts."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.app import App
from tests.fakes.slack.delivery.record import Delivery, Outcome, Timing
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.model import JSON
from tests.fakes.slack.world import World


class Posting:
    """Sends to the app's request URLs."""

    def __init__(self, world: World, faults: Faults, timing: Timing) -> None:
        self._world, self._faults, self._timing = world, faults, timing
        self._session: aiohttp.ClientSession | None = None

    def headers(self, app: App, body: bytes, content_type: str) -> dict[str, str]:
        """Signed as Slack signs: wall-clock time, HMAC-SHA256 over `v0:time:body`."""
        stamp = str(int(time.time() + self._faults.signature_skew))
        secret = "wrong" if self._faults.spend("bad_signatures") else app.signing_secret
        digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
        }

    @staticmethod
    def encode(delivery: Delivery) -> tuple[bytes, str]:
        """The body: JSON for events, a form for commands, `payload=` for interactions."""
        if delivery.kind == "events_api":
            return json.dumps(delivery.payload).encode(), "application/json"
        form = delivery.payload if delivery.kind == "slash_commands" else {"payload": json.dumps(delivery.payload)}
        return urlencode(form).encode(), "application/x-www-form-urlencoded"

    async def send(self, delivery: Delivery, number: int, reason: str, envelope_id: str) -> Outcome:
        """One request; 2xx within 3 seconds counts, up to two redirects are followed."""
        app = self._world.apps[delivery.app_id]
        body, content_type = self.encode(delivery)
        headers = self.headers(app, body, content_type)
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        request = asyncio.create_task(self._request(delivery.url, body, headers))
        deadline = asyncio.create_task(self._world.clock.sleep(self._timing.ack))
        either: set[asyncio.Task[Any]] = {request, deadline}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not request.done():
                return Outcome(False, "http_timeout")
        finally:
            deadline.cancel()
            if not request.done():
                request.cancel()
        outcome = request.result()
        if outcome.ok and self._faults.spend("lost_acks"):
            return Outcome(False, "http_timeout")
        return outcome

    async def _request(self, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
        self._session = self._session or aiohttp.ClientSession()
        try:
            async with self._session.post(url, data=body, headers=headers, max_redirects=2) as answer:
                text = await answer.text()
                ok = 200 <= answer.status < 300
                retry = answer.headers.get("X-Slack-No-Retry") != "1"
                return Outcome(ok, "" if ok else "http_error", self._payload(answer.content_type, text), answer.status, retry)
        except aiohttp.TooManyRedirects:
            return Outcome(False, "too_many_redirects", status=0)
        except aiohttp.ClientConnectorError:
            return Outcome(False, "connection_failed", status=0)
        except (aiohttp.ClientError, OSError):
            return Outcome(False, "unknown_error", status=0)

    @staticmethod
    def _payload(content_type: str, text: str) -> JSON | None:
        if not text.strip():
            return None
        if content_type == "application/json":
            try:
                loaded = json.loads(text)
            except ValueError:
                return {"text": text}
            return loaded if isinstance(loaded, dict) else {"text": text}
        return {"text": text}

    async def verify(self, app: App, url: str) -> bool:
        """The url_verification handshake of the settings page."""
        challenge = self._world.ids.secret("challenge")
        body = json.dumps({"token": app.verification_token, "challenge": challenge, "type": "url_verification"}).encode()
        outcome = await self._request(url, body, self.headers(app, body, "application/json"))
        got = outcome.payload or {}
        app.verified = outcome.ok and challenge in (got.get("challenge"), str(got.get("text", "")).strip())
        return app.verified

    async def stop(self) -> None:
        if self._session:
            await self._session.close()
