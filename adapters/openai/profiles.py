"""What each kind of server takes: the whole of our compatibility layer. What a server still refuses is left out from then on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

OPENAI = "https://api.openai.com/v1"
Name = Literal["openai", "compat"]


@dataclass(frozen=True)
class Profile:
    """How a request to one kind of server is put together."""

    name: Name
    cap: Literal["max_completion_tokens", "max_tokens"]
    """The one name of the output cap that it honours; a server may refuse both at once, or ignore the other silently."""
    always: Mapping[str, Any] = field(default_factory=dict)
    """Sent with every request."""
    cache_key: bool = False
    identifier: bool = False
    """Whether an opaque word for the person may be sent, against abuse."""
    context: int | None = None
    """Tokens that surely fit; None: more than any mock needs."""


PROFILES: Mapping[Name, Profile] = {
    "openai": Profile(
        name="openai",
        cap="max_completion_tokens",
        always={"reasoning_effort": "none", "verbosity": "low", "store": False},
        cache_key=True,
        identifier=True,
    ),
    "compat": Profile(name="compat", cap="max_tokens", always={"temperature": 0.2, "seed": 7}, context=8192),
}
INSTEAD = {"max_completion_tokens": "max_tokens", "max_tokens": "max_completion_tokens"}
LADDER = ("json_schema", "json_object", "text")
"""Structured output, from what binds most to what every server has."""


def profile_for(base_url: str, chosen: str = "auto") -> Profile:
    """The profile that was chosen, else the one that suits the address."""
    if chosen in ("openai", "compat"):
        return PROFILES["openai" if chosen == "openai" else "compat"]
    return PROFILES["openai" if urlsplit(base_url).hostname == urlsplit(OPENAI).hostname else "compat"]


class Abilities:
    """What this server turned out not to take. Learnt from its refusals, kept as long as the process lives."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.cap = profile.cap
        self.dropped: set[str] = set()
        self._step = 0

    @property
    def structure(self) -> str:
        """How it is asked for JSON."""
        return LADDER[self._step]

    def learn(self, param: str | None, said: str) -> bool:
        """What to leave out after a refusal; False where it names nothing that could be left out."""
        low = f"{param or ''} {said}".lower()
        if "context" in low:  # too long a request, not a parameter that it does not know
            return False
        if ("response_format" in low or "json_schema" in low or "json_object" in low) and self._step + 1 < len(LADDER):
            self._step += 1
            return True
        if self.cap in low and "cap" not in self.dropped:
            self.cap = INSTEAD[self.cap]  # type: ignore[assignment]
            self.dropped.add("cap")
            return True
        for name in (*self.profile.always, "prompt_cache_key", "safety_identifier", "stream_options"):
            # that nothing is to be kept, and whom it is for, is left out only where the server names it itself
            meant = param == name or (name not in ("store", "safety_identifier") and re.search(rf"\b{name}\b", low))
            if meant and name not in self.dropped:
                self.dropped.add(name)
                return True
        return False
