"""How a Web API call fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class ApiError(Exception):
    """`{"ok": false, "error": code}` with HTTP 200, as Slack answers."""

    def __init__(self, code: str, *, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = dict(extra)
        if messages:
            self.extra["response_metadata"] = {"messages": list(messages)}

    def body(self) -> dict[str, Any]:
        return {"ok": False, "error": self.code, **self.extra}


class RateLimited(ApiError):
    """HTTP 429 with `Retry-After` in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


def missing(*fields: str) -> ApiError:
    """A required argument was not given."""
    return ApiError("invalid_arguments", messages=[f"[ERROR] missing required field: {name}" for name in fields])
