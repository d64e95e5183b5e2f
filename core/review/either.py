"""Many expressions as one, put together so that a search through it stays quick."""

from __future__ import annotations

import re
from collections.abc import Iterable

_OPENINGS = ("^", r"\b")


def either(lines: Iterable[str]) -> re.Pattern[str]:
    """Matches where any of the lines does.

    What many lines open with is tried once for all of them: most places of a text are no beginning of a word, and need no look at
    a hundred alternatives.
    """
    groups: dict[str, list[str]] = {}
    for line in lines:
        opening = next((opening for opening in _OPENINGS if line.startswith(opening) and not _splits(line)), "")
        groups.setdefault(opening, []).append(line.removeprefix(opening))
    return re.compile("|".join(f"{opening}(?:{'|'.join(rest)})" for opening, rest in groups.items()))


def _splits(line: str) -> bool:
    """Whether the line is alternatives itself, outside any bracket: then its opening is not that of all of them."""
    depth = 0
    for sign in re.sub(r"\\.|\[(?:\\.|[^\]\\])+\]", "", line):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            return True
    return False
