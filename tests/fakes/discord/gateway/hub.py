"""All sessions and connections of the gateway; identify limits; and what can go wrong with them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.core.ids import bot_token
from tests.fakes.discord.core.world import Event, World
from tests.fakes.discord.gateway.session import Session
from tests.fakes.discord.judge.events import judge_event
from tests.fakes.discord.judge.spec import Judge
from tests.fakes.discord.judge.verdicts import Verdicts
from tests.fakes.discord.payloads.people import myself

if TYPE_CHECKING:
    from tests.fakes.discord.gateway.socket import Connection


class Hub:
    """What a test drives: `drop`, `reconnect`, `invalidate`, `outage`, `restore`, `losing`, `duplicate`."""

    def __init__(self, world: World, judge: Judge | None, verdicts: Verdicts) -> None:
        self._world = world
        self._judge = judge
        self._verdicts = verdicts
        self.sessions: dict[str, Session] = {}
        self.connections: list[Connection] = []
        self.heartbeat_interval = 41_250
        """Milliseconds."""
        self.identify_window = 0.2
        """Seconds in which `max_concurrency` identifies per key are allowed. Discord's is 5; set that to see it bite."""
        self._identified: dict[int, float] = {}
        self.answers_heartbeats = True
        """False: a zombie connection."""
        self.is_down = False
        self.presences: list[dict[str, Any]] = []
        """Presence updates that the bot sent."""
        self.identifies: list[dict[str, Any]] = []
        """Every IDENTIFY that succeeded."""
        self.resumes = 0
        self.closed: list[int] = []
        """Codes with which the fake closed a connection."""
        self._losing = False
        self._doubles: list[str | None] = []
        world.listeners.append(self.tell)

    # Events ---------------------------------------------------------------------------------------------------------------

    def tell(self, event: Event) -> None:
        """Send an event to every session that may know of it."""
        if self._losing:
            return
        for session in list(self.sessions.values()):
            if session.expired(self._world.clock.now()):
                continue
            body = session.cut(event)
            if body is None:
                continue
            self._look(event.name, body)
            session.push(event.name, body)
            if self._doubles and self._doubles[0] in (None, event.name):
                self._doubles.pop(0)
                session.push(event.name, body)

    def _look(self, name: str, body: dict[str, Any]) -> None:
        if self._judge is not None:
            violations, lints = judge_event(self._judge, name, body)
            self._verdicts.add("violation", "fake", name, violations)
            self._verdicts.add("lint", "fake", name, lints)

    # Sessions -------------------------------------------------------------------------------------------------------------

    def start(self, connection: Connection, asked: dict[str, Any], shard: tuple[int, int]) -> Session:
        """A new session: READY, then its guilds."""
        session = Session(self._world, asked["intents"], shard, asked["token"], line=connection)
        self.sessions[session.id] = session
        self.identifies.append(asked)
        guilds = [guild for guild in self._world.joined_guilds() if session.covers(guild.id)]
        session.push(
            "READY",
            {
                "v": 10,
                "user": myself(self._world.bot),
                "user_settings": {},
                "session_type": "normal",
                "session_id": session.id,
                "resume_gateway_url": self._world.gateway_url.replace("/gateway", "/resume"),
                "shard": list(shard),
                "application": {"id": str(self._world.application.id), "flags": self._world.application.flags},
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "private_channels": [],
                "relationships": [],
                "presences": [],
                "geo_ordered_rtc_regions": [],
                "guild_join_requests": [],
                "auth": {},
                "_trace": ["fake"],
            },
        )
        for guild in guilds:
            body = session.cut(Event("GUILD_CREATE", {}, guild.id)) if guild.available else None
            if body is not None:
                self._look("GUILD_CREATE", body)
                session.push("GUILD_CREATE", body)
        return session

    def may_identify(self, shard_id: int) -> bool:
        """One per key and window, and a thousand a day, after which the token is reset."""
        starts, now = self._world.starts, self._world.clock.now()
        if starts.until is not None and now >= starts.until:
            starts.remaining, starts.until = 1000, None
        starts.until = starts.until or now + timedelta(days=1)
        tick = asyncio.get_running_loop().time()
        key = shard_id % starts.max_concurrency
        if tick - self._identified.get(key, -1e9) < self.identify_window:
            return False
        if starts.remaining <= 0:
            self.reset_token()
            return False
        self._identified[key] = tick
        starts.remaining -= 1
        return True

    def reset_token(self) -> str:
        """A new token; whoever uses the old one gets 401 and 4004. Running sessions end."""
        self._world.application.token = bot_token(self._world.application.id)
        for session in self.sessions.values():
            session.dead = True
        for connection in list(self.connections):
            connection.close(4004, "Authentication failed.")
        return self._world.application.token

    @property
    def live(self) -> list[Session]:
        """Sessions with a connection."""
        return [session for session in self.sessions.values() if session.line is not None]

    # Faults ---------------------------------------------------------------------------------------------------------------

    def drop(self, code: int | None = None) -> None:
        """Every connection breaks: with a close code, or just so."""
        for connection in list(self.connections):
            if code is None:
                connection.abort()
            else:
                connection.close(code, "")

    def reconnect(self) -> None:
        """Op 7: please come back and resume."""
        for connection in list(self.connections):
            connection.op(7, None)

    def invalidate(self, *, resumable: bool) -> None:
        """Op 9. Not resumable: the sessions are gone, with whatever was not yet delivered."""
        for connection in list(self.connections):
            if connection.session is not None and not resumable:
                connection.session.dead = True
                connection.session.line = None
            connection.op(9, resumable)

    def forget(self) -> None:
        """The sessions expire without the client knowing: its next RESUME gets op 9 false."""
        for session in self.sessions.values():
            session.dead = True

    def outage(self) -> None:
        """Connections break and none can be made."""
        self.is_down = True
        self.drop()

    def restore(self, *, sessions: bool = False) -> None:
        """The outage ends; `sessions`: with the sessions still there, so that nothing is lost."""
        self.is_down = False
        if not sessions:
            self.forget()

    @contextmanager
    def losing(self) -> Iterator[None]:
        """Events of this while reach no session, not even by replay."""
        self._losing = True
        try:
            yield
        finally:
            self._losing = False

    def duplicate(self, name: str | None = None, *, times: int = 1) -> None:
        """The next event (of this name) is delivered twice, with two sequence numbers."""
        self._doubles += [name] * times
