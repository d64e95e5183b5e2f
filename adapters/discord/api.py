"""What a failed call to Discord means for a message on its way, and where Discord is."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import aiohttp
import discord
import discord.asset
import discord.gateway
import discord.http
import yarl

from core.errors import DeliveryError, Refused, RetryLater, Uncertain

T = TypeVar("T")

BANNED = 300.0
"""Seconds to keep quiet after an answer that is not Discord's own: a ban by whoever stands in front of it."""
STOPPED = 900.0
"""Seconds until a refused token is tried again: nobody but its owner can do anything about it, and each try counts against us."""

CLOSED = (50007, 50278)
"""Somebody takes no direct messages from us, or shares no server with us any more."""
ACKNOWLEDGED = 40060
GONE_INTERACTION = (10062, 10015, 50027)
ARCHIVED = 50083
LOCKED = 160005
HAS_THREAD = 160004
UNKNOWN_MESSAGE = 10008
TOO_LARGE = 40005
SENTENCES = {
    10003: "the channel is gone",
    10004: "I am not in that server any more",
    10008: "the message it changes is gone",
    10013: "there is no such person any more",
    40005: "the file is larger than Discord takes",
    50001: "I cannot see that channel; somebody who manages it can let me in",
    50007: "they take no direct messages from me",
    50013: "I may not do that in that channel; whoever manages it can allow me: View Channel, Send Messages, and in threads too",
    50278: "we share no server any more",
    160005: "the thread is locked",
    160006: "too many threads are open in that server; somebody has to archive some",
    50024: "that is not possible in this kind of channel",
    50035: "Discord does not take a message of that form",
    50006: "Discord takes no empty messages",
    30033: "the thread is full",
}


class TokenRefused(RetryLater):
    """Our token counts no more."""

    def __init__(self) -> None:
        super().__init__(STOPPED, "Discord does not take DISCORD_TOKEN any more: set a new one and start again", "platform")


class Coded(Refused):
    """A refusal with Discord's own number."""

    def __init__(self, why: str, code: int) -> None:
        super().__init__(why)
        self.code = code


class Closed(Coded):
    """Direct messages are closed to us."""


class Forbidden(Coded):
    """A permission is missing there."""


class Gone(Coded):
    """The channel, the message or the person is not there any more."""


class Expired(Coded):
    """The interaction counts no more; the message can go another way."""


async def call(request: Awaitable[T]) -> T:
    """The answer; a DeliveryError that says whether it may have happened."""
    try:
        return await request
    except discord.RateLimited as error:
        raise RetryLater(error.retry_after, "Discord asks for patience") from None
    except discord.HTTPException as error:
        raise meaning(error.status, error.code, text=error.text) from None
    except aiohttp.ClientConnectorError:
        raise RetryLater(5, "Discord cannot be reached", "platform") from None
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Uncertain(type(error).__name__) from None


def meaning(status: int, code: int, *, text: str = "") -> DeliveryError:
    """What a refusal of Discord's means. `text` is only looked at, never told."""
    if code in GONE_INTERACTION:
        return Expired("the interaction is over", code)
    if status == 401:
        return TokenRefused()
    if status == 429:
        return RetryLater(BANNED, "Discord wants none of our requests for a while", "platform")
    if status >= 500:
        return Uncertain(f"status {status}")
    sentence = SENTENCES.get(code, f"Discord said {status}, code {code}")
    if code in CLOSED:
        return Closed(sentence, code)
    if code == ARCHIVED:
        return Coded("the thread is archived", code)
    if status == 403:
        return Forbidden(SENTENCES[50013] if code == 0 else sentence, code)
    if status == 404:
        return Gone(SENTENCES[10003] if code == 0 else sentence, code)
    return Coded(sentence, code)


def point(api_url: str, gateway_url: str) -> None:
    """Where Discord is, for the library; before its first request. Both addresses are the library's own for the real one."""
    discord.http.Route.BASE = api_url.rstrip("/")
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
