"""What was sent to an app, how often, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tests.fakes.slack.model import JSON

DeliveryKind = Literal["events_api", "slash_commands", "interactive"]


@dataclass
class Timing:
    """Seconds on the fake's clock."""

    ack: float = 3.0
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    disconnect_grace: float = 10.0
    ping: float = 10.0
    stream: float = 300.0
    session: float = 3600.0
    status: float = 120.0


@dataclass
class Attempt:
    """One time that Slack sent it."""

    number: int
    envelope_id: str
    at: float
    outcome: str = "waiting"


@dataclass
class Delivery:
    """One event, command or interaction on its way to one app."""

    app_id: str
    kind: DeliveryKind
    payload: JSON
    event_id: str = ""
    accepts_response: bool = False
    url: str = ""
    attempts: list[Attempt] = field(default_factory=list)
    acked: bool = False
    over: bool = False
    answer: JSON | None = None

    @property
    def outcomes(self) -> list[str]:
        """What each attempt came to: acked, waiting, or why not."""
        return [one.outcome for one in self.attempts]

    @property
    def type(self) -> str:
        """The inner event's type, the interaction's type, or the command."""
        if self.kind == "events_api":
            return str(self.payload.get("event", {}).get("type", self.payload.get("type")))
        return str(self.payload.get("type") or self.payload.get("command"))


@dataclass
class Outcome:
    """What one attempt came to."""

    ok: bool
    reason: str = ""
    payload: JSON | None = None
    status: int = 200
    retry: bool = True


@dataclass
class Answer:
    """How the app answered a person's act, as the person notices it."""

    acked: bool = False
    payload: JSON = field(default_factory=dict)
    error: str = ""
    """What Slack shows where the act failed: a refusal, a time-out, the app's error."""
    errors: dict[str, str] = field(default_factory=dict)
    """A form's field errors: block_id → text."""
    sent: bool = True
    """False: Slack's client refused before anything reached the app."""

    @property
    def ok(self) -> bool:
        return self.acked and not self.error and not self.errors
