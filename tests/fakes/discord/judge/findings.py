"""From a validator's errors to sentences that point at the one place that is wrong, in Discord's own words where it has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Finding = tuple[str, str]
"""Path in the body (`components.0.label`), what is wrong."""


def explain(errors: Iterable[Any]) -> list[Finding]:
    """One finding per error; of a union's error those of the branch that was meant."""
    found: list[Finding] = []
    for error in errors:
        found += _explain(error)
    return found


def _explain(error: Any) -> list[Finding]:
    kind = error.kind
    branches = getattr(kind, "context", None)
    if branches:
        meant = min(branches, key=lambda branch: _distance(error, branch))
        if _distance(error, meant)[0] == 0:
            return explain(meant)
    path = list(map(str, error.instance_path))
    if kind.name == "required":
        return [(".".join([*path, kind.property]), "This field is required")]
    if kind.name == "maxLength":
        return [(".".join(path), f"Must be {kind.limit} or fewer in length.")]
    return [(".".join(path), error.message[:200])]


def _distance(error: Any, branch: list[Any]) -> tuple[int, int]:
    """How far a branch is from what was meant: first whether `type` fits, then how much else is wrong."""
    here = list(error.instance_path)
    other_kind = any(
        (list(each.instance_path) == [*here, "type"] and each.kind.name in ("enum", "constant", "const"))
        or (list(each.instance_path) == here and each.kind.name == "type")
        for each in branch
    )
    return int(other_kind), len(branch)
