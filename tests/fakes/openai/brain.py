"""Who thinks of the answers: the test."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from typing import Any

from tests.fakes.openai.request import Request

Brain = Callable[[Request], str]
"""From a request to the assistant's content; JSON text where a schema is asked for."""


class NoBrain(LookupError):
    """Nobody said what the model shall answer."""


def absent(request: Request) -> str:
    """The brain of a fake that was given none."""
    wanted = f"schema {request.schema!r}" if request.schema else "plain text"
    raise NoBrain(f"nothing to answer ({wanted}, {len(request.messages)} messages): set server.brain or call server.says(...)")


class Script:
    """Contents in order; the brain answers when they are used up."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque()

    def add(self, *contents: Any) -> None:
        """Text as it is; anything else as JSON."""
        self._lines.extend(each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in contents)

    def next(self, request: Request, brain: Brain) -> str:
        return self._lines.popleft() if self._lines else brain(request)

    def __len__(self) -> int:
        return len(self._lines)
