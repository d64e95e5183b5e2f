"""OpenAI's own description of its API as a judge of what is sent to the fake and of what the fake answers.

Its request schemas are open, so a misspelt key would pass: top-level keys are held against those that it names. Needs
jsonschema-rs and the description; where either is absent there is no judge.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

try:
    import jsonschema_rs
except ImportError:  # a stranger's environment
    jsonschema_rs = None  # type: ignore[assignment]

DESCRIPTION = Path(__file__).parents[3] / ".." / "shared" / "specs" / "openai.openapi.json"
REQUEST = "CreateChatCompletionRequest"


def required() -> bool:
    """Whether a missing description is a failure (CI) and not a reason to skip."""
    return os.environ.get("SPECS_REQUIRED") == "1"


class Judge:
    """Judges bodies against the description's schemas."""

    def __init__(self, description: dict[str, Any]) -> None:
        self._schemas = description["components"]["schemas"]
        document = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": {"schemas": _nullable(self._schemas)}}
        self._registry = jsonschema_rs.Registry([("urn:openai", document)])
        self._validators: dict[str, Any] = {}
        self.keys = self._keys(REQUEST)
        """What a request for a completion may have at its top."""

    def request(self, body: Any) -> list[str]:
        """What is wrong with a request for a completion, a sentence each."""
        unknown = sorted(set(body) - self.keys) if isinstance(body, dict) else []
        return self.check(REQUEST, body) + [f"{key}: there is no such parameter" for key in unknown]

    def check(self, schema: str, body: Any) -> list[str]:
        """What a named schema says about a body."""
        return _sentences(self._validator(schema).iter_errors(body))

    def _validator(self, schema: str) -> Any:
        if schema not in self._validators:
            root = {"$ref": f"urn:openai#/components/schemas/{schema}"}
            self._validators[schema] = jsonschema_rs.Draft202012Validator(root, registry=self._registry)
        return self._validators[schema]

    def _keys(self, schema: str) -> set[str]:
        """The properties of a schema and of all that it extends."""
        return self._keys_of(self._schemas[schema])

    def _keys_of(self, part: dict[str, Any]) -> set[str]:
        found = set(part.get("properties", {}))
        for each in part.get("allOf", []):
            found |= self._keys(each["$ref"].rsplit("/", 1)[-1]) if "$ref" in each else self._keys_of(each)
        return found


@functools.cache
def judge() -> Judge | None:
    """The judge, read once; None where there is no description."""
    if jsonschema_rs is None or not DESCRIPTION.exists():
        return None
    return Judge(json.loads(DESCRIPTION.read_text()))


def _nullable(part: Any) -> Any:
    """The same with `nullable: true`, a word of OpenAPI 3.0 that validators do not know, spelt out; references made absolute."""
    if isinstance(part, list):
        return [_nullable(each) for each in part]
    if not isinstance(part, dict):
        return part
    made = {key: f"urn:openai{value}" if key == "$ref" else _nullable(value) for key, value in part.items()}
    if made.get("nullable") is True:
        return {"anyOf": [{key: value for key, value in made.items() if key != "nullable"}, {"type": "null"}]}
    return made


def _sentences(errors: Iterable[Any]) -> list[str]:
    found: list[str] = []
    for error in errors:
        branches: list[list[Any]] = [each for each in getattr(error.kind, "context", []) if each]
        if branches:
            found += _sentences(_meant(error, branches))
        else:
            path = ".".join(map(str, error.instance_path))
            found.append(f"{path or 'the body'}: {error.message[:200]}")
    return found


def _meant(error: Any, branches: list[list[Any]]) -> list[Any]:
    """The errors of that branch of a union that was meant: of its kind at all, then least wrong."""
    return min(branches, key=lambda branch: (_other_kind(list(error.instance_path), branch), len(branch)))


def _other_kind(here: list[Any], branch: list[Any]) -> bool:
    """Whether what is there differs from a branch in its JSON type, or in its `type` or `role`."""
    for each in branch:
        path, word = list(each.instance_path), each.kind.name
        if (word == "type" and path == here) or (word in ("enum", "constant", "const") and path in ([*here, "type"], [*here, "role"])):
            return True
    return False
