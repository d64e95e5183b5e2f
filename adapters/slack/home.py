"""The App Home: one next step, today's question, progress, settings; and what to ask in the Messages tab."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import count
from time import monotonic

from adapters.slack.api import call
from adapters.slack.cards import blocks
from adapters.slack.heard import PLATFORM, HomeOpened
from adapters.slack.manifest import PROMPTS
from adapters.slack.markup import Json
from adapters.slack.people import People
from adapters.slack.teams import Teams
from core.chat import Card, Kind, Message, Person, Place
from core.delivery import Log
from core.ports import Clock, Door

VIEW = 100
"""Blocks of a view."""
LOOKED = 3600.0
"""Seconds after somebody looked at their home in which it is kept up to date."""
SOON = 1.0
"""Seconds that changes are gathered for."""
MORE = "There is more than fits here. /coach shows all of it."
PROMPT_TITLE = "Where would you like to begin?"


class Homes:
    """Publishes people's homes."""

    def __init__(self, teams: Teams, people: People, clock: Clock, log: Log, tick: Callable[[], float] = monotonic) -> None:
        self._teams = teams
        self._people = people
        self._clock = clock
        self._log = log
        self._tick = tick
        self._seen: dict[tuple[str, str], float] = {}
        """When somebody looked last."""
        self._shown: dict[tuple[str, str], list[Json]] = {}
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def opened(self, home: HomeOpened, door: Door) -> None:
        """Somebody looks. Whatever goes wrong is noted and no more: they see the older one, or Slack's own."""
        try:
            if home.tab == "messages":
                client = await self._teams.client(home.team)
                prompts = [dict(prompt) for prompt in PROMPTS]
                await call(client.assistant_threads_setSuggestedPrompts(channel_id=home.channel, prompts=prompts, title=PROMPT_TITLE))
            else:
                self._seen[(home.team, home.user)] = self._tick()
                await self.publish(home.team, home.user, door)
        except Exception as error:
            self._log("slack_home_failed", tab=home.tab, error=error)

    def touched(self, team: str, user: str, door: Door) -> None:
        """Something about them changed: the home they look at says so in a moment."""
        key = (team, user)
        if self._tick() - self._seen.get(key, float("-inf")) < LOOKED and key not in self._tasks:
            task = self._tasks[key] = asyncio.create_task(self._again(key, door))
            task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def publish(self, team: str, user: str, door: Door) -> None:
        """What their home says now, where that is not what it says already."""
        person = await self._people.who(team, user)
        now = self._clock.now()
        author = Person(key=f"{PLATFORM}:{team}:{user}", id=user, name=person.name or user, zone=person.zone, may_manage=person.may_manage)
        place = Place.dm(PLATFORM, team, user)
        message = Message(id=f"{PLATFORM}:{team}:home:{user}", place=place, author=author, kind=Kind.LIFECYCLE, text="home", sent_at=now)
        drawn = draw(await door.home(message))
        if self._shown.get((team, user)) != drawn:
            client = await self._teams.client(team)
            await call(client.views_publish(user_id=user, view={"type": "home", "blocks": drawn}))
            self._shown[(team, user)] = drawn

    async def close(self) -> None:
        """No more of it."""
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _again(self, key: tuple[str, str], door: Door) -> None:
        await asyncio.sleep(SOON)
        try:
            await self.publish(*key, door)
        except Exception as error:
            self._log("slack_home_failed", tab="home", error=error)


def draw(cards: Sequence[Card]) -> list[Json]:
    """The cards one below the other; what does not fit is said not to."""
    number = count()
    drawn: list[Json] = []
    for card in cards:
        more = [*([{"type": "divider"}] if drawn else []), *blocks(card, surface="view", number=number)]
        if len(drawn) + len(more) > VIEW - 1:
            return [*drawn, *blocks(Card(text=MORE), surface="view")]
        drawn += more
    return drawn
