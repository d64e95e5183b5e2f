"""views.open, push, update, publish and blocks.validate."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.slack.blockkit.blocks import IN_MESSAGES
from tests.fakes.slack.blockkit.check import MESSAGE_BLOCKS, check_view, problems_of, view_problems
from tests.fakes.slack.blockkit.rules import Problems
from tests.fakes.slack.errors import ApiError, missing
from tests.fakes.slack.forms import open_view, put_view, show_update
from tests.fakes.slack.model import JSON, View
from tests.fakes.slack.shapes import view_json
from tests.fakes.slack.webapi.api import Context, method


def _body(ctx: Context, *types: str) -> JSON:
    view = ctx.args.values.get("view")
    if view in (None, ""):
        raise missing("view")
    return check_view(view, *types)


def _external(ctx: Context, body: JSON, but: str = "") -> None:
    wanted = body.get("external_id")
    if wanted and any(one.external_id == wanted and one.open and one.id != but for one in ctx.world.views.values()):
        raise ApiError("duplicate_external_id")


def _trigger(ctx: Context) -> str:
    return ctx.args.text("trigger_id") or ctx.args.text("interactivity_pointer")


@method("views.open")
async def open_(ctx: Context) -> JSON:
    body = _body(ctx, "modal")
    _external(ctx, body)
    trigger = ctx.world.exchange(_trigger(ctx), ctx.app.id)
    view = open_view(ctx.world, ctx.app.id, ctx.team.id, trigger.user, body)
    return {"view": view_json(ctx.world, view)}


@method("views.push")
async def push(ctx: Context) -> JSON:
    body = _body(ctx, "modal")
    _external(ctx, body)
    trigger = ctx.world.exchange(_trigger(ctx), ctx.app.id)
    if not trigger.view or not ctx.world.stack(ctx.app.id, trigger.user):
        raise ApiError("not_found")
    view = put_view(ctx.world, ctx.app.id, ctx.team.id, trigger.user, body)
    return {"view": view_json(ctx.world, view)}


@method("views.update")
async def update(ctx: Context) -> JSON:
    body = _body(ctx, "modal", "home")
    if not ctx.args.has("view_id") and not ctx.args.has("external_id"):
        raise missing("view_id")
    view = _open_one(ctx)
    _external(ctx, body, view.id)
    if ctx.args.has("hash") and ctx.args.text("hash") != view.hash:
        raise ApiError("hash_conflict", view=view_json(ctx.world, view))
    show_update(ctx.world, view, body)
    return {"view": view_json(ctx.world, view)}


def _open_one(ctx: Context) -> View:
    for view in ctx.world.views.values():
        if view.app_id == ctx.app.id and view.team_id == ctx.team.id and view.open:
            if ctx.args.has("view_id") and view.id == ctx.args.text("view_id"):
                return view
            if not ctx.args.has("view_id") and view.external_id == ctx.args.text("external_id"):
                return view
    raise ApiError("not_found")


@method("views.publish")
async def publish(ctx: Context) -> JSON:
    body = _body(ctx, "home")
    user = ctx.team.users.get(ctx.args.need("user_id"))
    if user is None or user.is_bot:
        raise ApiError("invalid_arguments", messages=["[ERROR] invalid user [json-pointer:/user_id]"])
    if not ctx.app.home_tab:
        raise ApiError("not_enabled")
    key = (ctx.app.id, user.id)
    known = ctx.world.views.get(ctx.world.homes.get(key, ""))
    _external(ctx, body, known.id if known else "")
    if known is None:
        known = View(ctx.world.ids.make("V"), ctx.team.id, ctx.app.id, user.id, body)
        known.root = known.id
        ctx.world.views[known.id] = known
        ctx.world.homes[key] = known.id
    elif ctx.args.has("hash") and ctx.args.text("hash") != known.hash:
        raise ApiError("hash_conflict", view=view_json(ctx.world, known))
    show_update(ctx.world, known, body)
    return {"view": view_json(ctx.world, known)}


@method("blocks.validate")
async def validate(ctx: Context) -> JSON:
    given = [name for name in ("blocks", "message", "view") if ctx.args.has(name)]
    if len(given) != 1:
        raise ApiError("invalid_arguments", messages=["[ERROR] provide exactly one of blocks, message or view"])
    name = given[0]
    value: Any = ctx.args.values[name]
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise ApiError("invalid_arguments", messages=[f"[ERROR] invalid JSON [json-pointer:/{name}]"]) from None
    if name == "view":
        problems: Problems = view_problems(value, "")
    elif name == "message":
        problems = problems_of(value.get("blocks", []), "/blocks", MESSAGE_BLOCKS, IN_MESSAGES)
    else:
        problems = problems_of(value, "", MESSAGE_BLOCKS, IN_MESSAGES)
    if problems:
        errors = [{"pointer": one.pointer, "code": one.code, "message": one.message} for one in problems.found]
        raise ApiError(f"invalid_{name}", errors=errors)
    return {}
