"""Somebody's hands: what people do in Slack, and what the app learns of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.fakes.slack.delivery.record import Answer
from tests.fakes.slack.errors import ApiError
from tests.fakes.slack.model import JSON, Channel, Install, Message, User
from tests.fakes.slack.people.acting import Acting
from tests.fakes.slack.shapes import spoken_name, view_json
from tests.fakes.slack.webapi.files import keep
from tests.fakes.slack.world import Hook
from tests.fakes.slack.writing import escape, rich_text, typed

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack

Upload = tuple[str, bytes] | tuple[str, bytes, str]


class Refused(AssertionError):
    """Slack's client does not let this person do that."""


class Person(Acting):
    """One user of one workspace."""

    def __init__(self, slack: FakeSlack, user: User) -> None:
        self.slack, self.user = slack, user

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def mention(self) -> str:
        return f"<@{self.user.id}>"

    @property
    def dm(self) -> Channel:
        """The direct message with the app."""
        return self.slack.dm_of(self.user.id)

    def place(self, channel: str) -> Channel:
        """A conversation by name or id; `dm` is the one with the app."""
        return self.dm if channel == "dm" else self.slack.world.channel(channel, self.user.team_id)

    # ---- writing

    async def says(
        self, channel: str, text: str, thread_ts: str | None = None, files: Sequence[Upload] | None = None, *, broadcast: bool = False
    ) -> Message:
        """Write a message: typed text, mentions as `<@U…>`; `files` of (name, bytes[, type]); `dm`: to the app."""
        place = self._may_write(channel)
        kept = typed(text)
        message = Message(
            ts=self.slack.world.ids.ts(),
            channel=place.id,
            team_id=place.team_id,
            user=self.user.id,
            text=kept,
            blocks=[rich_text(kept, self.slack.world.ids)] if kept else [],
            thread_ts=thread_ts or "",
            broadcast=broadcast and bool(thread_ts),
            client_msg_id=self.slack.world.ids.uuid("client_msg"),
            subtype="file_share" if files else "",
            files=[keep(self.slack, self.user, *one) for one in files or ()],
        )
        return self.slack.happenings.post(message)

    def _may_write(self, channel: str) -> Channel:
        place = self.place(channel)
        if self.user.id not in place.members:
            raise Refused(f"{self.user.name} is not in #{place.name}")
        if place.archived or place.deleted:
            raise Refused(f"#{place.name} is archived")
        if place.kind == "im" and not self.slack.app.messages_tab:
            raise Refused("sending messages to this app has been turned off")
        return place

    def _own(self, message: Message | str) -> Message:
        ts = message if isinstance(message, str) else message.ts
        for place in self.slack.world.teams[self.user.team_id].channels.values():
            if ts in place.messages and place.messages[ts].user == self.user.id:
                return place.messages[ts]
        raise Refused(f"{self.user.name} wrote no message {ts}")

    async def edits(self, message: Message | str, text: str) -> Message:
        """Change one's own message."""
        own, kept = self._own(message), typed(text)
        self.slack.happenings.change(
            own,
            text=kept,
            blocks=[rich_text(kept, self.slack.world.ids)],
            edits=own.edits + 1,
            edited={"user": self.user.id, "ts": f"{int(self.slack.clock.now()):010d}.000000"},
        )
        return own

    async def deletes(self, message: Message | str) -> None:
        self.slack.happenings.delete(self._own(message))

    async def reacts(self, message: Message, name: str) -> None:
        self.slack.happenings.react(message, name, self.user.id)

    async def unreacts(self, message: Message, name: str) -> None:
        self.slack.happenings.react(message, name, self.user.id, gone=True)

    # ---- coming and going

    async def joins(self, channel: str) -> None:
        self.slack.happenings.join(self.place(channel), self.user.id)

    async def leaves(self, channel: str) -> None:
        self.slack.happenings.leave(self.place(channel), self.user.id)

    async def opens_home(self, tab: str = "home") -> None:
        """Open the app: its Home tab or its Messages tab."""
        if not (self.slack.app.home_tab if tab == "home" else self.slack.app.messages_tab):
            raise Refused(f"this app has no {tab} tab")
        install = self._install()
        event: JSON = {"type": "app_home_opened", "user": self.user.id, "channel": self.dm.id, "tab": tab}
        home = self.slack.home_of(self.user.id)
        if tab == "home" and home:
            event["view"] = view_json(self.slack.world, home)
        event["event_ts"] = self.slack.world.ids.ts()
        self.slack.events.emit("app_home_opened", self.user.team_id, event, only=install)

    async def clicks_prompt(self, number: int = 0) -> Message:
        """Take one of the suggested prompts in the Messages tab: its message is sent."""
        pinned = self.slack.prompts_of(self.user.id)
        prompts = pinned.prompts if pinned else self.slack.app.suggested_prompts
        return await self.says("dm", prompts[number]["message"])

    async def stops_agent(self, message: Message) -> int:
        """Press the stop button of the agent session in a message's thread; how many streams that stopped."""
        channel, root = message.channel, message.thread_ts or message.ts
        session = self.slack.session_of(channel, root)
        if session is None or session.status != "processing":
            raise Refused("there is no stop button: the session is not processing")
        if "agent_session_stopped" not in self.slack.app.events:
            raise Refused("there is no stop button: the app is not subscribed to agent_session_stopped")
        stopped = [one for one in self.slack.messages(channel, root) if self.slack.streaming(one)]
        for one in stopped:
            assert one.stream
            one.stream.state = "stopped_by_user"
        event = {
            "type": "agent_session_stopped",
            "channel": channel,
            "thread_ts": root,
            "user": self.user.id,
            "streaming_message_ts": [one.ts for one in stopped],
            "event_ts": self.slack.world.ids.ts(),
        }
        place = self.slack.world.channel(channel)
        self.slack.events.emit("agent_session_stopped", self.user.team_id, event, place, only=self._install())
        return len(stopped)

    # ---- commands

    async def command(self, command: str, text: str = "", channel: str = "general", *, thread_ts: str | None = None) -> Answer:
        """Type a slash command; in a thread Slack refuses it, as it does."""
        if thread_ts:
            return Answer(error=f"{command} is not supported in threads. Sorry!", sent=False)
        place = self._may_write(channel)
        app = next(
            (
                one
                for one in self.slack.world.apps.values()
                if one.owns_command(command) and self.slack.world.install_of(one.id, self.user.team_id)
            ),
            None,
        )
        if app is None:
            return Answer(error=f"{command} is not a valid command.", sent=False)
        world = self.slack.world
        hook = Hook(self.user.team_id, app.id, self.user.id, place.id, world.clock.now())
        payload: JSON = {
            "token": app.verification_token,
            "team_id": self.user.team_id,
            "team_domain": world.teams[self.user.team_id].domain,
            "channel_id": place.id,
            "channel_name": spoken_name(place),
            "user_id": self.user.id,
            "user_name": self.user.name,
            "command": command,
            "text": self._command_text(text, escaped=app.escape_commands),
            "api_app_id": app.id,
            "is_enterprise_install": "false",
            "response_url": self.slack.hooks.url(hook, "commands"),
            "trigger_id": world.trigger(self.user.id, self.user.team_id, app.id),
        }
        answer = await self.slack.outlet.ask(app, "slash_commands", payload, app.command_url(command))
        if answer.acked and any(answer.payload.get(key) for key in ("text", "blocks", "attachments")):
            try:
                self.slack.hooks.say(hook, answer.payload)
            except ApiError as error:
                answer.error = f"{command} failed: {json.dumps(error.body())}"
        return answer

    @staticmethod
    def _command_text(text: str, *, escaped: bool) -> str:
        return typed(text.strip()) if escaped else escape(text.strip())

    def _install(self) -> Install:
        install = self.slack.world.install_of(self.slack.app.id, self.user.team_id)
        if install is None:
            raise Refused("the app is not installed here")
        return install
