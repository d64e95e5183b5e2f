"""The WebSocket of a window: what it sends goes through the door, what concerns it comes back."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from aiohttp import WSMsgType, web
from pydantic import ValidationError

from adapters.web.drawing import VIEWS, View, draw_entry, draw_form
from adapters.web.greeting import Greeting
from adapters.web.history import Author, Entry, Someone
from adapters.web.inbound import Inbound, concerns
from adapters.web.platform import WebPlatform
from adapters.web.rooms import someone
from adapters.web.session import Sessions
from adapters.web.windows import Window
from adapters.web.wire import SENT, Delete, Edit, Hello, Meet, Press, Say, Sent, Submit
from core.chat import Kind, Message, Person, Place
from core.errors import CoachError, NotAllowed, StoreUnavailable, TooLate
from core.ports import Door

log = logging.getLogger(__name__)

NEWEST = 300
"""Entries that a new window starts with."""
BATCH = 200
OVERLAP = 16
"""Entries read again when catching up: two that were kept at the same moment may have been pushed the wrong way round."""

NOT_STORED = "I could not store that just now (the disk is full or the database is busy). Nothing is lost: it stays here and I try again."
BROKEN = "Something went wrong on my side. It is in the log as {ref}; nothing you wrote is lost."


class Socket:
    """`GET /ws`."""

    def __init__(
        self, platform: WebPlatform, sessions: Sessions, inbound: Inbound, greeting: Greeting, views: Mapping[str, View] = VIEWS
    ) -> None:
        self.platform = platform
        self.sessions = sessions
        self.inbound = inbound
        self.greeting = greeting
        self.views = views

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """One window, from its hello until it closes."""
        bound = self.sessions.who(request)
        if not (self.sessions.free or bound):
            raise web.HTTPUnauthorized(text="Log in first.")
        if self.platform.door is None:
            raise web.HTTPServiceUnavailable(text="Not ready yet.")
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        window = Window(socket, lambda: request.transport.abort() if request.transport else None, self.views["web"])
        visit = Visit(self, self.platform.door, window, bound)
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    await visit.take(frame.data)
        finally:
            self.platform.windows.discard(window)
            await window.stop()
        return socket


class Visit:
    """One window's conversation with us."""

    def __init__(self, house: Socket, door: Door, window: Window, bound: Someone | None) -> None:
        self._house = house
        self._history = house.platform.history
        self._clock = house.platform.clock
        self._rooms = house.platform.rooms
        self._windows = house.platform.windows
        self._inbound = house.inbound
        self._door = door
        self._window = window
        self._bound = bound
        self._me: Person | None = None

    async def take(self, raw: str) -> None:
        """Do what it says. Whatever goes wrong is told, never raised."""
        id = None
        try:
            id = _id(raw)
            sent = SENT.validate_json(raw)
            if isinstance(sent, Hello):
                await self._hello(sent)
            elif self._me:
                await self._act(sent, self._me)
        except ValidationError:
            self._problem(id, "I could not read that. Reload the page: it may be older than I am.")
        except CoachError as error:
            self._problem(id, str(error))
        except StoreUnavailable:
            self._problem(id, NOT_STORED, retry=True)
        except Exception:
            ref = secrets.token_hex(4)
            log.exception("page message failed", extra={"ref": ref})
            self._problem(id, BROKEN.format(ref=ref))
        if not self._window.talking:
            self._window.cut()  # not even its hello went through: it comes again in a second

    async def _act(self, sent: Sent, me: Person) -> None:
        match sent:
            case Say():
                await self._say(sent, me)
            case Press():
                await self._press(sent, me)
            case Submit():
                message = self._inbound.submitted(sent, self._rooms.enter(sent.place, me.key), me, self._clock.now())
                if errors := self._door.check(message):
                    self._window.push({"type": "errors", "id": sent.id, "errors": dict(errors)})
                else:
                    await self._accept(message)
            case Edit():
                await self._edit(sent, me)
            case Delete():
                await self._delete(sent, me)
            case Meet():
                await self._meet(sent)

    async def _hello(self, hello: Hello) -> None:
        people = await self._people()
        me = self._bound or next((person for person in people if person.key == hello.as_), None) or self._still(hello) or people[0]
        self._me = Person(key=me.key, id=me.id, name=me.name, zone=_zone(hello.zone), may_manage=True)
        await self._window.become(me.key, self._house.views.get(hello.view, self._house.views["web"]))
        self._windows.add(self._window)
        newest = await self._history.newest(me.key, NEWEST)
        reset = not hello.last or not newest or newest[-1].seq < hello.last
        entries = newest if reset else await self._missed(hello.last, me.key)
        welcome = self._house.greeting.welcome(me, people, self._rooms, free=self._house.sessions.free, reset=reset)
        drawn = [draw_entry(entry, self._window.view) for entry in entries]
        self._window.start([welcome, {"type": "entries", "entries": drawn}])

    async def _missed(self, last: int, me: str) -> Sequence[Entry]:
        missed: list[Entry] = []
        batch = await self._history.since(max(0, last - OVERLAP), me, BATCH)
        while batch:
            missed += batch
            batch = await self._history.since(batch[-1].seq, me, BATCH)
        return missed

    async def _people(self) -> Sequence[Someone]:
        if self._bound:
            await self._history.meet(self._bound)
            return [self._bound]
        known = {person.key: person for person in await self._history.people()}
        ours = {person.key: person for person in map(someone, self._house.greeting.names)}
        for key, person in ours.items():
            if key not in known:  # at the first visit, or erased
                await self._history.meet(person)
        return list((ours | known).values())

    def _still(self, hello: Hello) -> Someone | None:
        """Whoever this window was already: erasing somebody makes nobody else of them."""
        me = self._me
        return Someone(key=me.key, id=me.id, name=me.name) if me and me.key == hello.as_ else None

    async def _say(self, say: Say, me: Person) -> None:
        place = self._rooms.enter(say.place, me.key)
        live = await self._door.live(self._house.platform.name)
        message = self._inbound.said(say, place, me, self._clock.now(), live)
        command = message.kind is Kind.COMMAND
        if command and await self._form(message):
            return
        shared = not (place.direct or command)
        entry = Entry(
            id=say.id,
            place=str(place),
            author=Author(key=me.key, name=me.name),
            text=say.text,
            audience="passing" if command and not place.direct else "everyone",
            only=None if shared else me.key,
            about=me.key,
            at=message.sent_at,
        )
        await self._keep(entry)
        await self._accept(message, concerns=command or concerns(place, live, say.text))

    async def _press(self, press: Press, me: Person) -> None:
        if press.entry is not None:
            await self._seen(press.entry, me)
        message = self._inbound.pressed(press, self._rooms.enter(press.place, me.key), me, self._clock.now())
        if not await self._form(message):
            await self._accept(message)

    async def _edit(self, edit: Edit, me: Person) -> None:
        entry = await self._seen(edit.entry, me)
        if entry.author.key != me.key:
            raise NotAllowed("Only its author can change that.")
        message = self._inbound.edited(edit, entry, me, self._clock.now())
        if changed := await self._history.edit(entry.id, edit.text, message.sent_at):
            self._windows.show(changed)
        await self._accept(message, concerns=await self._concerned(entry))

    async def _delete(self, delete: Delete, me: Person) -> None:
        entry = await self._seen(delete.entry, me)
        mine = entry.author.key == me.key
        if not mine and entry.audience != "passing":
            raise NotAllowed("Only its author can take that back.")
        message = self._inbound.deleted(delete, entry, me, self._clock.now())
        if changed := await self._history.withdraw(entry.id, message.sent_at):
            self._windows.show(changed)
        await self._accept(message, concerns=mine and await self._concerned(entry))

    async def _meet(self, meet: Meet) -> None:
        if not self._house.sessions.free:
            raise NotAllowed("Everybody logs in for themself here.")
        await self._history.meet(someone(meet.name))
        people = await self._history.people()
        self._windows.tell({"type": "people", "people": [person.model_dump() for person in people]})

    async def _form(self, message: Message) -> bool:
        form = await self._door.form(message)
        if form:
            self._window.push({"type": "form", "id": message.id, "form": draw_form(form)})
        return form is not None

    async def _keep(self, entry: Entry) -> None:
        kept = await self._history.add(entry)
        if kept.author.key != entry.author.key:
            raise NotAllowed("That id belongs to somebody else's message.")
        self._windows.show(kept)

    async def _accept(self, message: Message, concerns: bool = True) -> None:
        """Through the door where it concerns the coach, then say that it is safe."""
        if concerns:
            await self._door.accept(message)
        self._window.push({"type": "heard", "id": message.id})

    async def _seen(self, id: str, me: Person) -> Entry:
        """An entry that this person has before them."""
        entry = await self._history.get(id)
        if entry is None or entry.gone or not entry.may_see(me.key):
            raise TooLate("That message is not there any more.")
        return entry

    async def _concerned(self, entry: Entry) -> bool:
        """Whether the coach may have been told of it."""
        live = await self._door.live(self._house.platform.name)
        return concerns(Place.parse(entry.place), live, entry.text)

    def _problem(self, id: str | None, text: str, retry: bool = False) -> None:
        self._window.push({"type": "problem", "id": id, "text": text, "retry": retry})


def _id(raw: str) -> str | None:
    try:
        id = json.loads(raw).get("id")
    except (ValueError, AttributeError, RecursionError):
        return None
    return id if isinstance(id, str) else None


def _zone(name: str | None) -> str | None:
    try:
        return ZoneInfo(name).key if name else None
    except (ValueError, OSError, KeyError):  # malformed, a directory, unknown
        return None
