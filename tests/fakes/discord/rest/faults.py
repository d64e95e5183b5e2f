"""What can go wrong with a request, planned by a test: before its effect, or after it and unknown to the client."""

from __future__ import annotations

from dataclasses import dataclass, field

RESET = "reset"
"""The TCP connection is reset, nothing is answered."""


@dataclass
class Fault:
    """One plan. Counts down `times`; the first that fits is taken."""

    route: str
    """`POST /channels/{channel_id}/messages`, or `*` for all."""
    what: int | str | None
    """A status, RESET, or None (only slow)."""
    after: bool = False
    """The effect has happened all the same."""
    delay: float = 0.0
    """Seconds before the answer (after the effect, with `after`)."""
    times: int = 1
    skip: int = 0
    """So many requests pass first."""
    retry_after: float | None = None
    """A 429's wait, seconds."""
    everywhere: bool = False
    """A global 429."""
    cloudflare: bool = False
    """A 429 without Via, in HTML: a ban."""
    hits: int = 0

    def fits(self, route: str) -> bool:
        """Whether the plan concerns a route and is not used up."""
        return self.route in ("*", route) and self.hits < self.times


@dataclass
class Faults:
    """All plans, in order."""

    planned: list[Fault] = field(default_factory=list)

    def fail(self, route: str, status: int, *, after: bool = False, times: int = 1, skip: int = 0, delay: float = 0.0) -> Fault:
        """Answer with a status, before or after the effect."""
        return self._plan(Fault(route, status, after, delay, times, skip))

    def reset(self, route: str, *, after: bool = False, times: int = 1, skip: int = 0) -> Fault:
        """Reset the connection, before or after the effect."""
        return self._plan(Fault(route, RESET, after, times=times, skip=skip))

    def slow(self, route: str, seconds: float, *, times: int = 1, after: bool = False) -> Fault:
        """Answer late; the effect comes late too, unless `after`."""
        return self._plan(Fault(route, None, after, seconds, times))

    def limit(self, route: str, retry_after: float = 0.2, *, times: int = 1, everywhere: bool = False) -> Fault:
        """Answer 429, for this route or `everywhere`."""
        return self._plan(Fault(route, 429, times=times, retry_after=retry_after, everywhere=everywhere))

    def ban(self, route: str = "*", *, times: int = 1) -> Fault:
        """Answer as Cloudflare does when it has enough of an address."""
        return self._plan(Fault(route, 429, times=times, cloudflare=True))

    def take(self, route: str, *, after: bool) -> Fault | None:
        """The plan for a request at this moment, counted."""
        for fault in self.planned:
            if fault.after == after and fault.fits(route):
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.hits += 1
                return fault
        return None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.planned.clear()

    def _plan(self, fault: Fault) -> Fault:
        self.planned.append(fault)
        return fault
