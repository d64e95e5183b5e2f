"""Who one is, where one is: auth.*, team.info, bots.info, users.*, apps.*."""

from __future__ import annotations

from tests.fakes.slack.errors import ApiError
from tests.fakes.slack.model import JSON, User
from tests.fakes.slack.shapes import user_json
from tests.fakes.slack.webapi.access import page
from tests.fakes.slack.webapi.api import Context, method


@method("auth.test", kinds=("bot", "user", "app"))
async def auth_test(ctx: Context) -> JSON:
    if ctx.token.kind == "app":
        return {"app_name": ctx.app.name, "app_id": ctx.app.id}
    bot = ctx.install
    out: JSON = {
        "url": f"https://{ctx.team.domain}.slack.com/",
        "team": ctx.team.name,
        "user": ctx.team.users[bot.bot_user].name,
        "team_id": ctx.team.id,
        "user_id": bot.bot_user,
        "bot_id": bot.bot_id,
        "is_enterprise_install": False,
    }
    if ctx.token.expires_at is not None:
        out["expires_in"] = int(ctx.token.expires_at - ctx.world.clock.now())
    return out


@method("auth.revoke")
async def auth_revoke(ctx: Context) -> JSON:
    if ctx.args.flag("test"):
        return {"revoked": False}
    ctx.slack.revoke_token(ctx.token.value)
    return {"revoked": True}


@method("apps.connections.open", "connections:write", kinds=("app",))
async def connections_open(ctx: Context) -> JSON:
    if not ctx.app.socket_mode:
        raise ApiError("forbidden_team", messages=["[ERROR] Socket Mode is not turned on"])
    return {"url": ctx.slack.sockets.url(ctx.app.id)}


@method("apps.uninstall")
async def apps_uninstall(ctx: Context) -> JSON:
    app = next((one for one in ctx.world.apps.values() if one.client_id == ctx.args.text("client_id")), None)
    if app is None:
        raise ApiError("invalid_client_id")
    if app.client_secret != ctx.args.text("client_secret"):
        raise ApiError("bad_client_secret")
    if app.id != ctx.app.id:
        raise ApiError("client_id_token_mismatch")
    ctx.slack.uninstall(ctx.team.id, app=app)
    return {}


@method("team.info", "team:read")
async def team_info(ctx: Context) -> JSON:
    team = ctx.team
    wanted = ctx.args.text("team")
    if wanted and wanted != team.id:
        raise ApiError("team_not_found")
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "url": f"https://{team.domain}.slack.com/",
            "domain": team.domain,
            "email_domain": "",
            "icon": {"image_default": True},
            "avatar_base_url": "https://ca.slack-edge.com/",
            "is_verified": False,
        }
    }


@method("bots.info", "users:read")
async def bots_info(ctx: Context) -> JSON:
    wanted = ctx.args.text("bot")
    install = next((one for one in ctx.world.installs if one.team_id == ctx.team.id and one.bot_id == wanted), None)
    if install is None:
        raise ApiError("bot_not_found")
    app = ctx.world.apps[install.app_id]
    return {
        "bot": {
            "id": install.bot_id,
            "deleted": not install.active,
            "name": app.name,
            "updated": int(ctx.world.clock.now()),
            "app_id": app.id,
            "user_id": install.bot_user,
            "icons": {f"image_{size}": f"https://a.slack-edge.com/bot_{size}.png" for size in (36, 48, 72)},
        }
    }


def _shown(ctx: Context, user: User) -> JSON:
    return user_json(user, locale=ctx.args.flag("include_locale"), email="users:read.email" in ctx.token.scopes)


@method("users.info", "users:read")
async def users_info(ctx: Context) -> JSON:
    user = ctx.team.users.get(ctx.args.text("user"))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": _shown(ctx, user)}


@method("users.list", "users:read")
async def users_list(ctx: Context) -> JSON:
    members = [_shown(ctx, one) for one in ctx.team.users.values()]
    shown, following = page(members, ctx.args.text("cursor"), ctx.args.number("limit", 1000) or 1000, "user")
    return {"members": shown, "cache_ts": int(ctx.world.clock.now()), "response_metadata": {"next_cursor": following}}
