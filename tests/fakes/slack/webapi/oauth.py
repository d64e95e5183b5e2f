"""OAuth: the page where somebody allows an app, and oauth.v2.access."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web

from tests.fakes.slack.app import App
from tests.fakes.slack.builder import install, issue
from tests.fakes.slack.errors import ApiError
from tests.fakes.slack.model import JSON, Install
from tests.fakes.slack.webapi.api import Context, method

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack

CODE_LIVES = 600


@dataclass
class Code:
    """What the browser carries back to the app: good once, for ten minutes."""

    app_id: str
    team_id: str
    user: str
    scopes: tuple[str, ...]
    redirect_uri: str
    made: float
    used: bool = False


class Authorize:
    """`/oauth/v2/authorize`. Whoever opens it is `user` of `team`, and allows, unless a test says otherwise."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack
        self.codes: dict[str, Code] = {}
        self.team = ""
        self.user = ""
        self.allow = True

    def decides(self, user: str, team: str = "", *, allow: bool = True) -> None:
        """Who stands before the page next, and whether they allow."""
        person = self._slack.world.user(user, self._slack.world.team(team).id if team else "")
        self.user, self.team, self.allow = person.id, person.team_id, allow

    async def page(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        app = next((one for one in self._slack.world.apps.values() if one.client_id == query.get("client_id")), None)
        if app is None:
            return web.Response(status=400, text="Invalid client_id parameter")
        scopes = tuple(one for one in query.get("scope", "").replace(" ", ",").split(",") if one)
        if not scopes and not query.get("user_scope"):
            return web.Response(status=400, text="invalid_scope: no scopes requested")
        redirect = query.get("redirect_uri", "")
        if app.redirect_urls and redirect and not any(redirect.startswith(one) for one in app.redirect_urls):
            return web.Response(status=400, text="redirect_uri did not match any configured URIs")
        target = redirect or (app.redirect_urls[0] if app.redirect_urls else "")
        if not target:
            return web.Response(status=400, text="no redirect_uri configured")
        answer = {"state": query.get("state", "")}
        if not self.allow:
            raise web.HTTPFound(f"{target}{'&' if '?' in target else '?'}{urlencode({'error': 'access_denied', **answer})}")
        team = self._slack.world.teams.get(query.get("team", "") or self.team) or next(iter(self._slack.world.teams.values()))
        user = self.user or next(one.id for one in team.users.values() if one.is_admin)
        code = f"{self._slack.world.ids.secret('code')}.{self._slack.world.ids.secret('code')}"
        self.codes[code] = Code(app.id, team.id, user, scopes, redirect, self._slack.clock.now())
        raise web.HTTPFound(f"{target}{'&' if '?' in target else '?'}{urlencode({'code': code, **answer})}")


@method("oauth.v2.access", kinds=())
async def access(ctx: Context) -> JSON:
    app = next((one for one in ctx.world.apps.values() if one.client_id == ctx.args.text("client_id")), None)
    if app is None:
        raise ApiError("invalid_client_id")
    if app.client_secret != ctx.args.text("client_secret"):
        raise ApiError("bad_client_secret")
    grant = ctx.args.text("grant_type") or "authorization_code"
    if grant == "refresh_token":
        return _refresh(ctx, app)
    if grant != "authorization_code":
        raise ApiError("invalid_grant_type")
    code = ctx.slack.oauth.codes.get(ctx.args.text("code"))
    if code is None or code.used or code.app_id != app.id or ctx.world.clock.now() - code.made > CODE_LIVES:
        raise ApiError("invalid_code")
    if ctx.args.text("redirect_uri") != code.redirect_uri:
        raise ApiError("bad_redirect_uri")
    code.used = True
    team = ctx.world.teams[code.team_id]
    made = install(ctx.world, app, team, team.users[code.user], code.scopes)
    return _answer(ctx, app, made)


def _refresh(ctx: Context, app: App) -> JSON:
    given = ctx.args.text("refresh_token")
    made = next((one for one in ctx.world.installs if one.app_id == app.id and one.active and one.refresh_token == given), None)
    if not given or made is None:
        raise ApiError("invalid_refresh_token")
    issue(ctx.world, app, made)
    return _answer(ctx, app, made)


def _answer(ctx: Context, app: App, made: Install) -> JSON:
    team = ctx.world.teams[made.team_id]
    out: JSON = {
        "app_id": app.id,
        "authed_user": {"id": made.installer},
        "scope": ",".join(made.scopes),
        "token_type": "bot",
        "access_token": made.token,
        "bot_user_id": made.bot_user,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    if made.refresh_token:
        out |= {"refresh_token": made.refresh_token, "expires_in": 43200}
    return out
