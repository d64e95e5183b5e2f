"""Tokens, at four characters each, and the prompt cache."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.fakes.openai.request import Request

CHARACTERS = 4
STEP, LEAST = 128, 1024


def tokens(text: str) -> int:
    return len(text) // CHARACTERS


class PromptCache:
    """Remembers the prefixes of earlier prompts in steps of 128 tokens, apart for each model and prompt_cache_key (or none)."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str, bytes]] = set()

    def meet(self, request: Request) -> int:
        """Tokens of the longest prefix that an earlier request had too (0 below 1024); the request is remembered."""
        text, size = request.prompt, STEP * CHARACTERS
        place = (request.model, str(request.body.get("prompt_cache_key") or ""))
        seen, so_far, cached = hashlib.blake2b(digest_size=16), True, 0
        for start in range(0, len(text) - size + 1, size):
            seen.update(text[start : start + size].encode("utf-8", "surrogatepass"))
            entry = (*place, seen.digest())
            so_far = so_far and entry in self._known
            cached += STEP if so_far else 0
            self._known.add(entry)
        return cached if cached >= LEAST else 0


def usage(prompt: str, answer: str, cached: int) -> dict[str, Any]:
    """The usage object with its details."""
    asked, said = tokens(prompt), tokens(answer)
    return {
        "prompt_tokens": asked,
        "completion_tokens": said,
        "total_tokens": asked + said,
        "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }
