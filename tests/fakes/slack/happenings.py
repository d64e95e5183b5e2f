"""What happens in conversations, whoever does it: messages appear, change, vanish; people come; channels end. And tell of it."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.delivery.events import Events
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.model import JSON, Channel, Message, Reaction
from tests.fakes.slack.shapes import message_json
from tests.fakes.slack.world import World

_MESSAGE_EVENT = {"public": "message.channels", "private": "message.groups", "im": "message.im"}


class Happenings:
    """The one place that changes conversations and emits their events."""

    def __init__(self, world: World, events: Events, faults: Faults) -> None:
        self.world, self.events, self.faults = world, events, faults

    def post(self, message: Message) -> Message:
        """A new message stands there."""
        channel = self.world.channel(message.channel)
        channel.messages[message.ts] = message
        message.readable_at = self.world.clock.now() + self.faults.history_lag
        for file in message.files:
            file.shares.setdefault(channel.id, []).append(message.ts)
        self._count(message)
        if message.bot_id and message.thread_ts:
            self.world.statuses.pop((channel.id, message.thread_ts), None)
        event = message_json(self.world, message, event=True, metadata=True)
        if message.broadcast and not message.subtype:
            event["subtype"] = "thread_broadcast"
        self._tell(channel, event | {"channel": channel.id, "event_ts": message.ts, "channel_type": channel.event_type})
        self._mention(channel, message)
        return message

    def _count(self, message: Message) -> None:
        payload: dict[str, Any] = (message.metadata or {}).get("event_payload", {})
        if message.bot_id:
            if payload.get("key"):
                self.world.effects[message.channel, str(payload["key"])] += 1
            self.world.effect_texts[message.channel, message.text] += 1

    def _tell(self, channel: Channel, event: JSON) -> None:
        self.events.emit(_MESSAGE_EVENT[channel.kind], channel.team_id, event, channel)

    def _mention(self, channel: Channel, message: Message) -> None:
        if channel.kind == "im" or message.subtype not in ("", "file_share"):
            return
        for install in self.world.installs:
            if install.team_id == channel.team_id and f"<@{install.bot_user}>" in message.text and message.user != install.bot_user:
                event = message_json(self.world, message, event=True)
                event.pop("subtype", None)
                event |= {"type": "app_mention", "channel": channel.id, "event_ts": message.ts}
                self.events.emit("app_mention", channel.team_id, event, channel, only=install)

    def change(self, message: Message, **values: Any) -> None:
        """A message now reads otherwise."""
        channel = self.world.channel(message.channel)
        before = message_json(self.world, message)
        for name, value in values.items():
            setattr(message, name, value)
        after = message_json(self.world, message)
        self._changed(channel, after | {"source_team": channel.team_id, "user_team": channel.team_id}, before)

    def _changed(self, channel: Channel, after: JSON, before: JSON) -> None:
        ts = self.world.ids.ts()
        self._tell(
            channel,
            {
                "type": "message",
                "subtype": "message_changed",
                "message": after,
                "previous_message": before,
                "channel": channel.id,
                "hidden": True,
                "ts": ts,
                "event_ts": ts,
                "channel_type": channel.event_type,
            },
        )

    def delete(self, message: Message) -> None:
        """A message goes; where it has replies, "This message was deleted." stays."""
        channel = self.world.channel(message.channel)
        before = message_json(self.world, message)
        if channel.replies(message.ts):
            message.tombstone = True
            message.text, message.blocks, message.metadata = "", [], None
            self._changed(channel, message_json(self.world, message), before)
            return
        del channel.messages[message.ts]
        ts = self.world.ids.ts()
        self._tell(
            channel,
            {
                "type": "message",
                "subtype": "message_deleted",
                "previous_message": before,
                "channel": channel.id,
                "hidden": True,
                "deleted_ts": message.ts,
                "event_ts": ts,
                "ts": ts,
                "channel_type": channel.event_type,
            },
        )

    def join(self, channel: Channel, user: str, inviter: str = "") -> None:
        """Somebody comes into a channel."""
        if user in channel.members:
            return
        channel.members.append(user)
        ts = self.world.ids.ts()
        event: JSON = {
            "type": "member_joined_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": "C" if channel.kind == "public" else "G",
            "team": channel.team_id,
            "event_ts": ts,
        }
        if inviter:
            event["inviter"] = inviter
        self.events.emit("member_joined_channel", channel.team_id, event, channel)
        subtype = "channel_join" if channel.kind == "public" else "group_join"
        text = f"<@{user}> has joined the {'channel' if channel.kind == 'public' else 'group'}"
        self.post(Message(ts, channel.id, channel.team_id, user, text, subtype=subtype, inviter=inviter))

    def leave(self, channel: Channel, user: str) -> None:
        """Somebody leaves; a bot that is put out learns it as `channel_left`."""
        install = self.world.bot_of(user)
        ts = self.world.ids.ts()
        channel_type = "C" if channel.kind == "public" else "G"
        event: JSON = {"user": user, "channel": channel.id, "channel_type": channel_type, "team": channel.team_id, "event_ts": ts}
        if install:
            name = "channel_left" if channel.kind == "public" else "group_left"
            self.events.emit(name, channel.team_id, {"type": name, "channel": channel.id, "event_ts": ts}, channel, only=install)
        channel.members.remove(user)
        self.events.emit("member_left_channel", channel.team_id, {"type": "member_left_channel", **event}, channel)

    def channel_event(self, channel: Channel, what: str, user: str, extra: JSON | None = None) -> None:
        """archive, unarchive, deleted, rename."""
        name = f"{'channel' if channel.kind == 'public' else 'group'}_{what}"
        event: JSON = {"type": name, "channel": channel.id, "user": user, **(extra or {}), "event_ts": self.world.ids.ts()}
        if what in ("archive", "unarchive"):
            event["is_moved"] = 0
        if what in ("rename", "deleted"):
            del event["user"]
        self.events.emit(name, channel.team_id, event, channel)

    def react(self, message: Message, name: str, user: str, *, gone: bool = False) -> None:
        """A reaction comes or goes."""
        channel = self.world.channel(message.channel)
        reaction = next((one for one in message.reactions if one.name == name), None)
        if gone:
            assert reaction
            reaction.users.remove(user)
            if not reaction.users:
                message.reactions.remove(reaction)
        elif reaction:
            reaction.users.append(user)
        else:
            message.reactions.append(Reaction(name, [user]))
        what = "reaction_removed" if gone else "reaction_added"
        event: JSON = {
            "type": what,
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": channel.id, "ts": message.ts},
            "item_user": message.user,
            "event_ts": self.world.ids.ts(),
        }
        self.events.emit(what, channel.team_id, event, channel)
