"""A completion as the API writes it: whole, or in chunks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What the model says, before it is written down. Either content or a refusal."""

    id: str
    created: int
    model: str
    content: str | None
    refusal: str | None
    finish: str
    usage: dict[str, Any] | None

    @property
    def text(self) -> str:
        return self.content if self.content is not None else self.refusal or ""

    def whole(self) -> dict[str, Any]:
        """`chat.completion`."""
        message: dict[str, Any] = {"role": "assistant", "content": self.content, "refusal": self.refusal, "annotations": []}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish}
        usage = {} if self.usage is None else {"usage": self.usage}
        return {**self._head("chat.completion"), "choices": [choice], **usage}

    def opening(self) -> dict[str, Any]:
        """The first chunk: the role, no text yet."""
        text = {"content": ""} if self.refusal is None else {"content": None}
        return self._chunk({"role": "assistant", **text, "refusal": None})

    def pieces(self, size: int) -> Iterator[dict[str, Any]]:
        """Chunks of so many characters."""
        key = "content" if self.refusal is None else "refusal"
        for start in range(0, len(self.text), size):
            yield self._chunk({key: self.text[start : start + size]})

    def closing(self) -> dict[str, Any]:
        """The chunk with the finish_reason."""
        return self._chunk({}, self.finish)

    def final(self) -> dict[str, Any]:
        """The chunk with the usage and no choices."""
        return {**self._head("chat.completion.chunk"), "choices": [], "usage": self.usage}

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def _head(self, kind: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "service_tier": "default",
            "system_fingerprint": "fp_0000fa4e",
        }
