"""A brain for trying things by hand: the least that fits the schema that was asked for."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.openai.request import Request

TEXT = "A short text."


def brain(request: Request) -> str:
    """JSON for a schema, `{}` for any JSON, else two bullets."""
    if request.schema_body:
        return json.dumps(least(request.schema_body, request.schema_body))
    return "{}" if request.response_format == "json_object" else "- First, a short answer.\n- Then another.\n"


def least(schema: dict[str, Any], root: dict[str, Any]) -> Any:
    """The first of an enumeration, short strings, lists as empty as may be."""
    if "$ref" in schema:
        return least(_find(schema["$ref"], root), root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for union in ("anyOf", "oneOf", "allOf"):
        if schema.get(union):
            return least(schema[union][0], root)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = kind[0]
    match kind:
        case "string":
            return TEXT.ljust(schema.get("minLength", 0), ".")[: schema.get("maxLength")]
        case "integer" | "number":
            return schema.get("minimum", min(0, schema.get("maximum", 0)))
        case "boolean":
            return False
        case "array":
            return [least(schema.get("items", {}), root) for _ in range(schema.get("minItems", 0))]
        case "null":
            return None
        case _:
            return {name: least(each, root) for name, each in schema.get("properties", {}).items()}


def _find(reference: str, root: dict[str, Any]) -> dict[str, Any]:
    part: Any = root
    for key in reference.removeprefix("#").strip("/").split("/"):
        part = part[key] if key else part
    found: dict[str, Any] = part
    return found
