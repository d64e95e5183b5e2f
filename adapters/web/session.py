"""Who is in front of the page.

Without a password, which only a loopback address may go without, the page is a simulator: a window says who it is.
With one, a signed cookie says it, and a window is that person and nobody else.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import math
from collections import defaultdict, deque
from datetime import datetime, timedelta

from aiohttp import web

from adapters.web.history import Someone
from adapters.web.rooms import someone
from core.errors import CoachError, NotAllowed
from core.ports import Clock

COOKIE = "loopcoach"
LASTS = timedelta(days=30)
FAILURES = 5
"""Wrong passwords that one address may send in `WINDOW`."""
WINDOW = timedelta(minutes=1)


class Sessions:
    """Tells who asks, and lets people in."""

    def __init__(self, clock: Clock, password: str | None = None) -> None:
        self._clock = clock
        self._key = _derive(password) if password else None
        self._failures: defaultdict[str, deque[datetime]] = defaultdict(deque)

    @property
    def free(self) -> bool:
        """Whether a window may be whoever it says."""
        return self._key is None

    def who(self, request: web.Request) -> Someone | None:
        """Whose valid cookie the request carries."""
        name, _, rest = request.cookies.get(COOKIE, "").partition(".")
        since, _, signature = rest.partition(".")
        if self._key is None or not hmac.compare_digest(signature.encode(), self._sign(f"{name}.{since}").encode()):
            return None
        age = self._clock.now().timestamp() - int(since)
        return someone(base64.urlsafe_b64decode(name).decode()) if age < LASTS.total_seconds() else None

    def reads_as(self, request: web.Request) -> str | None:
        """Key of who reads a picture or a file; None where nobody is logged in."""
        if self.free:
            return request.query.get("as", "")
        return me.key if (me := self.who(request)) else None

    async def login(self, name: str, password: str, peer: str) -> str:
        """A cookie for whoever knows the password. CoachError says what to do."""
        me = someone(name)
        self._hold_back(peer)
        self._failures[peer].append(self._clock.now())  # until shown otherwise, so that many at once count too
        given = await asyncio.to_thread(_derive, password)
        if self._key is None or not hmac.compare_digest(self._key, given):
            raise NotAllowed("That is not the password. Ask whoever runs this page.")
        self._failures.pop(peer, None)
        value = f"{base64.urlsafe_b64encode(me.name.encode()).decode()}.{int(self._clock.now().timestamp())}"
        return f"{value}.{self._sign(value)}"

    def _hold_back(self, peer: str) -> None:
        start = self._clock.now() - WINDOW
        for known, times in list(self._failures.items()):
            while times and times[0] <= start:
                times.popleft()
            if not times:
                del self._failures[known]
        if len(times := self._failures.get(peer, deque())) >= FAILURES:
            raise CoachError(f"Too many wrong passwords. Try again in {math.ceil((times[0] - start).total_seconds())} seconds.")

    def _sign(self, value: str) -> str:
        return hmac.new(self._key or b"", value.encode(), hashlib.sha256).hexdigest()


def _derive(password: str) -> bytes:
    """The signing key. Slow on purpose (tens of milliseconds), so that a stolen cookie does not give the password away."""
    return hashlib.scrypt(password.encode(), salt=b"loopcoach practice page", n=2**14, r=8, p=1)
