"""The fake Discord: a server on loopback that discord.py, hikari or anything else connects to, and the hands that move it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.fakes.discord.control import control
from tests.fakes.discord.core import threads
from tests.fakes.discord.core.ids import Clock, RunningClock
from tests.fakes.discord.core.models import Channel, File, Guild, Member, Message, Role, User
from tests.fakes.discord.core.permissions import USUAL
from tests.fakes.discord.core.world import PRIVILEGED, World
from tests.fakes.discord.gateway.hub import Hub
from tests.fakes.discord.gateway.socket import Connection
from tests.fakes.discord.judge.spec import judge
from tests.fakes.discord.judge.verdicts import Verdicts
from tests.fakes.discord.people.person import Person, written
from tests.fakes.discord.people.places import Server
from tests.fakes.discord.rest import all_routes  # noqa: F401  (registers them)
from tests.fakes.discord.rest.door import Door


class FakeDiscord:
    """`async with FakeDiscord() as fake:`. State in memory; nothing leaves the machine.

    ::

        guild = fake.guild("The team")                      # the bot is in it
        channel, ada = guild.text("interviews"), guild.member("Ada")
        ... start the bot, await fake.ready() ...
        shown = await ada.slash("mock", {"minutes": 5}, channel)
        assert shown.ephemeral and "5 minutes" in shown.text
        form = await ada.presses(fake.messages(channel)[-1], "Answer")
        done = await ada.submits(form, {"Answer": "I would bound the wait."})
        fake.faults.fail("POST /channels/{channel_id}/messages", 502, after=True)
        fake.gateway.drop()
        assert fake.doubles(channel) == [] and not fake.verdicts

    `clock` decides deadlines, ids and timestamps; it runs like the wall clock unless a `FakeClock` is passed. Rate limits,
    heartbeats and the identify window are in real seconds (REST windows shortened by `fake.rest.buckets.scale`).
    """

    def __init__(self, clock: Clock | None = None, *, port: int = 0, judged: bool = True) -> None:
        self.clock: Any = clock or RunningClock()
        self.world = World(self.clock)
        self.verdicts = Verdicts()
        self.judge = judge() if judged else None
        self.gateway = Hub(self.world, self.judge, self.verdicts)
        self.rest = Door(self.world, self.judge, self.verdicts)
        self.faults = self.rest.faults
        self._port = port
        self._runner: web.AppRunner | None = None
        self._people: dict[int, Person] = {}

    async def __aenter__(self) -> FakeDiscord:
        app = web.Application(client_max_size=1 << 26)
        app.router.add_route("*", "/api/v{version}/{path:.*}", self.rest.answer)
        for path in ("/", "/gateway", "/gateway/", "/resume", "/resume/"):
            app.router.add_get(path, self._connect)
        app.router.add_get("/cdn/{kind}/{place}/{file}/{name}", self._download)
        app.router.add_route("*", "/control/{what}", control(self))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, handler_cancellation=False)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.world.api_url = f"http://{host}:{port}/api/v10"
        self.world.gateway_url = f"ws://{host}:{port}/gateway"
        self.world.cdn_url = f"http://{host}:{port}/cdn"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.gateway.is_down = True
        self.gateway.drop()
        assert self._runner is not None
        await self._runner.cleanup()

    # Where it is, and as whom one comes -----------------------------------------------------------------------------------

    @property
    def api_url(self) -> str:
        """For `discord.http.Route.BASE`."""
        return self.world.api_url

    @property
    def gateway_url(self) -> str:
        """For `discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY`."""
        return self.world.gateway_url

    @property
    def cdn_url(self) -> str:
        """For `discord.asset.Asset.BASE`."""
        return self.world.cdn_url

    @property
    def token(self) -> str:
        """The bot's token, as it is now."""
        return self.world.application.token

    @property
    def bot(self) -> User:
        """The bot's account."""
        return self.world.bot

    # The set ---------------------------------------------------------------------------------------------------------------

    def guild(self, name: str = "The team", *, bot: bool = True, permissions: int = int(USUAL), locale: str = "en-US") -> Server:
        """A server with its @everyone role; `bot`: with the bot in it, who has these permissions."""
        number = self.world.snowflakes.next(apart=True)
        owner = self.world.application.owner
        made = Guild(number, name, owner.id, locale)
        made.roles[number] = Role(number, "@everyone", int(USUAL))
        made.members[owner.id] = Member(owner, self.clock.now())
        self.world.guilds[number] = made
        server = Server(self.world, made, self._person)
        if bot:
            server.invite_bot(permissions)
        return server

    def person(self, name: str) -> Person:
        """Somebody who is in no server yet."""
        return self._person(self.world.add_user(name.lower(), display=name))

    @property
    def owner(self) -> Person:
        """Who owns the application and the servers."""
        return self._person(self.world.application.owner)

    def file(self, name: str, content: bytes, content_type: str = "application/octet-stream", **about: Any) -> File:
        """Something a person attaches. A voice message has `duration` and `waveform`."""
        return File(self.world.snowflakes.next(), name, content, content_type, **about)

    def grant(self, *intents: str) -> None:
        """Switch privileged intents on: message_content, members, presences."""
        self.world.application.granted |= set(intents)

    def revoke(self, *intents: str) -> None:
        """Switch them off: sessions that use them are closed with 4014, and so is who asks for them again."""
        self.world.application.granted -= set(intents)
        lost = sum(PRIVILEGED[each] for each in intents)
        for connection in list(self.gateway.connections):
            session = connection.session
            if session is not None and session.has(lost):
                session.dead = True
                connection.close(4014, "Disallowed intent(s).")

    def reset_token(self) -> str:
        """A new token: 401 and 4004 for the old one."""
        return self.gateway.reset_token()

    def _person(self, user: User) -> Person:
        if user.id not in self._people:
            self._people[user.id] = Person(self.world, user, self.until)
        return self._people[user.id]

    # What is there ---------------------------------------------------------------------------------------------------------

    def messages(self, channel: Channel, *, by_bot: bool = False) -> list[Message]:
        """What everybody there can read, oldest first, without system messages."""
        found = sorted(channel.messages.values(), key=lambda each: each.id)
        return [each for each in found if written(each) and (not by_bot or each.author is self.bot)]

    def visible_to(self, person: Person, channel: Channel | None = None) -> list[Message]:
        """What one person can read there (None: in their DM), the ephemeral included, without system messages."""
        return [each for each in person.reads(channel) if written(each)]

    def doubles(self, channel: Channel, person: Person | None = None) -> list[str]:
        """Texts of the bot that stand there more than once."""
        found = self.visible_to(person, channel) if person else self.messages(channel)
        texts = [each.text for each in found if each.author is self.bot and each.text]
        return sorted({text for text in texts if texts.count(text) > 1})

    def threads(self, channel: Channel) -> list[Channel]:
        """A channel's threads, oldest first."""
        found = [each for each in self.world.channels.values() if each.parent is channel and each.is_thread]
        return sorted(found, key=lambda each: each.id)

    def archive_idle_threads(self) -> list[Channel]:
        """What Discord does by itself after a thread's `auto_archive_duration` of silence; by the clock."""
        return threads.archive_idle(self.world)

    @property
    def commands(self) -> list[dict[str, Any]]:
        """Registered for everybody."""
        return list(self.world.application.commands[None].values())

    def requests(self, route: str | None = None) -> list[Any]:
        """What the bot asked over REST, in order; of one route: `POST /channels/{channel_id}/messages`."""
        return [each for each in self.rest.requests if route in (None, each.route)]

    # Waiting ---------------------------------------------------------------------------------------------------------------

    async def until(self, true: Callable[[], Any], timeout: float = 5.0, what: str = "", *, quiet: bool = False) -> Any:
        """Wait for something to be so; gives what it gave. Real seconds. `quiet`: no error when it does not come."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + timeout
        while True:
            value = true()
            if value or (loop.time() >= ends and quiet):
                return value
            if loop.time() >= ends:
                raise TimeoutError(f"waited {timeout} s for {what or 'it'}")
            await asyncio.sleep(0.003)

    async def ready(self, shards: int = 1, timeout: float = 5.0) -> None:
        """Wait until the bot is connected, with so many sessions."""
        await self.until(lambda: len(self.gateway.live) >= shards, timeout, f"{shards} sessions")

    async def said(self, channel: Channel, containing: str = "", *, count: int = 1, timeout: float = 5.0) -> list[Message]:
        """Wait until the bot has said something (so many messages that contain this) where everybody reads it."""

        def found() -> list[Message]:
            mine = [each for each in self.messages(channel, by_bot=True) if containing in each.text and not each.thinking]
            return mine if len(mine) >= count else []

        result: list[Message] = await self.until(found, timeout, f"{count} messages with {containing!r}")
        return result

    async def quiet(self, seconds: float = 0.2) -> None:
        """Let so much real time pass without a request; for showing that nothing more comes. TimeoutError where it never is quiet."""
        loop = asyncio.get_running_loop()
        seen, since = len(self.rest.requests), loop.time()
        ends = since + seconds + 10
        while loop.time() - since < seconds:
            await asyncio.sleep(0.01)
            if loop.time() > ends:
                raise TimeoutError(f"there was always another request; the last one: {self.rest.requests[-1].route}")
            if len(self.rest.requests) != seen:
                seen, since = len(self.rest.requests), loop.time()

    # Handlers --------------------------------------------------------------------------------------------------------------

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        if self.gateway.is_down or request.headers.get("Upgrade", "").lower() != "websocket":
            return web.Response(status=503 if self.gateway.is_down else 404, text="no gateway here")
        return await Connection(self.world, self.gateway, request).run()

    async def _download(self, request: web.Request) -> web.StreamResponse:
        number = int(request.match_info["file"])
        files = {each.id: each for channel in self.world.channels.values() for each in _files(channel)} | self.world.uploads
        file = files.get(number)
        if file is None:
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=file.content, headers={"Content-Type": file.content_type})


def _files(channel: Channel) -> list[File]:
    return [file for each in (*channel.messages.values(), *channel.hidden.values()) for file in each.attachments]
