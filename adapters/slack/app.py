"""Slack, put together: Bolt in front, over Socket Mode, over HTTP, or both; our listening behind; the platform beside it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation

from adapters.slack.api import Api, Left
from adapters.slack.heard import PLATFORM, WORKSPACE, Heard, Me
from adapters.slack.home import Homes
from adapters.slack.inbound import author
from adapters.slack.installs import INSTALL, REDIRECT, Installs, States, Vault, oauth_flow, page
from adapters.slack.listening import Listening
from adapters.slack.manifest import HTTP_PATH
from adapters.slack.people import NOBODY, People
from adapters.slack.platform import SlackPlatform
from adapters.slack.teams import Teams
from core.chat import Chart, Kind, Place, Post
from core.delivery import Log
from core.ports import Clock, Door

PING = 5
"""Seconds between pings of a socket; a dead one is noticed within four of them, a reset one at once."""
UNKNOWN = "Loopcoach is not installed in this workspace any more. Ask whoever runs it for its install page."


@dataclass(frozen=True)
class Keys:
    """What Slack gave us. A bot token is one workspace; a client id and secret are many, and want a vault."""

    api_url: str
    bot_token: str | None = None
    app_token: str | None = None
    signing_secret: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    redirect_uri: str | None = None

    @property
    def many(self) -> bool:
        """Whether anybody may install us."""
        return bool(self.client_id and self.client_secret)


class Slack:
    """The whole adapter. Needs a running loop."""

    def __init__(self, keys: Keys, vault: Vault | None, clock: Clock, draw: Callable[[Chart], bytes], log: Log) -> None:
        self._keys = keys
        self._clock = clock
        self._log = log
        self._quiet = quiet(log)
        self._api = Api(keys.api_url, self._quiet)
        installs = self._installs(vault)
        self._teams = Teams(self._api, keys.bot_token, installs)
        self._people = People(self._teams)
        self._homes = Homes(self._teams, self._people, clock, log)
        self.platform = SlackPlatform(self._api, self._teams, clock, draw)
        self._listening = Listening(self.platform, self._people, self._homes, self._api, clock, log)
        self.flow = self._flow(installs, vault)
        self.app = self._bolt()
        self.platform.listen = self.listen
        self.platform.left = self._left
        self.platform.told = self._told

    # --- listening ---

    async def listen(self, door: Door) -> None:
        """Until cancelled. DeliveryError where Slack does not say who we are; then it is tried again later."""
        me = await self._teams.start()
        self._listening.door = door
        handler: AsyncSocketModeHandler | None = None
        try:
            if me:
                await self._said(self._lifecycle(me.team, "installed"))
            if self._keys.app_token:
                handler = AsyncSocketModeHandler(self.app, self._keys.app_token, logger=self._quiet, ping_interval=PING)
                if self._api.near:
                    handler.client.proxy = None
                await handler.connect_async()  # type: ignore[no-untyped-call]
            self._log("slack_listens", socket=handler is not None, http=bool(self._keys.signing_secret))
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await self._api.close()
            raise
        finally:
            self._listening.door = None
            if handler:
                await handler.close_async()  # type: ignore[no-untyped-call]
            await self._homes.close()
            await self._listening.close()
            await self.platform.signs.close()
            await self.platform.streams.close()

    def routes(self) -> list[web.RouteDef]:
        """For the one web server: events where there is a signing secret, installing where anybody may."""
        found = [web.post(HTTP_PATH, self._events)] if self._keys.signing_secret else []
        return [*found, web.get(INSTALL, self._install), web.get(REDIRECT, self._redirect)] if self.flow else found

    async def _events(self, request: web.Request) -> web.Response:
        try:
            asked = await to_bolt_request(request)
        except (ValueError, TypeError, AttributeError, KeyError):  # Bolt reads it before it checks who wrote it
            return web.Response(status=400, text="That is nothing that Slack would send.")
        return await to_aiohttp_response(await self.app.async_dispatch(asked))

    async def _install(self, request: web.Request) -> web.Response:
        assert self.flow is not None
        return await self._page(self.flow.handle_installation, request)

    async def _redirect(self, request: web.Request) -> web.Response:
        assert self.flow is not None
        return await self._page(self.flow.handle_callback, request)

    async def _page(self, handle: Any, request: web.Request) -> web.Response:
        try:
            answer: BoltResponse = await handle(await to_bolt_request(request))
        except Exception as error:
            self._log("slack_install_failed", error=error)
            answer = page("Not installed", f'Something went wrong on my side. <a href="{INSTALL}">Start again</a>', 500)
        return await to_aiohttp_response(answer)

    # --- coming and going ---

    async def _installed(self, installation: Installation) -> None:
        team = installation.team_id or ""
        self._teams.fresh(team)
        heard = self._lifecycle(team, "installed", installation.user_id or "")
        known = await self._people.who(team, heard.user) if heard.user else NOBODY
        await self._said(heard, known.name, known.zone)

    async def _left(self, team: str) -> None:
        """Slack would not let us speak there any more."""
        self._log("slack_workspace_lost", team=team, why="the token counts no more")
        await self._said(self._lifecycle(team, "removed"))
        await self._teams.leave(team)

    def _told(self, post: Post) -> None:
        if post.about and self._listening.door:
            self._homes.touched(post.into.space, post.about.rpartition(":")[2], self._listening.door)

    async def _said(self, heard: Heard, name: str = "", zone: str | None = None) -> None:
        if self._listening.door:
            await self._listening.door.accept(heard.message(author(heard, name, zone, bool(heard.user))))

    def _lifecycle(self, team: str, word: str, user: str = "") -> Heard:
        now = self._clock.now()
        place = Place(platform=PLATFORM, space=team, channel=WORKSPACE)
        id = f"{PLATFORM}:{team}:{word}:{now.timestamp():.0f}"
        return Heard(id=id, team=team, user=user, place=place, sent_at=now, kind=Kind.LIFECYCLE, text=word)

    # --- Bolt ---

    def _installs(self, vault: Vault | None) -> Installs | None:
        keys = self._keys
        if not (keys.client_id and keys.client_secret):
            return None
        assert vault is not None, "tokens of many workspaces want a vault"
        return Installs(vault, self._api, keys.client_id, keys.client_secret, self._quiet)

    def _flow(self, installs: Installs | None, vault: Vault | None) -> AsyncOAuthFlow | None:
        keys = self._keys
        if installs is None or vault is None:
            return None
        return oauth_flow(
            self._api,
            installs,
            States(vault, self._quiet),
            client_id=keys.client_id or "",
            client_secret=keys.client_secret or "",
            redirect_uri=keys.redirect_uri,
            installed=self._installed,
            logger=self._quiet,
        )

    def _bolt(self) -> AsyncApp:
        app = AsyncApp(
            name="loopcoach",
            logger=self._quiet,
            client=self._api.client(),
            signing_secret=self._keys.signing_secret or "",
            authorize=Authorize(self._teams),  # type: ignore[arg-type]
            oauth_flow=self.flow,
            user_facing_authorize_error_message=UNKNOWN,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        app.middleware(Keeping(self._listening))

        @app.error
        async def failed(error: Exception) -> None:
            self._log("slack_request_failed", error=error)

        return app


class Keeping(AsyncMiddleware):
    """The last of Bolt's middlewares, and the end of every request: nothing reaches a listener, so nothing is unhandled."""

    def __init__(self, listening: Listening) -> None:
        self._listening = listening

    async def async_process(self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Any) -> BoltResponse:
        """Bolt's own middlewares checked the signature and know the workspace."""
        return await self._listening.take(req.body)


class Authorize(AsyncAuthorize):
    """Who we are in a workspace, without asking Slack each time: an answer that fails must not swallow an event."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams

    async def __call__(
        self, *, context: Any, enterprise_id: str | None, team_id: str | None, user_id: str | None, **more: Any
    ) -> AuthorizeResult | None:
        """None where nobody there let us in. Raises where that cannot be known now; then nothing is acknowledged."""
        try:
            found = await self._teams.find(team_id or "")
        except Left:
            return None
        me = found.me if found else Me("", "")
        if not me.user:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=me.team,
            bot_user_id=me.user,
            bot_id=me.bot,
            bot_token=found.client.token if found else None,
        )


def quiet(log: Log) -> logging.Logger:
    """The libraries' logger: what goes wrong is one line of ours, without their texts, which may hold what somebody wrote."""
    made = logging.Logger("slack", logging.WARNING)
    made.propagate = False
    made.addHandler(_Retold(log))
    return made


class _Retold(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        what = record.getMessage().split("(")[0].split(":")[0].split("\n")[0].strip()[:80]
        if "token" in what and record.levelno < logging.ERROR:
            return  # Bolt remarks on which of two tokens it takes
        self._log("slack_library", why=what, **({"error": error} if error else {}))
