"""`/control/...` of a fake that runs by itself: look at it and move it with curl.

GET state · POST say {channel, who, text} · slash {channel, who, name, options} · press {message, who, what} · fault {route, status, after}
· drop {} · advance {seconds}
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.discord.core.models import Channel, Message

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def control(fake: FakeDiscord) -> Handler:
    """The handler."""

    async def handle(request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        asked: dict[str, Any] = json.loads(raw) if raw else {}
        what = request.match_info["what"]
        if what not in DEEDS:
            return web.json_response({"error": f"one of {sorted(DEEDS)}"}, status=404)
        try:
            return web.json_response(await DEEDS[what](fake, asked))
        except (AssertionError, KeyError, StopIteration, TypeError) as error:
            return web.json_response({"error": repr(error)}, status=400)

    return handle


async def state(fake: FakeDiscord, asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "token": fake.token,
        "api": fake.api_url,
        "gateway": fake.gateway_url,
        "sessions": len(fake.gateway.live),
        "people": {str(each.id): each.name for each in fake.world.users.values() if not each.bot},
        "channels": [_channel(each) for each in fake.world.channels.values()],
        "commands": [each["name"] for each in fake.commands],
        "verdicts": [str(each) for each in fake.verdicts],
    }


async def say(fake: FakeDiscord, asked: dict[str, Any]) -> dict[str, Any]:
    return _message(await _who(fake, asked).says(_where(fake, asked), asked["text"]))


async def slash(fake: FakeDiscord, asked: dict[str, Any]) -> dict[str, Any]:
    return {"shown": repr(await _who(fake, asked).slash(asked["name"], asked.get("options"), _where(fake, asked)))}


async def press(fake: FakeDiscord, asked: dict[str, Any]) -> dict[str, Any]:
    number = int(asked["message"])
    everywhere = (each for channel in fake.world.channels.values() for each in (channel.messages | channel.hidden).values())
    message = next(each for each in everywhere if each.id == number)
    return {"shown": repr(await _who(fake, asked).presses(message, asked["what"]))}


async def fault(fake: FakeDiscord, asked: dict[str, Any]) -> dict[str, Any]:
    fake.faults.fail(asked["route"], asked["status"], after=asked.get("after", False), times=asked.get("times", 1))
    return {"planned": len(fake.faults.planned)}


async def drop(fake: FakeDiscord, asked: dict[str, Any]) -> dict[str, Any]:
    fake.gateway.drop(asked.get("code"))
    return {"dropped": True}


async def advance(fake: FakeDiscord, asked: dict[str, Any]) -> dict[str, Any]:
    fake.clock.advance(seconds=asked["seconds"])
    return {"now": fake.clock.now().isoformat()}


DEEDS = {each.__name__: each for each in (state, say, slash, press, fault, drop, advance)}


def _who(fake: FakeDiscord, asked: dict[str, Any]) -> Any:
    user = next(each for each in fake.world.users.values() if asked["who"] in (each.name, each.display, str(each.id)))
    return fake._person(user)


def _where(fake: FakeDiscord, asked: dict[str, Any]) -> Channel | None:
    wanted = asked.get("channel")
    return None if wanted is None else next(each for each in fake.world.channels.values() if wanted in (each.name, str(each.id)))


def _channel(one: Channel) -> dict[str, Any]:
    shown = [_message(each) for each in (one.messages | one.hidden).values()]
    return {"id": str(one.id), "name": one.name, "kind": one.kind, "archived": one.archived, "messages": shown}


def _message(one: Message) -> dict[str, Any]:
    return {"id": str(one.id), "by": one.author.name, "text": one.text, "only_for": one.for_user, "thinking": one.thinking}
