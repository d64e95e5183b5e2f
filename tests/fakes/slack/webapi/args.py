"""The arguments of one call, however they were sent: JSON, form, multipart or query."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import BasicAuth, web

from tests.fakes.slack.errors import ApiError, missing
from tests.fakes.slack.model import JSON


class Args:
    """Typed reading of what came in."""

    def __init__(self, values: JSON) -> None:
        self.values = values

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        return default if value is None else str(value)

    def need(self, name: str) -> str:
        """A required argument."""
        value = self.text(name)
        if not value:
            raise missing(name)
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.values.get(name)
        if value is None or value == "":
            return default
        return value in (True, 1, "1", "true", "True")

    def maybe_flag(self, name: str) -> bool | None:
        return None if self.values.get(name) in (None, "") else self.flag(name)

    def number(self, name: str, default: int) -> int:
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise ApiError("invalid_arguments", messages=[f"[ERROR] must be an integer [json-pointer:/{name}]"]) from None

    def json(self, name: str, error: str = "invalid_arguments") -> Any:
        """A value given as JSON or as a string of JSON; None where absent."""
        value = self.values.get(name)
        if isinstance(value, str):
            if not value.strip():
                return None
            try:
                return json.loads(value)
            except ValueError:
                raise ApiError(error) from None
        return value

    def has(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")


async def read_args(request: web.Request) -> tuple[Args, str, list[str]]:
    """Arguments, token and warnings about the content type."""
    values: JSON = dict(request.query)
    warnings: list[str] = []
    if request.method == "POST":
        if request.content_type == "application/json":
            if "charset" not in request.headers.get("Content-Type", "").lower():
                warnings.append("missing_charset")
            raw = await request.read()
            try:
                loaded = json.loads(raw or b"{}")
            except ValueError:
                raise ApiError("invalid_json") from None
            if not isinstance(loaded, dict):
                raise ApiError("json_not_object")
            values |= loaded
        elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
            values |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
        elif request.can_read_body and await request.read():
            raise ApiError("invalid_form_data")
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        token = header.removeprefix("Bearer ").strip()
    else:
        token = str(values.get("token") or "")
        if header.startswith("Basic "):
            basic = BasicAuth.decode(header)
            values |= {"client_id": basic.login, "client_secret": basic.password}
    values.pop("token", None)
    return Args(values), token, warnings
