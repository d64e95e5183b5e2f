"""Slack's Web API: one connection pool, a client for each token, and what a failed call means.

Nothing is ever sent again by the library: whether to do that is decided by whoever knows what the call does.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Awaitable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.fence import FencedRequest
from core.errors import DeliveryError, Refused, RetryLater, Uncertain

T = TypeVar("T")

TIMEOUT = 8
"""Seconds of one call; shorter than delivery's patience with one attempt."""
SLOW_DOWN = ("ratelimited", "rate_limited", "message_limit_exceeded")
PERHAPS = ("fatal_error", "internal_error", "request_timeout", "service_unavailable")
"""Of these Slack says that some of it may have happened."""
STREAM = 10.0
"""Seconds until an open stream that cannot be closed is tried again; after five minutes Slack closes it."""
LATER = ("team_added_to_org", "accesslimited", "token_expired")
LEFT = ("token_revoked", "account_inactive", "invalid_auth", "not_authed", "team_access_not_granted", "app_uninstalled")
"""The workspace is lost to us."""
STREAMING = "streaming_state_conflict"
UNFIT = (
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_too_long",
    "msg_blocks_too_long",
    "no_text",
    "invalid_arguments",
    "invalid_arg_name",
)
"""What we said was not well-formed; elsewhere it would not be either."""
SENTENCES = {
    "channel_not_found": "there is no such channel, or I am not in it: type /invite @Loopcoach there",
    "not_in_channel": "I am not in that channel: type /invite @Loopcoach there",
    "user_not_in_channel": "that person is not in the channel",
    "is_archived": "the channel is archived",
    "restricted_action": "the workspace does not let me write there; its admins can change that",
    "restricted_action_read_only_channel": "only some people may write in that channel",
    "restricted_action_thread_only_channel": "only replies are allowed in that channel",
    "restricted_action_thread_locked": "the thread is locked",
    "missing_scope": "the app lacks a permission: reinstall it, then loopcoach doctor slack",
    "no_permission": "the app lacks a permission: reinstall it, then loopcoach doctor slack",
    "message_not_found": "the message it changes is gone",
    "cant_update_message": "the message it changes is not mine",
    "edit_window_closed": "the message is too old to be changed",
    "cannot_dm_bot": "that is a bot",
    "user_disabled": "that person left the workspace",
    "user_not_found": "there is no such person in the workspace",
    "user_not_visible": "that person cannot be seen by me",
    "messages_tab_disabled": "the app's Messages tab is switched off",
}


class Left(Refused):
    """The workspace removed us, or its token counts no more."""


class Unfit(Refused):
    """Slack cannot draw it, there or anywhere."""


class Missing(Refused):
    """A permission is missing."""


class Streaming(RetryLater):
    """A stream is open in the message that is to be changed."""


class Api:
    """Where Slack is, and the pool through which it is spoken to. Needs a running loop."""

    def __init__(self, base_url: str, log: logging.Logger) -> None:
        self.base_url = base_url if base_url.endswith("/") else f"{base_url}/"
        self._log = log
        connector = aiohttp.TCPConnector(limit=100, keepalive_timeout=10)
        timeout = aiohttp.ClientTimeout(total=TIMEOUT, sock_connect=5)
        self.session = aiohttp.ClientSession(timeout=timeout, connector=connector, request_class=FencedRequest)

    @property
    def authorize_url(self) -> str:
        """Where somebody allows us into their workspace."""
        return f"{self.base_url.removesuffix('api/')}oauth/v2/authorize"

    def client(self, token: str | None = None) -> AsyncWebClient:
        """A client with this token."""
        made = AsyncWebClient(
            token=token, base_url=self.base_url, session=self.session, retry_handlers=[], timeout=TIMEOUT, logger=self._log
        )
        if self.near:
            made.proxy = None  # slack_sdk takes HTTPS_PROXY for this computer too
        return made

    @property
    def near(self) -> bool:
        """Whether it is a Slack on this computer."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    async def close(self) -> None:
        """Let go of every connection."""
        await self.session.close()


async def call(request: Awaitable[T]) -> T:
    """The answer; a DeliveryError that says whether it may have happened."""
    try:
        return await request
    except SlackApiError as error:
        raise meaning(error) from None
    except aiohttp.ClientConnectorError:
        raise RetryLater(5, "Slack cannot be reached", reach="platform") from None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Uncertain(type(error).__name__) from None


def meaning(error: SlackApiError) -> DeliveryError:
    """What a refusal of Slack's means for a message on its way."""
    code, status = code_of(error), status_of(error)
    if status == 429 or code in SLOW_DOWN:
        return RetryLater(retry_after(error), "Slack asks for patience", reach="channel")
    if code in PERHAPS or (status is not None and status >= 500) or not code:
        return Uncertain(code or f"status {status}")
    if code in LATER:
        return RetryLater(60, code)
    if code == STREAMING:
        return Streaming(STREAM, "the message is still being written")
    sentence = SENTENCES.get(code, f"Slack said {code}")
    if code in LEFT:
        return Left("the workspace removed me, or my token counts no more")
    if code in UNFIT:
        return Unfit(sentence)
    if code in ("missing_scope", "no_permission"):
        return Missing(sentence)
    return Refused(sentence)


def code_of(error: SlackApiError) -> str:
    """Slack's word for what was wrong; empty where it did not say."""
    data = getattr(error.response, "data", error.response)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def status_of(error: SlackApiError) -> int | None:
    """The HTTP status."""
    found: Any = getattr(error.response, "status_code", None) or getattr(error.response, "status", None)
    return found if isinstance(found, int) else None


def retry_after(error: SlackApiError) -> float:
    """Seconds that Slack asks us to wait."""
    headers = getattr(error.response, "headers", None) or {}
    value = str(headers.get("Retry-After") or headers.get("retry-after") or "1")
    try:
        return max(float(value), 0.1)
    except ValueError:
        return 1.0
