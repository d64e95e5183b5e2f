"""Every Web API call: who calls, may they, how often; then the method; then what was meant to go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.slack.app import App
from tests.fakes.slack.errors import ApiError, RateLimited
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.model import JSON, Install, Team, Token
from tests.fakes.slack.webapi.args import Args, read_args
from tests.fakes.slack.world import World

if TYPE_CHECKING:
    from tests.fakes.slack.happenings import Happenings
    from tests.fakes.slack.server import FakeSlack


@dataclass
class Context:
    """One call: who makes it, with what, upon what."""

    slack: FakeSlack
    method: str
    args: Args
    token: Token
    app: App
    warnings: list[str] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.slack.world

    @property
    def happenings(self) -> Happenings:
        return self.slack.happenings

    @property
    def install(self) -> Install:
        found = self.world.install_of(self.app.id, self.token.team_id)
        if found is None:
            raise ApiError("account_inactive")
        return found

    @property
    def team(self) -> Team:
        return self.world.teams[self.token.team_id]

    @property
    def me(self) -> str:
        """The bot's user id."""
        return self.install.bot_user

    def require(self, *scopes: str) -> None:
        """The token must have one of these scopes."""
        if scopes and not set(scopes) & set(self.token.scopes):
            raise ApiError("missing_scope", needed=",".join(scopes), provided=",".join(self.token.scopes))


Handler = Callable[[Context], Awaitable[JSON]]


@dataclass(frozen=True)
class Method:
    name: str
    handler: Handler
    scopes: tuple[str, ...]
    kinds: tuple[str, ...]


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, kinds: tuple[str, ...] = ("bot", "user")) -> Callable[[Handler], Handler]:
    """Register a method: one of `scopes` is needed; `kinds` of tokens may call, none needs no token."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(name, handler, scopes, kinds)
        return handler

    return register


@dataclass
class Call:
    """One call as the server saw it, answered or not."""

    method: str
    args: JSON
    team_id: str
    app_id: str
    token_kind: str
    at: float
    status: int = 0
    answer: JSON = field(default_factory=dict)
    fault: str = ""
    done: bool = False

    @property
    def ok(self) -> bool:
        return bool(self.answer.get("ok"))


class WebApi:
    """Answers `/api/{method}`."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack
        self.calls: list[Call] = []
        self.running = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        self.running += 1
        try:
            return await self._answer(name, request)
        finally:
            self.running -= 1

    async def _answer(self, name: str, request: web.Request) -> web.StreamResponse:
        slack = self._slack
        call = Call(name, {}, "", "", "", slack.clock.now())
        self.calls.append(call)
        fault: Fault | None = None
        headers = {"X-Slack-Req-Id": slack.world.ids.secret("request")}
        try:
            args, value, warnings = await read_args(request)
            call.args = args.values
            fault = slack.faults.take(name, args.values)
            call.fault = fault.name() if fault else ""
            if fault and not fault.after:
                broken = await self.break_call(fault, call, request)
                if broken is not None:
                    return broken
            body = await self._perform(name, request, args, value, warnings, call, headers)
            if warnings:
                body["warning"] = ",".join(warnings)
                body.setdefault("response_metadata", {})["warnings"] = warnings
            call.status, call.answer = 200, body
        except RateLimited as error:
            call.status, call.answer = 429, error.body()
            headers["Retry-After"] = str(error.retry_after)
        except ApiError as error:
            call.status, call.answer = 200, error.body()
        call.done = True
        if fault and fault.after:
            broken = await self.break_call(fault, call, request)
            if broken is not None:
                return broken
        return web.json_response(call.answer, status=call.status, headers=headers)

    async def break_call(self, fault: Fault, call: Call, request: web.Request) -> web.StreamResponse | None:
        """Let the call go wrong; None where it goes on after all."""
        if fault.does == "slow":
            await asyncio.sleep(fault.seconds)
            return None
        if fault.does == "drop":
            call.status = -1
            if request.transport:
                request.transport.abort()
            return web.Response()
        if fault.does == "error":
            call.status, call.answer = 200, {"ok": False, "error": fault.error}
            return web.json_response(call.answer)
        call.status = fault.status
        if fault.status == 429:
            call.answer = {"ok": False, "error": "ratelimited"}
            return web.json_response(call.answer, status=429, headers={"Retry-After": str(fault.retry_after)})
        return web.Response(status=fault.status, text="<html>upstream error</html>", content_type="text/html")

    async def _perform(
        self, name: str, request: web.Request, args: Args, value: str, warnings: list[str], call: Call, headers: dict[str, str]
    ) -> JSON:
        chosen = METHODS.get(name)
        if chosen is None:
            raise ApiError("unknown_method", req_method=name)
        if name == "apps.connections.open" and request.method != "POST":
            raise ApiError("insecure_request")
        if not chosen.kinds:
            nobody = Token("", "user", "")
            context = Context(self._slack, name, args, nobody, App("", "", "", "", "", ""), warnings)
            return {"ok": True, **await chosen.handler(context)}
        token = self.authenticate(value)
        call.team_id, call.app_id, call.token_kind = token.team_id, token.app_id, token.kind
        headers["X-OAuth-Scopes"] = ",".join(token.scopes)
        headers["X-Accepted-OAuth-Scopes"] = ",".join(chosen.scopes)
        if token.kind not in chosen.kinds:
            raise ApiError("not_allowed_token_type")
        self._slack.limits.call(name, token.team_id, token.app_id)
        context = Context(self._slack, name, args, token, self._slack.world.apps[token.app_id], warnings)
        context.require(*chosen.scopes)
        return {"ok": True, **await chosen.handler(context)}

    def authenticate(self, value: str) -> Token:
        """The token behind a string, if it is good."""
        if not value:
            raise ApiError("not_authed")
        token = self._slack.world.tokens.get(value)
        if token is None:
            raise ApiError("invalid_auth")
        if token.inactive:
            raise ApiError("account_inactive")
        if token.revoked:
            raise ApiError("token_revoked")
        if token.expires_at is not None and self._slack.clock.now() >= token.expires_at:
            raise ApiError("token_expired")
        return token

    def record(self, name: str, args: dict[str, Any]) -> Call:
        """Note something that came in beside the Web API (a response_url, an upload)."""
        call = Call(name, args, "", "", "", self._slack.clock.now(), status=200, done=True)
        self.calls.append(call)
        return call
