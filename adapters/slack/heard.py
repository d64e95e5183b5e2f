"""What was heard on Slack, before anybody knows who a person is or what is going on where.

A text's id is its channel and time, so that `message` and `app_mention` of one text are one; a press has its trigger's id, anything
else its event's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.chat import Attachment, Kind, Message, Person, Place
from core.commands import Call

PLATFORM = "slack"
WORKSPACE = "workspace"
"""The channel of what concerns a whole workspace."""

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Me:
    """Who we are in a workspace."""

    team: str
    user: str
    """The bot's user id."""
    bot: str = ""
    """Its bot id."""


@dataclass(frozen=True)
class Heard:
    """Something that may concern us."""

    id: str
    team: str
    user: str
    place: Place
    sent_at: datetime
    kind: Kind
    text: str = ""
    call: Call | None = None
    about: str | None = None
    attachments: tuple[Attachment, ...] = ()
    handle: str | None = None
    """A response_url, where one answers privately."""
    name: str = ""
    root: str | None = None
    """The message it was said about, which a conversation's thread may hang on."""
    parent: str | None = None
    """Who began the thread it was said in, where Slack tells."""
    trigger: str | None = None
    """Opens a dialog, within three seconds."""
    view: str | None = None
    """The dialog it was pressed in."""

    def message(self, author: Person) -> Message:
        """For the door."""
        command, fields = self.call or (None, {})
        return Message(
            id=self.id,
            place=self.place,
            author=author,
            kind=self.kind,
            text=self.text,
            command=command,
            fields=fields,
            about=self.about,
            attachments=self.attachments,
            handle=self.handle,
            sent_at=self.sent_at,
        )


@dataclass(frozen=True)
class HomeOpened:
    """Somebody looks at our home or at their messages with us."""

    team: str
    user: str
    channel: str
    tab: str
    at: datetime


@dataclass(frozen=True)
class Stopped:
    """Somebody pressed Slack's own stop button in a thread."""

    team: str
    user: str
    channel: str
    thread: str | None
    heard: Heard


def person_key(team: str, user: str) -> str:
    """The key of a person of a workspace."""
    return f"{PLATFORM}:{team}:{user}"


def moment(ts: str) -> datetime:
    """Slack's time of a message."""
    return datetime.fromtimestamp(float(ts), UTC)


def place_of(team: str, channel: str, user: str, thread: str | None = None) -> Place:
    """A channel, or the person's direct messages: their ids begin with D."""
    outside = Place.dm(PLATFORM, team, user) if channel.startswith("D") else Place(platform=PLATFORM, space=team, channel=channel)
    return outside.at(thread) if thread else outside


def text_id(team: str, channel: str, ts: str) -> str:
    """The id of a text, however often and as whatever it arrives."""
    return f"{PLATFORM}:{team}:{channel}:{ts}"
