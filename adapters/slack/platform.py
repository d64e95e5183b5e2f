"""Slack as a platform: what the coach says becomes messages, and for whom it is decides which sort of message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.live import Live
from adapters.slack import files
from adapters.slack.api import Api, Left, Missing, Streaming, Unfit, call
from adapters.slack.cards import blocks, fallback
from adapters.slack.fitting import fit
from adapters.slack.heard import PLATFORM
from adapters.slack.looking import Found, Lookout, Spot, metadata
from adapters.slack.markup import Json
from adapters.slack.people import DirectMessages
from adapters.slack.signs import Signs
from adapters.slack.streaming import BEAT, Streams
from adapters.slack.teams import Teams
from core.chat import Attachment, Button, Card, Chart, Place, Post, Receipt
from core.errors import Refused, RetryLater, Uncertain
from core.ports import Absent, CannotTell, Clock, Door
from core.records import short_id

PRIVATE = "~"
"""What the receipt of an ephemeral message begins with: it can be neither found nor changed."""
PICTURES = 3
"""How often Slack may refuse a picture that it has just been given, until the words stand for it."""
REMEMBERED = 5000
CLOSED = "I cannot write to you directly, so here it is, only for you. It waits for a month."


@dataclass
class Attempts:
    """What this process remembers of posts that it tried to send."""

    first: dict[str, float]
    """When the first attempt was, in Slack's seconds."""
    pictures: dict[str, str]
    """Post → its uploaded chart."""
    refused: dict[str, int]
    """How often the chart was refused."""
    shared: set[str]
    """Posts whose file was shared."""

    def begun(self, key: str, now: float) -> None:
        """An attempt begins."""
        if len(self.first) > REMEMBERED:
            self.first.clear()
        self.first.setdefault(key, now)

    def done(self, key: str) -> None:
        """It arrived."""
        for known in (self.first, self.pictures, self.refused):
            known.pop(key, None)
        self.shared.discard(key)


class SlackPlatform:
    """Implements `core.ports.Platform`."""

    name = PLATFORM
    beat = BEAT

    def __init__(self, api: Api, teams: Teams, clock: Clock, draw: Callable[[Chart], bytes]) -> None:
        self.teams = teams
        self.direct = DirectMessages(teams)
        self.live = Live(PLATFORM)
        self.signs = Signs()
        self.streams = Streams(lambda: clock.now().timestamp())
        self.listen: Callable[[Door], Awaitable[None]] | None = None
        """Hears what people say until cancelled; `app` puts it here."""
        self.left: Callable[[str], Awaitable[None]] | None = None
        """Told that a workspace is lost."""
        self.told: Callable[[Post], None] = lambda post: None
        """Told of each post that arrived."""
        self._api = api
        self._clock = clock
        self._draw = draw
        self._lookout = Lookout()
        self._attempts = Attempts({}, {}, {}, set())

    async def run(self, door: Door) -> None:
        """Listen until cancelled."""
        assert self.listen is not None, "the app was not built"
        await self.listen(door)

    def fit(self, card: Card) -> Sequence[Card]:
        """One card for each message; nothing is lost."""
        return fit(card)

    async def deliver(self, post: Post, replaced: Receipt | None) -> Receipt:
        """Send it, or change what it replaces."""
        self._attempts.begun(post.key, self._clock.now().timestamp())
        try:
            client = await self.teams.client(post.into.space)
            receipt = await self._sent(client, post, replaced)
        except Left:
            if self.left:
                await self.left(post.into.space)
            raise
        except Unfit:
            self._doubt_the_picture(post)
            raise
        self._attempts.done(post.key)
        self.told(post)
        return receipt

    async def find(self, post: Post) -> Receipt | Absent | CannotTell:
        """Look for its key where it would be. A replacing post leaves no trace; sending it again changes nothing."""
        if post.replaces:
            return Absent()
        place = target(post)
        if place is None:
            return CannotTell("a passing message is in no history")
        client = await self.teams.client(post.into.space)
        try:
            spot = await self._spot(place)
        except (RetryLater, Uncertain):
            raise
        except Refused as error:
            return CannotTell(str(error))
        me = await self.teams.me(post.into.space) if post.growing else None
        found = await self._lookout.look(client, spot, post, self._attempts.first.get(post.key), me)
        if not isinstance(found, Found):
            return found
        if found.ts is None:
            self._attempts.shared.add(post.key)
            return Absent()
        if post.growing:
            self.streams.began(spot.channel, found.ts, post, streams=found.streams)
        return _receipt(post, place, found.ts)

    async def show(self, at: Place, sign: str) -> None:
        """Slack's own sign in the thread; errors are nothing."""
        if at.thread is None:
            return
        try:
            spot = await self._spot(at)
            await self.signs.working(await self.teams.client(at.space), at.space, spot.channel, at.thread)
        except Exception:  # a courtesy
            return

    async def grow(self, at: Receipt, card: Card) -> None:
        """What is new, in a stream or as a change; errors are nothing."""
        try:
            spot = await self._spot(at.place)
            client = await self.teams.client(at.place.space)
            await self.streams.grow(client, at.place.space, spot.channel, at.id, card)
        except Exception:  # a courtesy
            return

    async def fetch(self, attachment: Attachment) -> bytes:
        """The file's bytes."""
        team = attachment.url.removeprefix("slack://").partition("/")[0]
        return await files.fetch(self._api, await self.teams.client(team), attachment)

    # --- which sort of message ---

    async def _sent(self, client: AsyncWebClient, post: Post, replaced: Receipt | None) -> Receipt:
        if replaced:
            return await self._changed(client, post, replaced)
        place = target(post)
        if place is None:
            return await self._passing(client, post)
        if post.audience.kind != "kept":
            return await self._said(client, post, place)
        try:
            return await self._said(client, post, place)
        except (Left, Unfit):
            raise
        except Refused:
            if post.into.direct:
                raise
        return await self._whispered(client, post, stub(post), None)

    async def _changed(self, client: AsyncWebClient, post: Post, replaced: Receipt) -> Receipt:
        if replaced.id.startswith(PRIVATE):
            raise Refused("what it changes was shown in passing")
        spot = await self._spot(replaced.place)
        grew = await self.streams.end(client, spot.channel, replaced.id)
        drawn = await self._drawn(client, post)
        try:
            await self._rewritten(client, post, spot, replaced.id, drawn)
        except Streaming:  # a process that is no more began it
            await self.streams.stop(client, spot.channel, replaced.id)
            await self._rewritten(client, post, spot, replaced.id, drawn)
        if grew:
            self.streams.forget(spot.channel, replaced.id)
            self.signs.answered(client, replaced.place.space, spot.channel, spot.thread)
        return replaced

    async def _rewritten(self, client: AsyncWebClient, post: Post, spot: Spot, ts: str, drawn: list[Json]) -> None:
        key = metadata(post.replaces or post.key)
        await call(client.chat_update(channel=spot.channel, ts=ts, text=fallback(post.card), blocks=drawn, metadata=key))

    async def _said(self, client: AsyncWebClient, post: Post, place: Place) -> Receipt:
        """A message that stays."""
        spot = await self._spot(place)
        if post.growing and (begun := await self.streams.begin(client, post, spot, direct=place.direct)):
            self._spoken(client, post, place, spot, begun)
            return _receipt(post, place, begun)
        if post.card.file and post.key not in self._attempts.shared:
            await self._shared(client, post, spot)
        drawn = await self._drawn(client, post)
        answer = await call(
            client.chat_postMessage(
                channel=spot.channel,
                thread_ts=spot.thread,
                text=fallback(post.card),
                blocks=drawn,
                metadata=metadata(post.key),
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        ts = str(answer["ts"])
        if post.growing:
            self.streams.began(spot.channel, ts, post)
        self._spoken(client, post, place, spot, ts)
        return _receipt(post, place, ts)

    def _spoken(self, client: AsyncWebClient, post: Post, place: Place, spot: Spot, ts: str) -> None:
        if post.opens:
            self.live.opened()
            if place.direct:
                self.signs.opened(client, place.space, spot.channel, ts, post.thread_name)
        if not post.growing:  # else it is still being thought about
            self.signs.answered(client, place.space, spot.channel, spot.thread)

    async def _passing(self, client: AsyncWebClient, post: Post) -> Receipt:
        """Ephemeral: as the answer to the press, else in place; where neither is possible, as a direct message."""
        drawn = await self._drawn(client, post)
        try:
            return await self._whispered(client, post, post.card, drawn)
        except (Left, Missing, Unfit):
            raise
        except Refused:
            person = post.audience.person
            if person is None or post.into.direct:
                raise
            return await self._said(client, post, Place.dm(PLATFORM, post.into.space, person.id))

    async def _whispered(self, client: AsyncWebClient, post: Post, card: Card, drawn: list[Json] | None) -> Receipt:
        """To one person, in place."""
        shown: dict[str, Any] = {"text": fallback(card), "blocks": blocks(card) if drawn is None else drawn}
        if post.handle and await self._answered(post.handle, {**shown, "thread_ts": post.into.thread}):
            return Receipt(place=post.into, id=PRIVATE)
        if post.audience.person is None:
            raise Refused("it is for nobody")
        spot = await self._spot(post.into)
        answer = await call(client.chat_postEphemeral(channel=spot.channel, user=post.audience.person.id, thread_ts=spot.thread, **shown))
        return Receipt(place=post.into, id=f"{PRIVATE}{answer.get('message_ts') or ''}")

    async def _answered(self, url: str, shown: dict[str, Any]) -> bool:
        """Through a press's own address; False where that counts no more."""
        body = {name: value for name, value in shown.items() if value is not None}
        try:
            async with self._api.session.post(url, json={"response_type": "ephemeral", "replace_original": False, **body}) as answer:
                status = answer.status
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL):
            return False
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Uncertain(type(error).__name__) from None
        if status == 429:
            raise RetryLater(float(answer.headers.get("Retry-After") or 1), "Slack asks for patience")
        if status >= 500:
            raise Uncertain(f"status {status}")
        return status == 200

    # --- what it takes ---

    async def _spot(self, place: Place) -> Spot:
        if place.direct:
            return Spot(await self.direct.channel(place.space, place.channel.removeprefix("@")), place.thread)
        return Spot(place.channel, place.thread)

    async def _shared(self, client: AsyncWebClient, post: Post, spot: Spot) -> None:
        file = post.card.file
        assert file is not None
        uploaded = await files.upload(self._api, client, file.name, file.text.encode())
        await files.share(client, uploaded, file.name, spot.channel, spot.thread)
        self._attempts.shared.add(post.key)

    async def _drawn(self, client: AsyncWebClient, post: Post) -> list[Json]:
        chart = post.card.chart
        if chart is None or self._attempts.refused.get(post.key, 0) >= PICTURES:
            return blocks(post.card)
        file = self._attempts.pictures.get(post.key)
        if file is None:
            png = await asyncio.to_thread(self._draw, chart)
            try:
                file = await files.upload(self._api, client, "chart.png", png, chart.alt)
                await files.keep(client, file, chart.title)
            except Refused:  # no permission for files: the words stand for it
                return blocks(post.card)
            self._attempts.pictures[post.key] = file
        return blocks(post.card, picture={"slack_file": {"id": file}})

    def _doubt_the_picture(self, post: Post) -> None:
        """Slack takes a moment to know a file it was given: RetryLater a few times, then without it."""
        times = self._attempts.refused.get(post.key, 0)
        if post.key in self._attempts.pictures and times < PICTURES:
            self._attempts.refused[post.key] = times + 1
            raise RetryLater(float(times + 1), "Slack does not know the picture yet")


def target(post: Post) -> Place | None:
    """Where it is to stay; None where it is ephemeral. In somebody's direct messages nothing need be."""
    person = post.audience.person
    if post.audience.kind == "kept" and person:
        own = Place.dm(post.into.platform, post.into.space, person.id)
        return post.into if post.into.outside == own else own
    if post.audience.kind == "passing" and not (post.into.direct and post.handle is None):
        return None
    return post.into


def stub(post: Post) -> Card:
    """Stands in place of a direct message that cannot be sent; the press shows it there, to its owner alone."""
    return Card(text=CLOSED, buttons=(Button(label="Show me", line=f"show {short_id(post.key)}", style="primary"),))


def _receipt(post: Post, place: Place, ts: str) -> Receipt:
    return Receipt(place=place.at(ts) if post.opens else place, id=ts)
