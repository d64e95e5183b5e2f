"""What the API says when it does not answer: a status, `{"error": …}` and headers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

INVALID = "invalid_request_error"


@dataclass(frozen=True)
class Failure:
    """An answer that is no completion."""

    status: int
    message: str
    type: str
    code: str | None = None
    param: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}


def wrong_key(given: str | None) -> Failure:
    """No key, or not the right one; what was given is not repeated."""
    if not given:
        return Failure(401, "You didn't provide an API key.", INVALID)
    return Failure(401, "Incorrect API key provided.", INVALID, "invalid_api_key")


def not_json() -> Failure:
    return Failure(400, "We could not parse the JSON body of your request.", INVALID)


def invalid(violations: list[str]) -> Failure:
    """A request that the published description forbids."""
    return Failure(400, "; ".join(violations), INVALID)


def no_such_url(method: str, path: str) -> Failure:
    return Failure(404, f"Invalid URL ({method} {path})", INVALID)


def no_such_model(name: str) -> Failure:
    return Failure(404, f"The model '{name}' does not exist", INVALID, "model_not_found", "model")


def failed_brain(error: Exception) -> Failure:
    """The test's own brain broke: not to be retried."""
    said = f"the fake's brain failed: {type(error).__name__}: {error}"
    return Failure(500, said, "server_error", "brain_failed", headers={"x-should-retry": "false"})
