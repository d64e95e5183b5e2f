"""Whatever the library, the network or a server may raise, as one of our few kinds of trouble."""

from __future__ import annotations

import json

import openai
from pydantic import ValidationError

from core.errors import ModelError, Trouble

CATCH = (openai.OpenAIError, ValidationError, json.JSONDecodeError, TimeoutError, UnicodeDecodeError)
"""Not all that can go wrong descends from the library's own error."""
BUSY, NOT_FOUND = 429, 404


def kind_of(error: BaseException) -> Trouble:
    """What it means for us."""
    if isinstance(error, ModelError):
        return error.kind
    if isinstance(error, (TimeoutError, openai.APITimeoutError)):
        return "slow"
    if isinstance(error, (openai.AuthenticationError, openai.PermissionDeniedError)):
        return "key"
    if isinstance(error, openai.NotFoundError):
        return "name"
    if isinstance(error, openai.RateLimitError):
        return "quota" if error.code == "insufficient_quota" else "busy"
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return "refused"
    if isinstance(error, (openai.BadRequestError, openai.UnprocessableEntityError, ValidationError, json.JSONDecodeError)):
        return "garbled"
    if isinstance(error, (openai.APIConnectionError, openai.InternalServerError)):
        return "away"
    return "away" if isinstance(error, openai.APIError) else "garbled"
