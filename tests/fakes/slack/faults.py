"""What goes wrong on purpose: in Web API calls, and in what Slack delivers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

When = Callable[[Mapping[str, Any]], bool]


@dataclass
class Fault:
    """One thing to go wrong in a Web API call."""

    does: Literal["status", "drop", "error", "slow"]
    after: bool = False
    """Whether the call has its effect first."""
    status: int = 500
    error: str = ""
    seconds: float = 0.0
    retry_after: int = 0
    times: int = 1
    when: When | None = None

    def name(self) -> str:
        what = self.error if self.does == "error" else str(self.status) if self.does == "status" else self.does
        return f"{what} {'after' if self.after else 'before'} the effect"


class Faults:
    """Queued per method; `*` is any method. Each counts down its `times` and is gone."""

    def __init__(self) -> None:
        self._calls: dict[str, list[Fault]] = {}
        self.lost_acks = 0
        """How many acknowledgements from now on get lost on the way to Slack."""
        self.twins = 0
        """How many events from now on arrive in two envelopes at once."""
        self.signature_skew = 0.0
        """Seconds added to the timestamp of signed requests."""
        self.bad_signatures = 0
        """How many requests from now on carry a wrong signature."""
        self.refused_sockets = 0
        """How many WebSocket handshakes from now on fail."""
        self.history_lag = 0.0
        """Seconds until a new message shows in conversations.history and .replies."""

    def add(self, method: str, fault: Fault) -> Fault:
        self._calls.setdefault(method, []).append(fault)
        return fault

    def rate_limited(self, method: str = "*", *, retry_after: int = 30, times: int = 1, when: When | None = None) -> Fault:
        """429 with Retry-After; nothing happens."""
        return self.add(method, Fault("status", status=429, retry_after=retry_after, times=times, when=when))

    def server_error(self, method: str = "*", *, status: int = 503, after: bool = False, times: int = 1, when: When | None = None) -> Fault:
        """5xx, before or after the effect."""
        return self.add(method, Fault("status", after, status=status, times=times, when=when))

    def drop(self, method: str = "*", *, after: bool = True, times: int = 1, when: When | None = None) -> Fault:
        """The connection breaks without an answer, before or after the effect."""
        return self.add(method, Fault("drop", after, times=times, when=when))

    def slow(self, method: str = "*", *, seconds: float, after: bool = True, times: int = 1, when: When | None = None) -> Fault:
        """The answer (or, before the effect, everything) takes its time: real seconds."""
        return self.add(method, Fault("slow", after, seconds=seconds, times=times, when=when))

    def error(
        self, method: str = "*", error: str = "fatal_error", *, after: bool = True, times: int = 1, when: When | None = None
    ) -> Fault:
        """`ok: false` with a code; `fatal_error` and `internal_error` may come after the effect."""
        return self.add(method, Fault("error", after, error=error, times=times, when=when))

    def take(self, method: str, args: Mapping[str, Any]) -> Fault | None:
        """The fault that this call meets."""
        for key in (method, "*"):
            for fault in self._calls.get(key, []):
                if fault.when and not fault.when(args):
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self._calls[key].remove(fault)
                return fault
        return None

    def lose_ack(self, times: int = 1) -> None:
        """Acknowledgements that never arrive: Slack delivers again."""
        self.lost_acks += times

    def twin(self, times: int = 1) -> None:
        """The same event, same event_id, in two envelopes at the same moment."""
        self.twins += times

    def clear(self) -> None:
        self.__init__()  # type: ignore[misc]

    def spend(self, name: str) -> bool:
        """Count one of the delivery faults down."""
        left = int(getattr(self, name))
        if left > 0:
            setattr(self, name, left - 1)
        return left > 0
