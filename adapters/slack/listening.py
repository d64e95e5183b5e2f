"""What Slack sends, kept before it is acknowledged. Nothing else happens between the two.

An event that could not be kept is not acknowledged, and Slack sends it again; a press or a form that could not be kept is told to whoever
made it, because Slack does not.
"""

from __future__ import annotations

import asyncio
import json
import weakref
from collections.abc import Awaitable, Mapping
from typing import Any

import aiohttp
from slack_bolt.response import BoltResponse

from adapters.slack import forms, inbound, interactions
from adapters.slack.api import Api, Left, Missing, call
from adapters.slack.forms import Origin, modal, note
from adapters.slack.heard import Heard, HomeOpened, Me, Stopped
from adapters.slack.home import Homes
from adapters.slack.people import People
from adapters.slack.platform import SlackPlatform
from core.chat import Form, Kind, Message
from core.delivery import Log
from core.errors import CoachError, DeliveryError, Refused, StoreUnavailable
from core.ports import Clock, Door

SOON = 2.4
"""Seconds that a dialog may take to open; after three Slack does not open it any more."""
NOT_KEPT = "I could not store that just now. If nothing comes of it within a minute, please do it once more."
STILL_HERE = "I could not store that just now. Your words are still here: send it once more in a moment."
TOO_SLOW = "That took me too long, and Slack opens a dialog only at once. Please do it once more."
BROKEN = "Something went wrong on my side, and it is in my log. Please do it once more."
NOT_IN = "I am not in this channel, so I could not post here. Type /invite @Loopcoach here, then /drill setup once more."
GOES_ON = "Go on in your direct messages with me; you may close this."

OK = 200

Body = Mapping[str, Any]


class Listening:
    """Takes every payload, whichever way it came in."""

    def __init__(self, platform: SlackPlatform, people: People, homes: Homes, api: Api, clock: Clock, log: Log) -> None:
        self._platform = platform
        self._people = people
        self._homes = homes
        self._api = api
        self._clock = clock
        self._log = log
        self._turns: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.door: Door | None = None

    async def take(self, body: Body) -> BoltResponse:
        """The answer to Slack: 200 only where nothing can be lost any more."""
        door = self.door
        if door is None:
            return answer(503)
        try:
            if body.get("type") == "event_callback":
                await self._event(body, door)
                return answer()
            if body.get("type") == "view_submission":
                return await self._submitted(body, door)
            return await self._interaction(body, door)
        except StoreUnavailable as error:
            self._log("slack_not_kept", why=str(error))
        except Exception as error:
            self._log("slack_payload_failed", kind=str(body.get("type") or "command"), error=error)
        return answer(500)

    async def close(self) -> None:
        """What was done on the side is left."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- events ---

    async def _event(self, body: Body, door: Door) -> None:
        me = await self._me(installed_in(body))
        try:
            heard = inbound.event(body, me)
        except (KeyError, TypeError, ValueError, AttributeError) as error:  # sent again it would be no better
            self._log("slack_payload_unreadable", kind=str((body.get("event") or {}).get("type")), error=error)
            return
        match heard:
            case None:
                return
            case Heard(kind=Kind.LIFECYCLE):
                await self._accept(heard, door)
                if heard.text == "removed":
                    await self._platform.teams.leave(me.team)
            case _ if not me.user:
                return  # nobody there let us in
            case HomeOpened():
                if heard.channel and heard.tab == "messages":
                    self._platform.direct.learn(heard.team, heard.user, heard.channel)
                self._aside(self._homes.opened(heard, door))
            case Stopped():
                self._aside(self._stopped(heard))
                if await self._platform.live.has(heard.heard.place, door):
                    await self._accept(heard.heard, door)
            case Heard():
                await self._said(heard, body, me, door)

    async def _said(self, heard: Heard, body: Body, me: Me, door: Door) -> None:
        if not may_concern(heard, me):
            return
        async with self._turn(str(heard.place)):  # texts of one thread are kept in the order they came in
            meant = inbound.meant(heard, await self._platform.live.has(heard.place, door))
            if meant is None:
                return
            if heard.place.direct:
                self._platform.direct.learn(heard.team, heard.user, body["event"]["channel"])
            await self._accept(meant, door)

    async def _stopped(self, stopped: Stopped) -> None:
        if stopped.thread:
            client = await self._platform.teams.client(stopped.team)
            await self._platform.signs.stopped(client, stopped.team, stopped.channel, stopped.thread)

    async def _me(self, team: str) -> Me:
        try:
            found = await self._platform.teams.find(team)
        except Left:
            found = None
        return found.me if found else Me(team, "")

    # --- commands and presses ---

    async def _interaction(self, body: Body, door: Door) -> BoltResponse:
        heard: Heard | None = None
        try:
            heard = await self._meant(body, door)
            if heard is not None:
                await self._do(heard, door)
        except CoachError as error:
            await self._tell(body, str(error))
        except StoreUnavailable as error:
            self._log("slack_not_kept", why=str(error))
            await self._tell(body, NOT_KEPT)
            return answer(500)
        except (TimeoutError, DeliveryError) as error:
            self._log("slack_dialog_failed", why=str(error) or type(error).__name__)
            await self._tell(body, TOO_SLOW)
        except Exception as error:
            self._log("slack_payload_failed", kind=str(body.get("type") or "command"), error=error)
            await self._tell(body, BROKEN)
        return answer()

    async def _meant(self, body: Body, door: Door) -> Heard | None:
        match body.get("type"):
            case None if body.get("command"):
                return interactions.command(body, self._clock.now())
            case "message_action":
                return interactions.shortcut(body)
            case "block_actions":
                view = body.get("view") or {}
                inside = Origin.of(view).place if view.get("type") == "modal" and view.get("private_metadata") else None
                heard = interactions.press(body, inside)
                return await self._where(heard, door) if heard else None
        return None

    async def _where(self, heard: Heard, door: Door) -> Heard:
        """A press on the message that opened a conversation is made in the conversation."""
        if heard.root and await self._platform.live.has(heard.place.at(heard.root), door):
            return interactions.within(heard, heard.root)
        return heard

    async def _do(self, heard: Heard, door: Door) -> None:
        """Open the dialog that it opens, else keep it."""
        async with asyncio.timeout(SOON):
            message = await self._message(heard)
            form = await door.form(message) if heard.trigger else None
            if form is not None:
                await self._must_be_in(heard, message)
                await self._open(heard, form)
                return
        await door.accept(message)
        self._touch(message)
        if heard.view:
            self._aside(self._replace(heard, note("Loopcoach", GOES_ON)))

    async def _must_be_in(self, heard: Heard, message: Message) -> None:
        """A form about a channel is not filled in for nothing: CoachError where we cannot write there."""
        if message.command != "drill" or heard.place.direct:
            return
        client = await self._platform.teams.client(heard.team)
        try:
            info = await call(client.conversations_info(channel=heard.place.channel))
            inside = bool(info["channel"].get("is_member")) and not info["channel"].get("is_archived")
        except Missing:
            return  # then it turns out when something is posted
        except Refused:
            inside = False
        if not inside:
            raise CoachError(NOT_IN)

    async def _open(self, heard: Heard, form: Form) -> None:
        client = await self._platform.teams.client(heard.team)
        view = modal(form, Origin(form.line, heard.place, heard.about, heard.handle))
        if heard.view:
            await call(client.views_update(view_id=heard.view, view=view))
        else:
            await call(client.views_open(trigger_id=heard.trigger or "", view=view))

    async def _replace(self, heard: Heard, view: Body) -> None:
        client = await self._platform.teams.client(heard.team)
        await call(client.views_update(view_id=heard.view or "", view=dict(view)))

    async def _tell(self, body: Body, text: str) -> None:
        """Privately, to whoever pressed it: in place, or as a small dialog. Best effort."""
        url, trigger = body.get("response_url"), body.get("trigger_id")
        try:
            if url:
                shown = {"response_type": "ephemeral", "replace_original": False, "text": text}
                thread = (body.get("container") or {}).get("thread_ts") or (body.get("message") or {}).get("thread_ts")
                async with self._api.session.post(url, json={**shown, **({"thread_ts": thread} if thread else {})}):
                    return
            if trigger:
                client = await self._platform.teams.client(interactions.team_of(body))
                await call(client.views_open(trigger_id=trigger, view=note("Loopcoach", text)))
        except (DeliveryError, aiohttp.ClientError, TimeoutError, KeyError) as error:
            self._log("slack_not_told", why=type(error).__name__)

    # --- forms ---

    async def _submitted(self, body: Body, door: Door) -> BoltResponse:
        view = body["view"]
        try:
            origin = Origin.of(view)
            now, filled = self._clock.now(), forms.fields(view)
            heard = interactions.submission(body, origin.line, origin.place, filled, now, about=origin.about, handle=origin.handle)
            message = await self._message(heard)
            if errors := door.check(message):
                return answer(body={"response_action": "errors", "errors": forms.problems(errors, view)})
            await door.accept(message)
            self._touch(message)
            return answer()
        except (KeyError, ValueError):
            return refused(view, interactions.OTHER_VERSION)
        except CoachError as error:
            return refused(view, str(error))
        except (StoreUnavailable, DeliveryError) as error:
            self._log("slack_not_kept", why=str(error) or type(error).__name__)
            return refused(view, STILL_HERE)

    # --- what all of them need ---

    async def _accept(self, heard: Heard, door: Door) -> None:
        message = await self._message(heard)
        await door.accept(message)
        if message.kind is Kind.COMMAND:
            self._touch(message)

    async def _message(self, heard: Heard) -> Message:
        if not heard.user:
            return heard.message(inbound.author(heard, "", None, False))
        known = await self._people.who(heard.team, heard.user)
        return heard.message(inbound.author(heard, known.name, known.zone, known.may_manage))

    def _touch(self, message: Message) -> None:
        if self.door:
            self._homes.touched(message.place.space, message.author.id, self.door)

    def _turn(self, lane: str) -> asyncio.Lock:
        lock = self._turns.get(lane)
        if lock is None:
            lock = self._turns[lane] = asyncio.Lock()
        return lock

    def _aside(self, work: Awaitable[object]) -> None:
        async def quietly() -> None:
            try:
                await work
            except Exception as error:
                self._log("slack_aside_failed", error=error)

        task = asyncio.create_task(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def installed_in(body: Body) -> str:
    """The workspace that let us in; in a channel shared between two it is not always the one where something happened."""
    seen_by: Body = next(iter(body.get("authorizations") or ()), {})
    return str(seen_by.get("team_id") or body.get("team_id") or "")


def may_concern(heard: Heard, me: Me) -> bool:
    """Whether it could concern us before anybody looks further: talk outside threads, and in threads that we did not begin, cannot."""
    if heard.place.direct or heard.kind is Kind.MENTION:
        return True
    return heard.place.thread is not None and heard.parent in (None, me.user)


def refused(view: Body, text: str) -> BoltResponse:
    """A form that did not count, said where its writer looks: their words stay."""
    errors = forms.problems({"": text}, view)
    if "" in errors:  # nothing to write in: nothing is lost
        return answer(body={"response_action": "update", "view": note("Loopcoach", text)})
    return answer(body={"response_action": "errors", "errors": errors})


def answer(status: int = OK, body: Mapping[str, Any] | None = None) -> BoltResponse:
    """To Slack."""
    if body is None:
        return BoltResponse(status=status, body="")
    return BoltResponse(status=status, body=json.dumps(body), headers={"Content-Type": ["application/json; charset=utf-8"]})
