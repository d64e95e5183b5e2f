"""Asks Slack itself whether everything is as it has to be. What is wrong comes with the next step; nothing is posted anywhere."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import Api, call, code_of
from adapters.slack.manifest import SCOPES
from core.errors import DeliveryError

SKEW = 60.0
"""Seconds by which the clocks may differ; requests five minutes old are refused."""
REINSTALL = "api.slack.com/apps → your app → OAuth & Permissions → Reinstall"
NEEDED = ("chat:write", "commands", "im:write", "users:read")
"""Without these nothing works; without another one, something does not."""


@dataclass(frozen=True)
class Told:
    """One line: green, yellow or red."""

    state: Literal["ok", "off", "warn", "bad"]
    what: str
    then: str = ""


async def examine(api_url: str, bot_token: str | None, app_token: str | None, signing_secret: str | None) -> AsyncIterator[Told]:
    """Line by line, as it is found out."""
    api = Api(api_url, logging.Logger("slack doctor", logging.CRITICAL))
    try:
        if bot_token:
            async for line in _bot(api.client(bot_token)):
                yield line
        if app_token:
            async for line in _socket(api, api.client(app_token), app_token):
                yield line
        elif signing_secret:
            yield Told("off", "Over HTTP: Slack sends to PUBLIC_URL/slack/events; press Retry beside the request URL to check it")
    finally:
        await api.close()


async def _bot(client: AsyncWebClient) -> AsyncIterator[Told]:
    if not str(client.token).startswith(("xoxb-", "xoxe.xoxb-")):
        yield Told("bad", "SLACK_BOT_TOKEN does not start with xoxb-", "copy the Bot User OAuth Token")
        return
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        yield Told(
            "bad",
            f"Bot token: Slack says {code_of(error) or 'no'}",
            "copy it again from OAuth & Permissions; a revoked one never comes back",
        )
        return
    except (aiohttp.ClientError, TimeoutError) as error:
        yield Told("bad", f"Slack cannot be reached ({type(error).__name__})", "check the network, and SLACK_API_URL where it is set")
        return
    yield Told("ok", f"Bot token: {answer.get('user') or 'the bot'} in {answer.get('team') or answer['team_id']}")
    headers: Mapping[str, Any] = answer.headers or {}
    for line in _scopes(headers):
        yield line
    yield _clock(headers)
    yield await _direct(client)
    yield Told("off", "Commands and home: Slack tells nobody; they are there where the app was made from `loopcoach manifest slack`")


def _scopes(headers: Mapping[str, Any]) -> list[Told]:
    given = {
        scope.strip() for scope in str(headers.get("x-oauth-scopes") or headers.get("X-OAuth-Scopes") or "").split(",") if scope.strip()
    }
    if not given:
        return [Told("warn", "Permissions: Slack did not say which", "compare the app with `loopcoach manifest slack`")]
    missing = [scope for scope in SCOPES if scope not in given]
    if not missing:
        return [Told("ok", f"Permissions: all {len(SCOPES)}")]
    lines = [Told("bad" if scope in NEEDED else "warn", f"{scope} is missing, to {SCOPES[scope]}") for scope in missing]
    return [*lines, Told("off", "Add what is missing, then reinstall the app", REINSTALL)]


def _clock(headers: Mapping[str, Any]) -> Told:
    try:
        away = time.time() - parsedate_to_datetime(str(headers.get("Date"))).timestamp()
    except (TypeError, ValueError):
        return Told("warn", "Clock: Slack did not say what time it is")
    if abs(away) > SKEW:
        return Told(
            "bad",
            f"Clock: {abs(away):.0f} s {'ahead' if away > 0 else 'behind'}",
            "set this computer's time; Slack's signatures are checked by it",
        )
    return Told("ok", "Clock: as Slack's")


async def _direct(client: AsyncWebClient) -> Told:
    try:
        await call(client.conversations_list(types="im", limit=1))
    except DeliveryError as error:
        return Told("warn", f"Direct messages: {error}", f"add im:read and im:write, then {REINSTALL}")
    return Told("ok", "Direct messages: open")


async def _socket(api: Api, client: AsyncWebClient, app_token: str) -> AsyncIterator[Told]:
    if not app_token.startswith("xapp-"):
        yield Told(
            "bad",
            "SLACK_APP_TOKEN does not start with xapp-",
            "make one under Basic Information → App-Level Tokens, with connections:write",
        )
        return
    try:
        answer = await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        code = code_of(error)
        then = (
            "give the app-level token connections:write" if code == "missing_scope" else "make a new app-level token with connections:write"
        )
        if code == "not_allowed_token_type":
            then = "that is not an app-level token"
        yield Told("bad", f"App token: Slack says {code or 'no'}", then)
        return
    except (aiohttp.ClientError, TimeoutError) as error:
        yield Told("bad", f"Slack cannot be reached ({type(error).__name__})")
        return
    yield Told("ok", "App token: may open connections")
    try:
        async with api.session.ws_connect(answer["url"], timeout=aiohttp.ClientWSTimeout(ws_close=2)) as socket:
            hello = await socket.receive_json(timeout=5)
        yield Told("ok" if hello.get("type") == "hello" else "warn", "Socket: connected, Slack said hello")
    except (aiohttp.ClientError, TimeoutError, TypeError, ValueError) as error:
        yield Told("bad", f"Socket: no connection ({type(error).__name__})", "switch Socket Mode on; a proxy may stand in between")


def for_an_admin() -> str:
    """A paragraph to send to whoever has to approve the app."""
    scopes = "\n".join(f"  {scope}: to {why}" for scope, why in SCOPES.items())
    return (
        "I would like to install Loopcoach, an app that helps engineers practise for interviews: a daily question in a channel we choose, "
        "and private coaching. It runs on our own computer, not at a third party. It keeps what people answer to it, commands and presses; "
        "other talk is dropped unread, and /privacy erase removes everything about a person. Its permissions, and why:\n" + scopes
    )
