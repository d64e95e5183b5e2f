"""Discord as a platform: what the coach says becomes messages, and for whom it is decides which sort of message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import discord
from discord import ui

from adapters.discord.answers import Answers
from adapters.discord.api import Closed, Expired
from adapters.discord.cards import fit
from adapters.discord.direct import Direct
from adapters.discord.growing import BEAT, Growing
from adapters.discord.heard import PLATFORM, Handle
from adapters.discord.looking import Lookout
from adapters.discord.opening import Opening
from adapters.discord.reach import Reach
from adapters.discord.sending import Sending
from adapters.live import Live
from core.chat import Attachment, Button, Card, Chart, Menu, Message, Place, Post, Receipt, literal
from core.errors import DeliveryError, Refused
from core.ports import Absent, CannotTell, Clock, Door
from core.records import short_id

PRIVATE = "~"
"""What the receipt of an ephemeral message begins with: it can be neither found nor changed."""
LARGEST = 25_000_000
"""Bytes of a file that is read."""
HOSTS = ("discordapp.com", "discordapp.net", "discord.com")
CLOSED = "I cannot write to you directly, so here it is, only for you. To get it there: this server's *Privacy Settings* → Direct Messages."
IN_PLACE = "{who}, I cannot write to you directly. Press *Show me* and you read it here, only you."
SENT = "It is in your direct messages, only for you."
NO_ROOM = (
    "I cannot write to you directly, and a thread of your own is not possible here. "
    "Allow direct messages from this server, or choose where: open."
)


class DiscordPlatform:
    """Implements `core.ports.Platform`."""

    name = PLATFORM
    beat = BEAT

    def __init__(self, reach: Reach, clock: Clock, draw: Callable[[Chart], bytes]) -> None:
        self.reach = reach
        self.answers = Answers(reach, clock)
        self.direct = Direct(reach)
        self.live = Live(PLATFORM)
        self.sending = Sending(reach, draw)
        self.growing = Growing(self.sending.touch, lambda: clock.now().timestamp())
        self.opening = Opening(reach, self.sending, self.direct, lookout := Lookout(reach))
        self._lookout = lookout
        self._clock = clock
        self.listen: Callable[[Door], Awaitable[None]] | None = None
        """Hears what people say until cancelled; `gateway` puts it here."""
        self.reads = False
        """Whether we may read what people write in servers."""
        self.spoke: dict[tuple[str, str], bool] = {}
        """Place and person → whether they spoke to us there: nobody gets a direct message who did not."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, door: Door) -> None:
        """Listen until cancelled."""
        assert self.listen is not None, "the gateway was not built"
        await self.listen(door)

    def fit(self, card: Card) -> Sequence[Card]:
        """One card for each message; nothing is lost."""
        return fit(card)

    async def deliver(self, post: Post, replaced: Receipt | None) -> Receipt:
        """Send it, or change what it replaces."""
        if replaced:
            return await self._changed(post, replaced)
        receipt = await self._sent(post)
        await self._grows(post, receipt)
        return receipt

    async def find(self, post: Post) -> Receipt | Absent | CannotTell:
        """Look for its marker where it would be. What changes a message, and what fills in an answer, may be done again."""
        handle = self._handle(post)
        if post.replaces or (post.audience.kind == "passing" and handle):
            return Absent()
        if post.opens:
            found = await self.opening.find(post)
        else:
            place = self._passes_in(post) if post.audience.kind == "passing" else kept_in(post)
            if place is None:
                return Absent()
            found = await self._look(post, place)
        await self._grows(post, found)
        return found

    async def show(self, at: Place, sign: str) -> None:
        """“Loopcoach is typing…”; errors are nothing."""
        try:
            await self.reach.call(self.reach.client.http.send_typing(await self._channel(at)))
        except Exception:  # a courtesy
            return

    async def grow(self, at: Receipt, card: Card) -> None:
        """An edit, where one is free; errors are nothing."""
        try:
            await self.growing.grow(await self._home(at), int(at.id), card)
        except Exception:  # a courtesy
            return

    async def fetch(self, attachment: Attachment) -> bytes:
        """The file's bytes, from where Discord keeps files and from nowhere else."""
        if attachment.size > LARGEST:
            raise Refused(f"a file of {attachment.size:,} bytes is too large")
        host, cdn = urlsplit(attachment.url).hostname or "", urlsplit(discord.asset.Asset.BASE).hostname
        if host != cdn and not host.endswith(HOSTS):
            raise Refused("the file is not on Discord")
        content: bytes = await self.reach.call(self.reach.client.http.get_from_cdn(attachment.url))
        return content

    def dealt(self, message: Message, posts: Sequence[Post]) -> None:
        """A message was dealt with: where nothing answers it in private, nothing is to stand there for it."""
        handle = Handle.of(message.handle) if message.handle and message.place.platform == PLATFORM else None
        if handle and self.answers.dealt(handle, [post for post in posts if post.handle == message.handle]):
            self._later(self.answers.close(handle))

    async def close(self) -> None:
        """What was done on the side is left."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.growing.close()

    # --- which sort of message ---

    async def _sent(self, post: Post) -> Receipt:
        if post.opens:
            return await self._opened(post)
        if post.audience.kind == "passing":
            return await self._passing(post)
        if post.audience.kind == "kept":
            return await self._kept(post)
        return await self._said(post, post.into)

    async def _grows(self, post: Post, at: Receipt | Absent | CannotTell) -> None:
        """Remember what is being written: not what was said in passing, nor the note in place of a direct message."""
        if not post.growing or not isinstance(at, Receipt) or post.audience.kind == "passing":
            return
        if post.audience.kind == "kept" and at.place.outside != kept_in(post).outside:
            return
        try:
            self.growing.began(await self._home(at), int(at.id), post)
        except DeliveryError:  # it arrived all the same
            return

    async def _said(self, post: Post, place: Place) -> Receipt:
        card = answerable(post.card) if not (self.reads or place.direct) else post.card
        message = await self.sending.send(await self._channel(place), card, post.key)
        return Receipt(place=place, id=str(message))

    async def _changed(self, post: Post, replaced: Receipt) -> Receipt:
        if replaced.id.startswith(PRIVATE):
            raise Refused("what it changes was shown in passing")
        await self.growing.end(int(replaced.id))
        await self.sending.change(await self._home(replaced), int(replaced.id), post.card, post.replaces or post.key)
        self.growing.forget(int(replaced.id))
        return replaced

    async def _opened(self, post: Post) -> Receipt:
        alone = post.into.direct and post.aside is None
        card = told(post.card) if post.about and not (self.reads or alone) else post.card
        try:
            receipt = await self.opening.open(post.model_copy(update={"card": card}))
        except Closed:
            self._shut(post)
            await self._sorry(post, NO_ROOM)
            raise
        except Refused as error:
            await self._sorry(post, f"That was not possible: {error}.")
            raise
        self.live.opened()
        return receipt

    async def _kept(self, post: Post) -> Receipt:
        handle = self._handle(post)
        try:
            receipt = await self._said(post, kept_in(post))
        except Closed:
            self._shut(post)
        else:
            if handle:
                self._later(self._pointed(handle, post, receipt))
            return receipt
        return await self._stubbed(post, handle)

    async def _stubbed(self, post: Post, handle: Handle | None) -> Receipt:
        """In place of a direct message that cannot be sent; the press shows it, to its owner alone."""
        show = Button(label="Show me", line=f"show {short_id(post.key)}", style="primary")
        if handle:
            try:
                await self.answers.stub(handle, post.key, Card(text=CLOSED, buttons=(show,)))
                return Receipt(place=post.into, id=PRIVATE)
            except Expired:
                pass
        if post.into.direct or post.audience.person is None:
            raise Refused("they take no direct messages from me")
        note = Card(text=IN_PLACE.format(who=literal(post.audience.person.name)), buttons=(show,))
        message = await self.sending.send(await self._channel(post.into), note, post.key)
        return _noted(post, message)

    async def _passing(self, post: Post) -> Receipt:
        """In the answer to what they did; else where only they read it; else not at all."""
        handle = self._handle(post)
        if handle:
            try:
                files = await self.sending.files(post.card)
                if await self.answers.say(handle, post.key, post.card, files, await self._way_there(handle, post)):
                    return Receipt(place=post.into, id=PRIVATE)
            except Expired:
                pass
        place = self._passes_in(post)
        if place is None:
            return Receipt(place=post.into, id=PRIVATE)
        try:
            message = await self.sending.send(await self._channel(place), post.card, post.key)
        except Closed:
            self._shut(post)
            raise
        return Receipt(place=post.into, id=str(message) if place == post.into else PRIVATE)

    def _passes_in(self, post: Post) -> Place | None:
        """Where something said in passing is read by its person alone; None where it is better not said."""
        if post.into.direct or self._theirs_alone(post.into):
            return post.into
        person = post.audience.person
        if person is None or not self.spoke.get((str(post.into), person.id), True):
            return None
        return Place.dm(PLATFORM, post.into.space, person.id)

    def _theirs_alone(self, place: Place) -> bool:
        if place.thread is None or self.reach.stopped:
            return False
        found = self.reach.client.get_channel(int(place.thread))
        return isinstance(found, discord.Thread) and found.is_private()

    # --- what it takes ---

    def _handle(self, post: Post) -> Handle | None:
        found = Handle.of(post.handle) if post.handle else None
        return found if found and found.counts(self._clock.now()) else None

    async def _channel(self, place: Place) -> int:
        if place.direct:
            return await self.direct.channel(int(place.channel.removeprefix("@")))
        return int(place.thread or place.channel)

    async def _home(self, receipt: Receipt) -> int:
        """Which channel a message of ours is in: what began a thread stands outside it, unless it is a forum's."""
        place = receipt.place
        if place.thread == receipt.id and not await self.reach.is_forum(int(place.channel)):
            return int(place.channel)
        return await self._channel(place)

    async def _look(self, post: Post, place: Place) -> Receipt | Absent | CannotTell:
        try:
            found = await self._lookout.look(await self._channel(place), post.key)
        except Closed:
            found = await self._lookout.look(await self._channel(post.into), post.key) if not post.into.direct else Absent()
            return _noted(post, found) if isinstance(found, int) else found
        return Receipt(place=place, id=str(found)) if isinstance(found, int) else found

    async def _pointed(self, handle: Handle, post: Post, receipt: Receipt) -> None:
        """It went to their direct messages: where nothing else says so, the answer does. In the background."""
        try:
            channel = await self._channel(receipt.place)
            if not await self.answers.waits(handle):
                return
            if channel == handle.channel:
                await self.answers.close(handle)
            else:
                await self.answers.say(handle, f"{post.key}/sent", Card(text=SENT), (), [_link("Open", None, channel)])
        except DeliveryError:
            return

    async def _way_there(self, handle: Handle, post: Post) -> list[ui.Item[Any]]:
        """A link to the conversation that it speaks of, where that is elsewhere."""
        if post.conversation is None:
            return []
        channel = await self._channel(post.into)
        if channel == handle.channel:
            return []
        return [_link("Go there", None if post.into.direct else post.into.space, channel)]

    async def _sorry(self, post: Post, text: str) -> None:
        handle = self._handle(post)
        if handle:
            try:
                await self.answers.say(handle, f"{post.key}/not", Card(text=text))
            except DeliveryError:
                return

    def _shut(self, post: Post) -> None:
        person = post.audience.person
        id = person.id if person else post.into.channel.removeprefix("@") if post.into.direct else ""
        if id.isdigit():
            self.direct.shut(int(id))

    def _later(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _noted(post: Post, message: int) -> Receipt:
    """A note that others can read stands in place of the card: no edit of the card may ever be written over it."""
    return Receipt(place=post.into, id=f"{PRIVATE}{message}")


def kept_in(post: Post) -> Place:
    """Where it is to stay."""
    person = post.audience.person
    if post.audience.kind == "kept" and person:
        own = Place.dm(post.into.platform, post.into.space, person.id)
        return post.into if post.into.outside == own else own
    return post.into


def answerable(card: Card) -> Card:
    """Where we cannot read what people write, what can be answered in pieces can be answered in a form too."""
    done = next((n for n, button in enumerate(card.buttons) if isinstance(button, Button) and button.line.startswith("done ")), None)
    if done is None:
        return card
    finished = card.buttons[done]
    assert isinstance(finished, Button)
    answer = Button(label="Answer", line=f"say {finished.line.removeprefix('done ')}", style="primary")
    plain: Button | Menu = finished.model_copy(update={"style": "plain"})
    return card.model_copy(update={"buttons": (*card.buttons[:done], answer, plain, *card.buttons[done + 1 :])})


def told(card: Card) -> Card:
    """The same, said once at the beginning."""
    words = "I cannot read plain messages here: press *Answer* below a question, or reply to one of my messages with the ping on."
    return card.model_copy(update={"text": f"{card.text}\n\n{words}" if card.text else words})


def _link(label: str, guild: str | None, channel: int) -> ui.ActionRow[Any]:
    url = f"https://discord.com/channels/{guild or '@me'}/{channel}"
    return ui.ActionRow(ui.Button(label=label, url=url, style=discord.ButtonStyle.link))
