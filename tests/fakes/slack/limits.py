"""How much may be called: tiers per method and workspace, one message a second and channel, 15 objects a minute."""

from __future__ import annotations

import math
from collections import defaultdict, deque

from tests.fakes.slack.clock import Clock
from tests.fakes.slack.errors import RateLimited

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
METHOD_TIERS = {
    "agents.sessions.rename": 3,
    "agents.sessions.setStatus": 3,
    "apps.connections.open": 3,
    "apps.uninstall": 1,
    "assistant.threads.setSuggestedPrompts": 3,
    "assistant.threads.setTitle": 3,
    "auth.revoke": 3,
    "bots.info": 3,
    "chat.appendStream": 4,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.startStream": 2,
    "chat.stopStream": 2,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.join": 3,
    "conversations.leave": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "reactions.add": 3,
    "reactions.remove": 2,
    "team.info": 3,
    "users.info": 4,
    "users.list": 2,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}


class Limits:
    """Raises `RateLimited`. Everything can be set, and switched off, by a test."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: dict[tuple[str, str, str], deque[float]] = defaultdict(deque)
        self._budget: dict[tuple[str, str], tuple[float, float]] = {}
        self.on = True
        self.posts_per_second = 1.0
        self.post_burst = 3
        self.commercial = False
        """A commercially distributed app that is not in the Marketplace: history and replies 1 a minute, 15 objects."""
        self.long_text = "refuse"
        """`text` over 40,000: "refuse" (msg_too_long) or "truncate" (ok, with the warning message_truncated)."""

    @property
    def page(self) -> int:
        """The most objects that one history or replies call gives."""
        return 15 if self.commercial else 999

    def call(self, method: str, team: str, app: str) -> None:
        """Count one call of a method."""
        if not self.on:
            return
        per_minute = TIERS.get(METHOD_TIERS.get(method, 0), 0)
        if self.commercial and method in ("conversations.history", "conversations.replies"):
            per_minute = 1
        if not per_minute:
            return
        now = self._clock.now()
        calls = self._calls[method, team, app]
        while calls and now - calls[0] >= 60:
            calls.popleft()
        if len(calls) >= per_minute:
            raise RateLimited(max(1, math.ceil(60 - (now - calls[0]))))
        calls.append(now)

    def post(self, app: str, channel: str) -> None:
        """Count one message into a channel."""
        if not self.on:
            return
        now = self._clock.now()
        left, at = self._budget.get((app, channel), (float(self.post_burst), now))
        left = min(float(self.post_burst), left + (now - at) * self.posts_per_second)
        if left < 1 - 1e-9:
            self._budget[app, channel] = (left, now)
            raise RateLimited(max(1, math.ceil((1 - left) / self.posts_per_second)))
        self._budget[app, channel] = (left - 1, now)
