"""The fake Slack: one aiohttp server with everything that an app meets, and the hands of the people who use it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from aiohttp import web

from tests.fakes.slack.app import App
from tests.fakes.slack.builder import add_app, add_app_token, add_channel, add_team, add_user, install
from tests.fakes.slack.clock import Clock
from tests.fakes.slack.control import Control
from tests.fakes.slack.delivery.events import Events
from tests.fakes.slack.delivery.outlet import Outlet
from tests.fakes.slack.delivery.posting import Posting
from tests.fakes.slack.delivery.record import Timing
from tests.fakes.slack.delivery.sockets import Sockets
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.happenings import Happenings
from tests.fakes.slack.limits import Limits
from tests.fakes.slack.looking import Looking
from tests.fakes.slack.model import JSON, Channel, Install, Message, User
from tests.fakes.slack.people.person import Person
from tests.fakes.slack.places import Places
from tests.fakes.slack.webapi.api import WebApi
from tests.fakes.slack.webapi.files import FileServer
from tests.fakes.slack.webapi.hooks import Hooks
from tests.fakes.slack.webapi.oauth import Authorize
from tests.fakes.slack.world import World

for _name in ("agents", "auth", "chat", "conversations", "files", "oauth", "reactions", "streams", "views"):
    importlib.import_module(f"tests.fakes.slack.webapi.{_name}")


class FakeSlack(Places, Looking):
    """`async with FakeSlack() as slack: …`; a small workspace with one installed app stands ready.

    Acme (`T1`): ada (`U1`, admin and owner), bob (`U2`), cyd (`U3`, New York); #general (`C1`) and #interviews (`C2`), where
    all are, the bot too; #random (`C3`), without the bot; the private room #leads (`C4`), ada and the bot.
    """

    def __init__(self, *, clock: Clock | None = None, furnished: bool = True) -> None:
        self.clock = clock or Clock()
        self.world = World(self.clock)
        self.limits = Limits(self.clock)
        self.faults = Faults()
        self.timing = Timing()
        self.sockets = Sockets(self.world, self.faults, self.timing)
        self.posting = Posting(self.world, self.faults, self.timing)
        self.outlet = Outlet(self.world, self.faults, self.timing, self.sockets, self.posting)
        self.events = Events(self.world, self.outlet)
        self.happenings = Happenings(self.world, self.events, self.faults)
        self.api = WebApi(self)
        self.hooks = Hooks(self)
        self.file_server = FileServer(self)
        self.oauth = Authorize(self)
        self.control = Control(self)
        self.base = ""
        self._runner: web.AppRunner | None = None
        if furnished:
            self._furnish()

    def _furnish(self) -> None:
        team = add_team(self.world, "Acme", "acme")
        ada = add_user(self.world, team, "ada", admin=True, owner=True)
        bob = add_user(self.world, team, "bob", tz="Europe/Berlin", tz_label="Central European Time", tz_offset=3600)
        cyd = add_user(self.world, team, "cyd", tz="America/New_York", tz_label="Eastern Standard Time", tz_offset=-18000)
        app = add_app(self.world, "Loopcoach")
        made = install(self.world, app, team, ada)
        self.app_token = add_app_token(self.world, app)
        everybody = [ada, bob, cyd, team.users[made.bot_user]]
        add_channel(self.world, team, "general", everybody).general = True
        add_channel(self.world, team, "interviews", everybody)
        add_channel(self.world, team, "random", [ada, bob, cyd])
        add_channel(self.world, team, "leads", [ada, team.users[made.bot_user]], kind="private")

    # ---- addresses and secrets

    @property
    def api_url(self) -> str:
        return f"{self.base}/api/"

    @property
    def authorize_url(self) -> str:
        return f"{self.base}/oauth/v2/authorize"

    @property
    def bot_token(self) -> str:
        return self.install.token

    @property
    def bot(self) -> User:
        """The first app's bot user."""
        return self.world.teams[self.install.team_id].users[self.install.bot_user]

    # ---- running

    async def start(self, port: int = 0) -> Self:
        """Bind to 127.0.0.1; `base` and `api_url` are known afterwards."""
        app = web.Application(client_max_size=64 * 2**20)
        app.add_routes(
            [
                web.route("*", "/api/{method}", self.api.handle),
                web.get("/link/", self.sockets.handle),
                web.get("/oauth/v2/authorize", self.oauth.page),
                web.post("/upload/v1/{id}", self.file_server.upload),
                web.get("/files-pri/{id}/{name:.*}", self.file_server.download),
                web.get("/signin", self.file_server.sign_in),
                web.post("/{kind:actions|commands|app}/{team}/{n}/{secret}", self.hooks.handle),
                *self.control.routes(),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        server = site._server
        assert server is not None
        bound = server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        self.base = f"http://127.0.0.1:{bound}"
        self.world.files_url = self.base
        self.sockets.base = f"ws://127.0.0.1:{bound}"
        return self

    async def stop(self) -> None:
        await self.outlet.stop()
        await self.sockets.stop()
        await self.posting.stop()
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # ---- people and settings

    def user(self, name: str, team: str = "") -> Person:
        """Somebody's hands: by id (`U1`) or name (`ada`)."""
        return Person(self, self.world.user(name, self.world.team(team).id if team else ""))

    def channel(self, name: str) -> Channel:
        return self.world.channel(name)

    def use_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Set the app, and what its bot token may do, as a manifest says."""
        self.app.apply(manifest)
        for made in self.world.installs:
            if made.app_id == self.app.id:
                made.scopes = self.app.scopes
                self.world.tokens[made.token].scopes = self.app.scopes

    def grant(self, *scopes: str) -> None:
        """Give the bot token exactly these scopes."""
        self.install.scopes = scopes
        self.world.tokens[self.install.token].scopes = scopes

    async def use_http(self, url: str, *, verify: bool = True) -> bool:
        """Deliver over HTTP to one request URL, verified first."""
        self.app.over_http(url)
        return await self.posting.verify(self.app, url) if verify else True

    # ---- what happens to the app and its places

    def uninstall(self, team: str = "", *, app: App | None = None) -> None:
        """Somebody removes the app from a workspace: tokens_revoked and app_uninstalled; the token is dead."""
        chosen = app or self.app
        made = self.world.install_of(chosen.id, self.world.team(team).id if team else self.install.team_id)
        assert made, "not installed there"
        made.active = False
        token = self.world.tokens[made.token]
        token.inactive = True
        self.world.teams[made.team_id].users[made.bot_user].deleted = True
        for channel in self.world.teams[made.team_id].channels.values():
            if channel.kind != "im" and made.bot_user in channel.members:
                channel.members.remove(made.bot_user)
        self._tokens_revoked(made)
        event = {"type": "app_uninstalled", "event_ts": self.world.ids.ts()}
        self.events.emit("app_uninstalled", made.team_id, event, only=made)

    def revoke(self, team: str = "") -> None:
        """The bot token of a workspace is revoked."""
        made = self.world.install_of(self.app.id, self.world.team(team).id if team else self.install.team_id)
        assert made, "not installed there"
        self.revoke_token(made.token)

    def revoke_token(self, value: str) -> None:
        """One token is revoked."""
        token = self.world.tokens[value]
        token.revoked = True
        made = self.world.install_of(token.app_id, token.team_id)
        if made and token.kind == "bot":
            self._tokens_revoked(made)

    def _tokens_revoked(self, made: Install) -> None:
        event = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [made.bot_user]}, "event_ts": self.world.ids.ts()}
        self.events.emit("tokens_revoked", made.team_id, event, only=made)

    def hold(self) -> None:
        """Keep events back, to `release` them out of order."""
        self.outlet.hold()

    def release(self, order: Callable[[Sequence[JSON]], Sequence[JSON]] | None = None) -> int:
        """Send what was held: reversed, or in the order that the test gives; how many."""
        return self.outlet.release(order)

    async def disconnects(self, reason: str = "refresh_requested", which: int | None = None) -> None:
        """Slack asks the app's sockets to go: warning, refresh_requested or link_disabled."""
        await self.sockets.disconnect(self.app.id, reason, which)

    def streaming(self, message: Message) -> bool:
        """Whether a streamed message still takes text: not stopped, and younger than five minutes."""
        stream = message.stream
        return bool(stream and stream.state == "streaming" and self.clock.now() - stream.started < self.timing.stream)
