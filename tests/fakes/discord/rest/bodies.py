"""Reading requests: JSON, and multipart with `payload_json` and files (developers/reference#uploading-files)."""

from __future__ import annotations

import json
import mimetypes
import re
from typing import Any

from aiohttp import web

from tests.fakes.discord.core.errors import DiscordError, invalid
from tests.fakes.discord.core.ids import Snowflakes
from tests.fakes.discord.core.models import File

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes: what an app may upload into a server without boosts."""
LARGEST_REQUEST = 25 * 1024 * 1024
PART = re.compile(r"^files\[(\d+)\]$|^file(\d*)$")


async def read(request: web.Request, snowflakes: Snowflakes) -> tuple[Any, list[File]]:
    """Body and files. A request without a body gives None."""
    if (request.content_length or 0) > LARGEST_REQUEST:
        raise DiscordError(40005)
    kind = request.content_type
    if kind == "multipart/form-data":
        return await _multipart(request, snowflakes)
    raw = await request.read()
    if not raw:
        return None, []
    if kind != "application/json":
        raise DiscordError(50035, errors={"_errors": [{"code": "CONTENT_TYPE_INVALID", "message": 'Expected "Content-Type" header'}]})
    return _json(raw), []


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise DiscordError(50109) from None


async def _multipart(request: web.Request, snowflakes: Snowflakes) -> tuple[Any, list[File]]:
    body: Any = {}
    parts: list[tuple[int, str, bytes, str]] = []
    async for part in await request.multipart():
        content = bytes(await part.read(decode=True))  # type: ignore[union-attr]
        if part.name == "payload_json":
            body = _json(content)
            continue
        match = PART.match(part.name or "")
        if match is None:
            raise invalid(part.name or "", "Unexpected part in the form", "BASE_TYPE_BAD")
        if len(content) > LARGEST_FILE:
            raise DiscordError(40005)
        name = part.filename or f"file{match[1]}"  # type: ignore[union-attr]
        kind = part.headers.get("Content-Type") or mimetypes.guess_type(name)[0] or "application/octet-stream"
        parts.append((int(match[1] or match[2] or 0), name, content, kind))
    if len(parts) > 10:
        raise invalid("files", "Must be 10 or fewer in length.", "BASE_TYPE_BAD_LENGTH")
    return body, _files(body, parts, snowflakes)


def _files(body: Any, parts: list[tuple[int, str, bytes, str]], snowflakes: Snowflakes) -> list[File]:
    """Files with what `attachments` says of each: names by index in the form, description, voice data."""
    said = _attachments(body)
    made = []
    for index, name, content, kind in parts:
        about = said.get(index, {})
        kind = mimetypes.guess_type(name)[0] or kind if kind == "application/octet-stream" else kind
        made.append(
            File(
                id=snowflakes.next(),
                name=_safe(about.get("filename") or name),
                content=content,
                content_type=kind,
                description=about.get("description"),
                duration=about.get("duration_secs"),
                waveform=about.get("waveform"),
            )
        )
    return made


def _attachments(body: Any) -> dict[int, dict[str, Any]]:
    """By their index, wherever the message is in the body: at the top, in `data`, in `message`."""
    if not isinstance(body, dict):
        return {}
    for inner in (body, body.get("data"), body.get("message")):
        if isinstance(inner, dict) and isinstance(inner.get("attachments"), list):
            return {int(each["id"]): each for each in inner["attachments"] if str(each.get("id", "")).isdigit()}
    return {}


def _safe(name: str) -> str:
    """Discord keeps letters, digits, dot, dash and underscore."""
    return re.sub(r"[^\w.\-]+", "_", name)
