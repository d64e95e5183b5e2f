"""The table of routes. Templates are the description's own, so that each route finds its operation there."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.core.models import File

if TYPE_CHECKING:
    from tests.fakes.discord.core.world import World


@dataclass
class Call:
    """One request: who asks what. Ids in the path are integers."""

    world: World
    route: Route
    ids: dict[str, int]
    texts: dict[str, str]
    """Path parameters that are no ids: tokens, emoji."""
    query: dict[str, str]
    body: Any = None
    files: list[File] = field(default_factory=list)
    reason: str | None = None

    def number(self, key: str, default: int, most: int) -> int:
        """A number from the query within bounds."""
        return max(1, min(most, int(self.query.get(key, default))))


@dataclass(frozen=True)
class Reply:
    """A status and a JSON body; no body: None."""

    status: int
    body: Any = None


NOTHING = Reply(204)
Handler = Callable[[Call], Awaitable[Reply]]


@dataclass(frozen=True)
class Route:
    """A method, a template, what answers it."""

    method: str
    template: str
    handler: Handler
    open: bool
    """Needs no bot token: an interaction's own token is in the path."""
    bucket: str
    """Routes of one name share their limit; "" for none."""
    pattern: re.Pattern[str]

    @property
    def name(self) -> str:
        """How faults and counters call it: `POST /channels/{channel_id}/messages`."""
        return f"{self.method} {self.template}"

    @property
    def order(self) -> tuple[int, int]:
        """Fewest placeholders first."""
        return (self.template.count("{"), -len(self.template))


ROUTES: list[Route] = []


def route(method: str, template: str, *, open: bool = False, bucket: str | None = None) -> Callable[[Handler], Handler]:
    """Register a handler."""

    def register(handler: Handler) -> Handler:
        pattern = re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template) + "$")
        name = f"{method} {template}" if bucket is None else bucket
        ROUTES.append(Route(method, template, handler, open, name, pattern))
        ROUTES.sort(key=lambda each: each.order)
        return handler

    return register


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a path, and its parameters."""
    for each in ROUTES:
        if each.method == method:
            match = each.pattern.match(path)
            if match is not None:
                return each, match.groupdict()
    return None


def known(path: str) -> bool:
    """Whether any method has this path (405 and not 404)."""
    return any(each.pattern.match(path) for each in ROUTES)
