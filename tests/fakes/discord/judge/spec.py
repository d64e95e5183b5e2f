"""Discord's own OpenAPI description as a judge of requests and replies, on two levels.

A *violation* breaks the open schema: Discord answers 400 50035. A *lint* is a key that the schema does not know: Discord would
ignore it without a word. Needs jsonschema-rs and the description; where either is absent there is no judge.
"""

from __future__ import annotations

import functools
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.discord.judge import gaps
from tests.fakes.discord.judge.findings import Finding, explain

try:
    import jsonschema_rs
except ImportError:  # a stranger's environment
    jsonschema_rs = None  # type: ignore[assignment]

DESCRIPTION = Path(__file__).parents[4] / ".." / "shared" / "specs" / "discord.openapi.json"


def required() -> bool:
    """Whether a missing description is a failure (CI) and not a reason to skip."""
    return os.environ.get("SPECS_REQUIRED") == "1"


@dataclass(frozen=True)
class Operation:
    """One method of one path of the description."""

    method: str
    path: str
    query: dict[str, dict[str, Any]]
    request: dict[str, Any] | None
    replies: dict[str, dict[str, Any] | None]

    @property
    def depth(self) -> tuple[int, int]:
        """Fewest placeholders first: `@me` and `@original` win."""
        return (self.path.count("{"), -len(self.path))


class Judge:
    """Judges bodies against operations and schemas."""

    def __init__(self, description: dict[str, Any]) -> None:
        schemas = description["components"]["schemas"]
        self._responses = description["components"]["responses"]
        self._registries = {
            (side, strict): _registry(make(schemas), strict=strict)
            for side, make in (("request", gaps.request_schemas), ("reply", gaps.reply_schemas))
            for strict in (False, True)
        }
        self._validators: dict[tuple[str, bool, str], Any] = {}
        self.operations = sorted(self._operations(description["paths"]), key=lambda each: each.depth)

    def operation(self, method: str, template: str) -> Operation | None:
        """By the template with the description's own placeholders."""
        return next((each for each in self.operations if each.method == method and each.path == template), None)

    def request(self, schema: dict[str, Any], body: Any) -> tuple[list[Finding], list[Finding]]:
        """Violations and lints of a request's body."""
        return self._judge("request", schema, body)

    def reply(self, schema: dict[str, Any], body: Any) -> tuple[list[Finding], list[Finding]]:
        """Violations and lints of what the fake answers or sends."""
        return self._judge("reply", schema, body)

    def query(self, operation: Operation, query: dict[str, str]) -> tuple[list[Finding], list[Finding]]:
        """Violations and lints of a query string."""
        violations, lints = [], []
        for key, text in query.items():
            schema = operation.query.get(key)
            if schema is None:
                if key not in gaps.EXTRA_QUERY_KEYS.get(f"{operation.method} {operation.path}", {}):
                    lints.append((key, "unknown query parameter"))
                continue
            wrong, _ = self._judge("request", schema, _typed(schema, text))
            violations += [(key, message) for _, message in wrong]
        return violations, lints

    def _judge(self, side: str, schema: dict[str, Any], body: Any) -> tuple[list[Finding], list[Finding]]:
        open_errors = list(self._validator(side, schema, strict=False).iter_errors(body))
        if open_errors:
            return explain(open_errors), []
        return [], explain(self._validator(side, schema, strict=True).iter_errors(body))

    def _validator(self, side: str, schema: dict[str, Any], *, strict: bool) -> Any:
        key = (side, strict, json.dumps(schema, sort_keys=True))
        if key not in self._validators:
            root = _absolute(_strict(schema, frozenset()) if strict else schema)
            self._validators[key] = jsonschema_rs.Draft202012Validator(
                root, registry=self._registries[side, strict], validate_formats=True, ignore_unknown_formats=True
            )
        return self._validators[key]

    def _operations(self, paths: dict[str, Any]) -> list[Operation]:
        found = []
        for path, methods in paths.items():
            for method, body in methods.items():
                if method == "parameters":
                    continue
                query = {each["name"]: each["schema"] for each in body.get("parameters", []) if each["in"] == "query"}
                request = gaps.permissions(_json_schema(body.get("requestBody", {})))
                replies = {status: _json_schema(self._response(each)) for status, each in body["responses"].items()}
                found.append(Operation(method.upper(), path, query, request, replies))
        return found

    def _response(self, response: dict[str, Any]) -> dict[str, Any]:
        if "$ref" in response:
            named: dict[str, Any] = self._responses[response["$ref"].rsplit("/", 1)[-1]]
            return named
        return response


@functools.cache
def judge() -> Judge | None:
    """The judge, read once; None where there is no description."""
    if jsonschema_rs is None or not DESCRIPTION.exists():
        return None
    return Judge(json.loads(DESCRIPTION.read_text()))


def named(schema: str) -> dict[str, Any]:
    """A reference to one of the description's schemas."""
    return {"$ref": f"#/components/schemas/{schema}"}


def _json_schema(part: dict[str, Any]) -> dict[str, Any] | None:
    schema: dict[str, Any] | None = part.get("content", {}).get("application/json", {}).get("schema")
    return schema


def _typed(schema: dict[str, Any], text: str) -> Any:
    kinds = json.dumps(schema)
    if '"boolean"' in kinds:
        return {"true": True, "false": False, "1": True, "0": False, "True": True, "False": False}.get(text, text)
    return int(text) if '"integer"' in kinds and text.lstrip("-").isdigit() else text


def _registry(schemas: dict[str, Any], *, strict: bool) -> Any:
    inherited = frozenset(_inherited(schemas))
    made = {name: _strict(body, inherited, name) for name, body in schemas.items()} if strict else schemas
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": {"schemas": made}}
    return jsonschema_rs.Registry([("urn:discord", document)])


def _absolute(part: Any) -> Any:
    if isinstance(part, list):
        return [_absolute(each) for each in part]
    if isinstance(part, dict):
        return {key: f"urn:discord{value}" if key == "$ref" else _absolute(value) for key, value in part.items()}
    return part


def _inherited(part: Any) -> set[str]:
    """Schemas that others extend by `allOf`: they stay open, the extending one is closed."""
    found: set[str] = set()
    if isinstance(part, list):
        for each in part:
            found |= _inherited(each)
    elif isinstance(part, dict):
        for each in part.get("allOf", []):
            if "$ref" in each:
                found.add(each["$ref"].rsplit("/", 1)[-1])
        for each in part.values():
            found |= _inherited(each)
    return found


def _strict(part: Any, inherited: frozenset[str], name: str = "", *, member: bool = False) -> Any:
    """The same schema with `unevaluatedProperties: false` on every object that no `allOf` extends."""
    if isinstance(part, list):
        return [_strict(each, inherited, member=member) for each in part]
    if not isinstance(part, dict):
        return part
    made: dict[str, Any] = {}
    for key, value in part.items():
        if key == "properties":
            made[key] = {each: _strict(schema, inherited) for each, schema in value.items()}
        elif key in ("enum", "const", "required"):
            made[key] = value
        else:
            made[key] = _strict(value, inherited, member=key == "allOf")
    extends = "allOf" in part and part.get("type") == "object"
    if ("properties" in part or extends) and not member and name not in inherited and "additionalProperties" not in part:
        made["unevaluatedProperties"] = False
    return made
