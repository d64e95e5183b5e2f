"""Files: the three-step upload, files.info, and download with a bearer token."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING

from aiohttp import web

from tests.fakes.slack.errors import ApiError, missing
from tests.fakes.slack.model import JSON, File, User
from tests.fakes.slack.shapes import file_json
from tests.fakes.slack.webapi.access import writable
from tests.fakes.slack.webapi.api import Context, method
from tests.fakes.slack.webapi.chat import draft
from tests.fakes.slack.webapi.compose import Content, thread_of
from tests.fakes.slack.writing import received, rich_text

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack


@method("files.getUploadURLExternal", "files:write")
async def upload_url(ctx: Context) -> JSON:
    name, length = ctx.args.need("filename"), ctx.args.number("length", 0)
    if length <= 0:
        raise ApiError("missing_argument", messages=["[ERROR] missing required field: length"])
    alt = ctx.args.text("alt_txt")
    if len(alt) > 1000:
        raise ApiError("alt_txt_too_large")
    file = File(
        id=ctx.world.ids.make("F"),
        team_id=ctx.team.id,
        user=ctx.me,
        name=name,
        title=name,
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
        content=b"",
        created=int(ctx.world.clock.now()),
        bot=True,
        length=length,
        alt_txt=alt,
    )
    ctx.world.files[file.id] = file
    return {"upload_url": f"{ctx.world.files_url}/upload/v1/{file.id}", "file_id": file.id}


@method("files.completeUploadExternal", "files:write")
async def complete(ctx: Context) -> JSON:
    given = ctx.args.json("files")
    if not isinstance(given, list) or not given:
        raise missing("files")
    files = [_uploaded(ctx, one) for one in given]
    places = [one for one in (ctx.args.text("channels") or ctx.args.text("channel_id")).split(",") if one]
    channels = []
    for place in places:
        try:
            channels.append(writable(ctx, place))
        except ApiError as error:
            raise ApiError("invalid_channel" if error.code == "channel_not_found" and "," in place else error.code) from None
    answer = {"files": [file_json(ctx.world, one) for one in files]}
    for file in files:
        file.complete = True
    for channel in channels:
        comment = ctx.args.text("initial_comment")
        body = Content(received(comment), [rich_text(received(comment), ctx.world.ids)] if comment else [])
        message = draft(ctx, channel, body, thread_of(ctx, channel.id))
        message.files, message.subtype = list(files), "file_share"
        ctx.happenings.post(message)
    return answer


def _uploaded(ctx: Context, given: JSON) -> File:
    file = ctx.world.files.get(str(given.get("id", ""))) if isinstance(given, dict) else None
    if file is None or not file.uploaded or file.complete or file.user != ctx.me:
        raise ApiError("file_not_found")
    file.title = str(given.get("title") or file.name)
    return file


@method("files.info", "files:read")
async def info(ctx: Context) -> JSON:
    file = ctx.world.files.get(ctx.args.text("file"))
    if file is None or file.team_id != ctx.team.id or not visible(ctx.slack, file, ctx.me):
        raise ApiError("file_not_found")
    if file.deleted:
        raise ApiError("file_deleted")
    return {"file": file_json(ctx.world, file), "comments": [], "response_metadata": {"next_cursor": ""}}


def visible(slack: FakeSlack, file: File, user: str) -> bool:
    """Whose file it is, or whoever is where it was shared."""
    return file.user == user or any(user in slack.world.channel(where).members for where in file.shares)


def keep(slack: FakeSlack, user: User, name: str, content: bytes, mimetype: str = "") -> File:
    """A file that a person brings along."""
    file = File(
        id=slack.world.ids.make("F"),
        team_id=user.team_id,
        user=user.id,
        name=name,
        title=name,
        mimetype=mimetype or mimetypes.guess_type(name)[0] or "application/octet-stream",
        content=content,
        created=int(slack.clock.now()),
        uploaded=True,
        complete=True,
    )
    slack.world.files[file.id] = file
    return file


class FileServer:
    """Where bytes go up and come down."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """POST of the raw bytes, or one multipart part of them."""
        slack, id = self._slack, request.match_info["id"]
        call = slack.api.record("upload", {"file_id": id})
        fault = slack.faults.take("upload", call.args)
        if fault and not fault.after:
            broken = await slack.api.break_call(fault, call, request)
            if broken is not None:
                return broken
        file = slack.world.files.get(id)
        if file is None or file.uploaded:
            return web.Response(status=404, text="not found")
        if request.content_type == "multipart/form-data":
            part = await (await request.multipart()).next()
            file.content = bytes(await part.read()) if part is not None and hasattr(part, "read") else b""
        else:
            file.content = await request.read()
        if len(file.content) != file.length:
            slack.world.complaints.append(f"{file.name}: announced {file.length} bytes, sent {len(file.content)}")
        file.uploaded = True
        if fault and fault.after:
            broken = await slack.api.break_call(fault, call, request)
            if broken is not None:
                return broken
        return web.Response(text=f"OK - {len(file.content)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The bytes for a token that may read them; the sign-in page for anybody else."""
        slack = self._slack
        file = slack.world.files.get(request.match_info["id"].partition("-")[2])
        call = slack.api.record("download", {"file_id": file.id if file else ""})
        fault = slack.faults.take("download", call.args)
        if fault:
            broken = await slack.api.break_call(fault, call, request)
            if broken is not None:
                return broken
        try:
            token = slack.api.authenticate(request.headers.get("Authorization", "").removeprefix("Bearer ").strip())
        except ApiError:
            token = None
        install = slack.world.install_of(token.app_id, token.team_id) if token else None
        allowed = token and install and file and "files:read" in token.scopes and visible(slack, file, install.bot_user)
        if not allowed or file is None or file.deleted:
            raise web.HTTPFound("/signin")
        return web.Response(body=file.content, content_type=file.mimetype)

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        """What a download without a good token ends at: a page, with 200."""
        return web.Response(text="<!DOCTYPE html><html><title>Sign in to Slack</title></html>", content_type="text/html")
