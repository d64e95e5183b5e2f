"""Comparing the key sets of JSON with the published shapes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

SPECS = Path(__file__).parents[3].parent / "shared" / "specs" / "slack"
CLOSED = {"blocks", "attachments", "values", "event_payload", "icons", "shares", "files", "x_files", "title_blocks", "room", "image"}
"""What these hold is free or a union of everything: only that the key is there counts."""


def published(folder: str, name: str) -> bool:
    """Whether there is a shape of that name."""
    return (SPECS / folder / f"{name}.json").exists()


def spec(name: str) -> Any:
    """One published shape; skips where the folder is absent, unless it must be there."""
    path = SPECS / f"{name}.json"
    if not path.exists() and os.environ.get("SPECS_REQUIRED") != "1":
        pytest.skip("the platforms' published descriptions are not here")
    return json.loads(path.read_text())


def keys(value: Any, at: str = "") -> set[str]:
    """Every key as a dotted path; lists count as the union of their items."""
    found: set[str] = set()
    if isinstance(value, list):
        for one in value:
            found |= keys(one, at)
    elif isinstance(value, dict):
        for name, one in value.items():
            path = f"{at}.{name}" if at else name
            found.add(path)
            if name not in CLOSED:
                found |= keys(one, path)
    return found


def difference(ours: list[Any], theirs: Any) -> tuple[set[str], set[str]]:
    """(keys that ours lack, keys that ours add); below a key that one side lacks nothing more is said."""
    mine, published = set().union(*(keys(one) for one in ours)), keys(theirs)
    return _tops(published - mine), _tops(mine - published)


def _tops(paths: set[str]) -> set[str]:
    return {one for one in paths if not any(one.startswith(f"{other}.") for other in paths)}
