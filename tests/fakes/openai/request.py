"""One request for a completion, as the brain, the faults and the tests look at it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SECRET = ("authorization", "api-key", "cookie")


@dataclass
class Request:
    """What was asked, with the headers (lower case, without the key) and the time."""

    body: dict[str, Any]
    headers: dict[str, str]
    at: float
    """Seconds since the epoch."""
    left: bool = False
    """Whether the client went away before the answer was complete."""

    @property
    def messages(self) -> list[dict[str, Any]]:
        found = self.body.get("messages")
        return found if isinstance(found, list) else []

    @property
    def model(self) -> str:
        return str(self.body.get("model", ""))

    @property
    def stream(self) -> bool:
        return self.body.get("stream") is True

    @property
    def wants_usage(self) -> bool:
        """Whether a stream shall end with its usage."""
        options = self.body.get("stream_options")
        return isinstance(options, dict) and options.get("include_usage") is True

    @property
    def response_format(self) -> str | None:
        """text, json_object, json_schema, or None."""
        asked = self.body.get("response_format")
        return str(asked.get("type")) if isinstance(asked, dict) else None

    @property
    def schema(self) -> str | None:
        """The name of the schema that the answer shall follow."""
        named = self._json_schema().get("name")
        return str(named) if named is not None else None

    @property
    def schema_body(self) -> dict[str, Any]:
        """The schema itself; empty where there is none."""
        body = self._json_schema().get("schema")
        return body if isinstance(body, dict) else {}

    @property
    def prompt(self) -> str:
        """The messages as JSON text: what tokens are counted by."""
        return json.dumps(self.messages, ensure_ascii=False, separators=(",", ":"))

    def has(self, param: str) -> bool:
        """Whether a parameter is sent: `seed`, `response_format.json_schema`."""
        part: Any = self.body
        for key in param.split("."):
            if not isinstance(part, dict) or key not in part:
                return False
            part = part[key]
        return True

    def _json_schema(self) -> dict[str, Any]:
        asked = self.body.get("response_format")
        named = asked.get("json_schema") if isinstance(asked, dict) else None
        return named if isinstance(named, dict) else {}


def without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers that may be looked at."""
    return {name.lower(): value for name, value in headers.items() if name.lower() not in SECRET}
